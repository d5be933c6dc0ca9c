// RFC 6120 §8.3: stanza errors

import xml, { type Element } from "@xmpp/xml";
import { attribute, ownChild } from "./element.ts";
import { NS_STANZA_CONDITION } from "./namespaces.ts";

/** The conditions this client answers with, and what RFC 6120 §8.3.3 wants the other side to do about each. */
const ANSWERS = {
  "bad-request": "modify",
  "feature-not-implemented": "cancel",
  "item-not-found": "cancel",
  "not-acceptable": "cancel",
  "service-unavailable": "cancel",
} as const;

/** RFC 6120 §8.3.3, with `undefined-condition` for whatever stands outside. */
const CONDITIONS: ReadonlySet<string> = new Set([
  ...Object.keys(ANSWERS),
  "conflict",
  "forbidden",
  "gone",
  "internal-server-error",
  "jid-malformed",
  "not-allowed",
  "not-authorized",
  "policy-violation",
  "recipient-unavailable",
  "redirect",
  "registration-required",
  "remote-server-not-found",
  "remote-server-timeout",
  "resource-constraint",
  "subscription-required",
  "undefined-condition",
  "unexpected-request",
]);

export type StanzaError = {
  /** One of RFC 6120 §8.3.3, never a text of the peer. */
  readonly condition: string;
  /** The application-specific condition beside it, with its namespace (RFC 6120 §8.3.4). */
  readonly application?: { readonly name: string; readonly namespace: string };
};

/** What went wrong; undefined where the stanza is not of type `error`. */
export function parseStanzaError(stanza: Element): StanzaError | undefined {
  if (attribute(stanza, "type") !== "error") return undefined;
  const named = ownChild(stanza, "error")?.getChildElements() ?? [];
  const defined = named.find((element) => element.getNS() === NS_STANZA_CONDITION && CONDITIONS.has(element.getName()));
  const own = named.find((element) => ![NS_STANZA_CONDITION, stanza.getNS()].includes(element.getNS()));
  const namespace = own?.getNS();
  return {
    condition: defined?.getName() ?? "undefined-condition",
    ...(own !== undefined && namespace !== undefined && { application: { name: own.getName(), namespace } }),
  };
}

/** A message goes back to `to`, under the id that it bore (RFC 6120 §8.3.1). */
export function messageError(to: string, id: string | undefined, condition: keyof typeof ANSWERS): Element {
  return xml(
    "message",
    { type: "error", to, id },
    xml("error", { type: ANSWERS[condition] }, xml(condition, { xmlns: NS_STANZA_CONDITION })),
  );
}

/** The refusal of somebody's request. */
export function iqError(request: Element, condition: keyof typeof ANSWERS): Element {
  return xml(
    "iq",
    { type: "error", to: attribute(request, "from"), id: attribute(request, "id") },
    xml("error", { type: ANSWERS[condition] }, xml(condition, { xmlns: NS_STANZA_CONDITION })),
  );
}
