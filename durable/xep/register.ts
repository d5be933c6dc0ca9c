// XEP-0077: In-Band Registration, version 2.4; its pictures by XEP-0158 (1.0), 0221 (1.0), 0231 (1.1); tokens by XEP-0445 (0.2)

import { FORM_LIMITS } from "../../worker/contract/forms.ts";
import xml, { type Element } from "@xmpp/xml";
import type {
  FieldKind,
  FieldPicture,
  RegistrationField,
  RegistrationForm,
  SubmitArguments,
} from "../../worker/contract/registration.ts";
import { attribute, child, children, legalText, ownChild } from "./element.ts";
import { NS_FORM } from "./forms.ts";
import { NS_STANZA_CONDITION } from "./namespaces.ts";
import { iqGet, iqSet } from "./stanzas.ts";

const NS_REGISTER = "jabber:iq:register";
const NS_PREAUTH = "urn:xmpp:pars:0";
const NS_OOB = "jabber:x:oob";
const NS_MEDIA = "urn:xmpp:media-element";
const NS_BOB = "urn:xmpp:bob";

/** What a server shows to whoever is not signed in, in place of an account: a form, or a page of its own (XEP-0066). */
export type RegistrationOffer =
  | { readonly kind: "form"; readonly form: RegistrationForm }
  | { readonly kind: "web"; readonly url: string };

/** The form, please (§3.1.1). */
export function requestRegistration(domain: string): Element {
  return iqGet(xml("query", { xmlns: NS_REGISTER }), domain);
}

/** Whoever has this token was invited (XEP-0445 §3.1): before the form is asked for. */
export function buildPreauth(domain: string, token: string): Element {
  return iqSet(preauth(token), domain);
}

/** The same inside a request to become a contact (XEP-0379 §3.2). */
export function preauth(token: string): Element {
  return xml("preauth", { xmlns: NS_PREAUTH, token: legalText(token) });
}

/** The form as it was filled in: a data form where there was one (§4), else the elements of XEP-0077 itself. */
export function buildRegistration(
  domain: string,
  { legacy, answers }: Pick<SubmitArguments, "legacy" | "answers">,
): Element {
  const values = (all: readonly string[]) => all.map((value) => xml("value", {}, legalText(value)));
  const inside = legacy
    ? answers
        .filter(({ name }) => LEGACY.has(name))
        .map(({ name, values: [value = ""] }) => xml(name, {}, legalText(value)))
    : [
        xml(
          "x",
          { xmlns: NS_FORM, type: "submit" },
          answers.map(({ name, values: all }) => xml("field", { var: legalText(name) }, values(all))),
        ),
      ];
  return iqSet(xml("query", { xmlns: NS_REGISTER }, inside), domain);
}

/** Another password for the account (§3.3). */
export function buildPasswordChange(domain: string, username: string, password: string): Element {
  const fields = [xml("username", {}, username), xml("password", {}, legalText(password))];
  return iqSet(xml("query", { xmlns: NS_REGISTER }, fields), domain);
}

/** The end of the account (§3.2). */
export function buildUnregistration(): Element {
  return iqSet(xml("query", { xmlns: NS_REGISTER }, xml("remove")));
}

/**
 * What is to be filled in; a data form comes before everything else, the fields before a page of the server's (§4, §5).
 * Undefined where there is nothing that could be.
 */
export function parseRegistration(iq: Element): RegistrationOffer | undefined {
  const query = child(iq, "query", NS_REGISTER);
  if (query === undefined) return undefined;
  const data = child(query, "x", NS_FORM);
  const forms = [...(data === undefined ? [] : [dataForm(data, query)]), legacyForm(query)];
  const form = forms.find(({ fields }) => fields.some(({ name }) => name === "username"));
  if (form !== undefined) return { kind: "form", form };
  const oob = child(query, "x", NS_OOB);
  const url = oob && child(oob, "url", NS_OOB)?.getText();
  return url !== undefined && isWebPage(url) ? { kind: "web", url } : undefined;
}

/** What a server says of its refusal, in its own words, on one line; undefined where it says nothing. */
export function wordsOfError(iq: Element): string | undefined {
  const error = ownChild(iq, "error");
  const words = error && child(error, "text", NS_STANZA_CONDITION)?.getText();
  return words === undefined ? undefined : shortened(words);
}

/** Every element of §14.1's schema that asks something. */
const LEGACY: ReadonlySet<string> = new Set([
  ...["username", "nick", "password", "name", "first", "last", "email", "address", "city", "state", "zip", "phone"],
  ...["url", "date", "misc", "text"],
]);

