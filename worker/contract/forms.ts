/** Forms for a new account: where they are asked for, and how large they may be. Apart from the others, for only what is fetched later asks. */

/** `POST`, by anybody (`registration.ts`). */
export const FORM_ROUTES = {
  servers: "/api/register/servers",
  register: "/api/register",
  submit: "/api/register/submit",
} as const;

export const FORM_LIMITS = {
  /** Fields of a form for a new account, options of one field, and characters of each text of it. */
  formFields: 40,
  formOptions: 250,
  formText: 1_000,
  /** Base64 characters of the picture in it. */
  formPictureLength: 88 * 1024,
  /** Characters of the token of a server's invitation. */
  serverTokenLength: 256,
  /** For somebody to fill such a form in. */
  formWaitMs: 10 * 60_000,
} as const;
