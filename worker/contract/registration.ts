/**
 * A new account at an XMPP server (XEP-0077), made before there is one to sign in with. It has nothing to do with an
 * invitation to this deployment (`invitation.ts`): what stands in the link of a server's own invitation (XEP-0401, XEP-0445)
 * is called its token here.
 */
import type { BareJid, Base64 } from "./names.ts";

/** How something is asked: `secret` is not shown while it is typed, `note` asks nothing, `hidden` goes back as it came. */
export type FieldKind = "text" | "secret" | "lines" | "choice" | "choices" | "yes-no" | "note" | "hidden";

/** A picture of letters to be typed (XEP-0158, XEP-0221), which came with the form (XEP-0231). */
export type FieldPicture = { readonly data: Base64 };

export type RegistrationField = {
  readonly name: string;
  readonly kind: FieldKind;
  /** The server's words, as all words of a form are. */
  readonly label?: string;
  readonly required: boolean;
  readonly values: readonly string[];
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly picture?: FieldPicture;
};

/** `legacy`: the fields of XEP-0077 itself, without a data form (XEP-0004). */
export type RegistrationForm = {
  readonly legacy: boolean;
  readonly title?: string;
  readonly instructions?: string;
  readonly fields: readonly RegistrationField[];
};

/**
 * Why a server makes no account, the `detail` of the failure `registration`. `closed`: it takes nobody new, here. `token`: its
 * invitation is used up, over, or none of its own. `picture`: other letters were typed than it shows. `not-offered`: this
 * deployment does not offer that server. `unanswered`: the connection was lost before it answered, so the account may exist.
 */
export const REGISTRATION_REFUSALS = [
  "closed",
  "name-taken",
  "not-accepted",
  "picture",
  "too-many",
  "token",
  "not-offered",
  "unanswered",
  "unreadable",
] as const;
export type RegistrationRefusal = (typeof REGISTRATION_REFUSALS)[number];

/** `POST /api/register/servers`. `others`: a person may name another one. None and no others: this deployment offers none. */
export type ServersOffered = { readonly servers: readonly string[]; readonly others: boolean };

/** `POST /api/register`: the form of a server, whose domain this is. */
export type RegisterArguments = {
  readonly domain: string;
  readonly token?: string;
  /** The token of an invitation to this deployment. */
  readonly invitation?: string;
};

/**
 * `POST /api/register/submit`: the form, filled in; the password of the new account stands among the answers and goes to the
 * server, and is kept nowhere on its way.
 */
export type SubmitArguments = {
  readonly attempt: string;
  readonly token?: string;
  readonly legacy: boolean;
  readonly answers: readonly { readonly name: string; readonly values: readonly string[] }[];
};

/** What the server says of a form that it did not take; `says`: in its own words. */
export type RegistrationRefused = { readonly why: RegistrationRefusal; readonly says?: string };

export type RegistrationReply =
  /** To be filled in. `attempt` names it, for some minutes; `refused`: what was wrong with the one before. */
  | {
      readonly step: "form";
      readonly attempt: string;
      readonly form: RegistrationForm;
      readonly refused?: RegistrationRefused;
    }
  /** The server makes accounts on a page of its own alone (XEP-0066). */
  | { readonly step: "web"; readonly url: string }
  /** There is an account. */
  | { readonly step: "done"; readonly address: BareJid };