function legacyForm(query: Element): RegistrationForm {
  const instructions = textOf(query, "instructions", NS_REGISTER);
  const asked = query.getChildElements().filter((one) => one.getNS() === NS_REGISTER && LEGACY.has(one.getName()));
  const fields = asked.slice(0, FORM_LIMITS.formFields).map((one): RegistrationField => {
    const name = one.getName();
    const value = one.getText().slice(0, FORM_LIMITS.formText);
    // "If a host requires no more than these, they MUST all be filled in" (§3.1.1).
    return { name, kind: name === "password" ? "secret" : "text", required: true, values: value === "" ? [] : [value] };
  });
  return { legacy: true, ...(instructions !== undefined && { instructions }), fields };
}

function dataForm(form: Element, query: Element): RegistrationForm {
  const title = textOf(form, "title", NS_FORM);
  const instructions = textOf(form, "instructions", NS_FORM);
  const fields = children(form, "field", NS_FORM)
    .slice(0, FORM_LIMITS.formFields)
    .flatMap((field) => fieldOf(field, query) ?? []);
  const pictured = fields.some(({ picture }) => picture !== undefined);
  return {
    legacy: false,
    ...(title !== undefined && { title }),
    ...(instructions !== undefined && { instructions }),
    fields: pictured
      ? fields.map((field) => (FALLBACKS.has(field.name) ? { ...field, kind: "hidden" } : field))
      : fields,
  };
}

/** Ways round the picture of XEP-0158 that ejabberd adds to every form: nobody needs them who sees it. */
const FALLBACKS: ReadonlySet<string> = new Set([
  "captcha-fallback-text",
  "captcha-fallback-url",
  "captchahidden",
  "url",
]);

const KINDS: Readonly<Record<string, FieldKind>> = {
  hidden: "hidden",
  fixed: "note",
  "text-private": "secret",
  "text-multi": "lines",
  "jid-multi": "lines",
  "list-single": "choice",
  "list-multi": "choices",
  boolean: "yes-no",
};

function fieldOf(field: Element, query: Element): RegistrationField | undefined {
  const type = attribute(field, "type") ?? "";
  const kind = KINDS[type] ?? "text";
  const name = attribute(field, "var") ?? "";
  if ((name === "" && kind !== "note") || name.length > FORM_LIMITS.formText) return undefined;
  const label = shortened(attribute(field, "label") ?? "");
  const picture = pictureOf(field, query);
  const options = children(field, "option", NS_FORM)
    .slice(0, FORM_LIMITS.formOptions)
    .map((option) => {
      const value = (child(option, "value", NS_FORM)?.getText() ?? "").slice(0, FORM_LIMITS.formText);
      return { value, label: shortened(attribute(option, "label") ?? "") ?? value };
    });
  return {
    name,
    kind: kindOf(name, kind),
    ...(label !== undefined && { label }),
    required: child(field, "required", NS_FORM) !== undefined,
    values: children(field, "value", NS_FORM)
      .slice(0, FORM_LIMITS.formOptions)
      .map((value) => value.getText().slice(0, FORM_LIMITS.formText)),
    ...(options.length > 0 && { options }),
    ...(picture !== undefined && { picture }),
  };
}

/** Nobody is given a name or a password that they have not seen. */
function kindOf(name: string, kind: FieldKind): FieldKind {
  if (name === "password") return "secret";
  return name === "username" && kind === "hidden" ? "text" : kind;
}

/** Only what came along: a picture at an address would be asked for at the server, or at somebody else's (XEP-0221 §3). */
function pictureOf(field: Element, query: Element): FieldPicture | undefined {
  const media = child(field, "media", NS_MEDIA);
  const addresses = media === undefined ? [] : children(media, "uri", NS_MEDIA);
  for (const address of addresses) {
    const cid = address.getText().trim().replace(/^cid:/, "");
    const data = children(query, "data", NS_BOB).find((one) => attribute(one, "cid") === cid);
    const text = data?.getText().replace(/\s/g, "") ?? "";
    if (text !== "" && text.length <= FORM_LIMITS.formPictureLength && /^[A-Za-z0-9+/]+={0,2}$/.test(text))
      return { data: text as FieldPicture["data"] };
  }
  return undefined;
}

function textOf(parent: Element, name: string, namespace: string): string | undefined {
  return shortened(child(parent, name, namespace)?.getText() ?? "");
}

function shortened(words: string): string | undefined {
  const line = words.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line === "" ? undefined : line.slice(0, FORM_LIMITS.formText);
}

function isWebPage(url: string): boolean {
  return url.length <= FORM_LIMITS.formText && URL.parse(url)?.protocol === "https:";
}
