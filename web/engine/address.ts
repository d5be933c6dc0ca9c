/** Addresses as people give them to the page: typed, pasted, or as a link. */
import type { BareJid } from "../../worker/contract/names.ts";
import { bareOf } from "../../worker/shared/jid.ts";

/** `join`: the link leads into a room (XEP-0045 §17.1), perhaps with the `password` that it asks for. */
export type TypedAddress = { readonly jid: BareJid; readonly join: boolean; readonly password?: string };

/** Takes no room on the screen and comes along when something is pasted: soft hyphen, zero-width space, marks of direction. */
const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]/gu;
/** The sign on keyboards for Chinese and Japanese; letters and dots of that width are folded with the address. */
const WIDE_AT = /[\uff20\ufe6b]/gu;
/** Brackets and quotes around an address, and what ends the sentence that it stood in: none of it ends a domain. */
const BEFORE = /^[\s<([{"'«“‘]+/u;
const AFTER = /[\s>)\]}"'»”’.,;:!…。、，]/u;
const SCHEME = /^xmpp:/i;

/**
 * The account or room that is meant: ` Bob@Example.org, `, `<bob@example.org>`, `bob@example.org/phone` and
 * `xmpp:bob@example.org?message` are `bob@example.org`, and what is percent-encoded in a link is decoded (RFC 5122 §2.8).
 * Undefined where none is named, by the same rules as everywhere else (RFC 7622): what comes out here the Worker takes.
 *
 * @example typedAddress("xmpp:%23alcove%25irc.example.net@irc.example.org?join") // #alcove%irc.example.net@…, join
 */
export function typedAddress(text: string): TypedAddress | undefined {
  const seen = text.replace(UNSEEN, "").replace(BEFORE, "");
  if (!SCHEME.test(seen)) {
    const jid = bareOf(withoutEnd(withoutQuery(seen.replace(WIDE_AT, "@"))));
    return jid && { jid, join: false };
  }
  const [path = "", query = ""] = seen.replace(SCHEME, "").split("#", 1).join("").split("?", 2);
  const jid = linkedJid(withoutEnd(path));
  const join = /^join(?:[;&]|$)/i.test(withoutEnd(query));
  const password = join ? passwordIn(query) : undefined;
  return jid && { jid, join, ...(password && { password }) };
}

function passwordIn(query: string): string | undefined {
  try {
    return decodeURIComponent(/[;&]password=([^;&\s]*)/.exec(query)?.[1] ?? "");
  } catch {
    // Broken encoding: the room asks for it.
    return undefined;
  }
}

/** The account of `typedAddress` alone. */
export function typedJid(text: string): BareJid | undefined {
  return typedAddress(text)?.jid;
}

/** Letter by letter: an expression begins anew at each of them, and what is pasted may be long. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && AFTER.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Without what a link had behind the domain, copied without its scheme. Before the @ it is a letter as any other. */
function withoutQuery(text: string): string {
  const at = text.indexOf("@");
  const query = at === -1 ? -1 : text.indexOf("?", at);
  return query === -1 ? text : text.slice(0, query);
}

/** RFC 5122 §2.2: `//` names the account that is to be used, what follows its `/` whom to write to. */
function linkedJid(path: string): BareJid | undefined {
  const [, authority, rest] = /^\/\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  const address = rest === undefined || rest === "" ? (authority ?? path) : rest;
  try {
    // The @ and the / between the parts are written as they are; one that is encoded belongs to a part, and breaks it.
    return bareOf(address.split("/", 1).join("").split("@").map(decodeURIComponent).join("@"));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
