// What a message says: RFC 6121 §5.2.3 (body), XEP-0384 0.3.0, XEP-0380 0.4.0; what it does without a body: `happening.ts`

import type { Element } from "@xmpp/xml";
import type { MessageContent, SaidLink } from "../../worker/contract/entries.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { SharedFile } from "../../worker/contract/media.ts";
import { cut } from "../../worker/shared/cut.ts";
import { OMEMO_NAMESPACE } from "../../worker/contract/omemo.ts";
import { isAboutAnother, isSealedFallback, parseAct } from "../xep/about-another.ts";
import { asksIntoCall, parseHappening } from "../xep/happening.ts";
import { child, ownText } from "../xep/element.ts";
import { parseEncryption } from "../xep/encryption.ts";
import { parseSharedFile } from "../xep/file-sharing.ts";
import { parseSaidLink } from "../xep/link-metadata.ts";
import { hasHint } from "../xep/hints.ts";
import { encryptedIn, parseDetails, parseEncrypted } from "../xep/omemo.ts";

/** Encryptions that are not read here, by their element: OMEMO of later versions, OpenPGP for XMPP, the old OpenPGP. */
const OTHER_ENCRYPTIONS = [
  { name: "encrypted", namespace: "urn:xmpp:omemo:2" },
  { name: "encrypted", namespace: "urn:xmpp:omemo:1" },
  { name: "openpgp", namespace: "urn:xmpp:openpgp:0" },
  { name: "x", namespace: "jabber:x:encrypted" },
] as const;

const CUT = "…";

type Sealed = Extract<MessageContent, { kind: "omemo" }>;

/**
 * What is to be shown, decrypted or done to another message; undefined where there is nothing (receipts, typing, subjects). A body
 * beside anything encrypted is the sender's excuse to clients that cannot read it, or an attacker's text: never content.
 */
export function parseContent(message: Element): MessageContent | undefined {
  const body = ownText(message, "body");
  const [encrypted, ...more] = encryptedIn(message);
  if (encrypted !== undefined) {
    const content = more.length > 0 ? ({ kind: "unreadable", why: "malformed" } as const) : parseEncrypted(encrypted);
    const shows = body !== undefined || child(encrypted, "payload", OMEMO_NAMESPACE) !== undefined;
    if (content.kind === "omemo" && isSealedFallback(message)) return withoutText(content);
    return content.kind === "omemo" ? withDetails(content, message) : shows ? content : undefined;
  }
  if (claimsOtherEncryption(message)) return { kind: "unreadable", why: "other-encryption" };
  if (isAboutAnother(message)) return parseAct(message) && { kind: "none" };
  if (body === undefined || asksIntoCall(message)) return happeningIn(message);
  // A message that says OMEMO and lacks the element lost it on the way; the body is its excuse all the same.
  return parseEncryption(message) === OMEMO_NAMESPACE
    ? { kind: "unreadable", why: "malformed" }
    : { kind: "clear", text: shorten(body), ...fileIn(message), ...linkIn(message, shorten(body)) };
}

function happeningIn(message: Element): MessageContent | undefined {
  const what = parseHappening(message);
  return what && { kind: "happening", what, ...(what === "file" && fileIn(message)) };
}

function fileIn(message: Element): { readonly file?: SharedFile } {
  const file = parseSharedFile(message);
  return file === undefined ? {} : { file };
}

function linkIn(message: Element, text: string): { readonly link?: SaidLink } {
  const link = parseSaidLink(message, text);
  return link === undefined ? {} : { link };
}

function withDetails(content: Sealed, message: Element): Sealed {
  const details = content.omemo.payload === undefined ? undefined : parseDetails(message);
  return details === undefined ? content : { kind: "omemo", omemo: { ...content.omemo, details } };
}

/** A key transport: it moves the ratchet and shows nothing. */
function withoutText({ kind, omemo: { payload: _fallback, ...omemo } }: Sealed): MessageContent {
  return { kind, omemo };
}

/** Typing and the like is encrypted too by later versions; with `<no-store/>` it was never meant to be a line. */
function claimsOtherEncryption(message: Element): boolean {
  if (hasHint(message, "no-store")) return false;
  const claim = parseEncryption(message);
  if (claim !== undefined && claim !== OMEMO_NAMESPACE && ownText(message, "body") !== undefined) return true;
  return OTHER_ENCRYPTIONS.some(({ name, namespace }) => {
    const element = child(message, name, namespace);
    // OMEMO without a payload moves keys and shows nothing.
    return element !== undefined && (name !== "encrypted" || child(element, "payload", namespace) !== undefined);
  });
}

/** At most `LIMITS.textLength`, never half a character. */
function shorten(text: string): string {
  if (text.length <= LIMITS.textLength) return text;
  return cut(text, LIMITS.textLength - CUT.length) + CUT;
}
