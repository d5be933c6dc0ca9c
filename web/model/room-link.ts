/** Links that lead to rooms and people (RFC 5122, XEP-0147; XEP-0045 §17.1 for rooms), as they stand in messages. */
import type { BareJid } from "../../worker/contract/names.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { bareOf, domainOf, localOf } from "../../worker/shared/jid.ts";

/** `room`: to be entered, perhaps with a password; else somebody to be written to. */
export type Led = { readonly jid: BareJid; readonly room: boolean; readonly password?: string };

/** What joins a room. Everything that RFC 5122 §2.2 does not have in a local part is encoded. */
export function linkOfRoom(room: BareJid): string {
  return `xmpp:${encodeURIComponent(localOf(room))}@${domainOf(room)}?join`;
}

/** Where a link leads; undefined where it is none, or names nobody. */
export function ledBy(link: string): Led | undefined {
  const [, path = "", query = ""] = /^xmpp:([^?#]*)(?:\?([^#]*))?/i.exec(link.trim()) ?? [];
  const [, , address = path] = /^\/\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  const jid = decoded((part) => bareOf(address.split("/", 1).join("").split("@").map(part).join("@")));
  if (jid === undefined) return undefined;
  const [action = "", ...pairs] = query.split(/[;&]/);
  if (action.toLowerCase() !== "join") return { jid, room: false };
  const given = pairs.find((pair) => pair.startsWith("password="))?.slice("password=".length);
  const password = given === undefined ? undefined : decoded((part) => part(given));
  const fits = password !== undefined && password !== "" && password.length <= LIMITS.roomNameLength;
  return { jid, room: true, ...(fits && { password }) };
}

/** Undefined where what is encoded is broken. */
function decoded<T>(read: (part: (text: string) => string) => T): T | undefined {
  try {
    return read(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
