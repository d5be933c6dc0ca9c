// XEP-0402: PEP Native Bookmarks, version 1.2.0

import xml, { type Element } from "@xmpp/xml";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { attribute, child, isTrue, legalText } from "./element.ts";
import type { NewItem, PubsubItem } from "./pubsub.ts";

/** Its items are rooms, each under the room's address. */
export const NS_BOOKMARKS = "urn:xmpp:bookmarks:1";
/** §5: the server shows the same under the older names, so nobody has to look there. */
export const BOOKMARKS_COMPAT = `${NS_BOOKMARKS}#compat`;

/** A room that the account remembers. `autojoin`: its clients are in it while they are there. */
export type Bookmark = {
  readonly jid: BareJid;
  readonly autojoin: boolean;
  readonly name?: string;
  readonly nick?: string;
  readonly password?: string;
};

/** Undefined where an item is no room. */
export function parseBookmark({ id, payload }: PubsubItem): Bookmark | undefined {
  const jid = id === undefined ? undefined : parseBareJid(id);
  const conference = payload?.is("conference", NS_BOOKMARKS) === true ? payload : undefined;
  return jid && conference ? readConference(jid, conference, NS_BOOKMARKS) : undefined;
}

/** What a `<conference/>` says of a room; this one and the older ones (XEP-0048 §3) are alike. */
export function readConference(jid: BareJid, conference: Element, namespace: string): Bookmark {
  const text = (found: string | undefined, max: number) => found?.trim().slice(0, max) || undefined;
  const inside = (name: string) => child(conference, name, namespace)?.getText();
  const name = text(attribute(conference, "name"), LIMITS.roomNameLength);
  const nick = text(inside("nick"), LIMITS.nickLength);
  const password = inside("password");
  return {
    jid,
    autojoin: isTrue(attribute(conference, "autojoin")),
    ...(name !== undefined && { name }),
    ...(nick !== undefined && { nick }),
    ...(password && password.length <= LIMITS.roomNameLength && { password }),
  };
}

/**
 * The item for a room. `before`: what stands there now; everything in it that we do not mean to change stays, extensions of
 * other clients above all (§3.3). Undefined where it holds something that we could not write as it is.
 */
export function buildBookmark(bookmark: Bookmark, before?: Element): NewItem | undefined {
  const { jid, autojoin, nick, password } = bookmark;
  // What a person calls a room in another client of theirs is theirs.
  const name = (before && attribute(before, "name")) || bookmark.name;
  const said = { nick, password };
  const rest = (before?.getChildElements() ?? []).filter((element) => {
    const ours = element.getNS() === NS_BOOKMARKS && Object.hasOwn(said, element.name);
    return !ours || said[element.name as keyof typeof said] === undefined;
  });
  if (!rest.every((element) => isSelfContained(element, NS_BOOKMARKS))) return undefined;
  const attributes = before?.attrs ?? {};
  if (Object.keys(attributes).some((attribute) => attribute.includes(":") && !attribute.startsWith("xml:")))
    return undefined;
  const text = (tag: string, value: string | undefined) =>
    value === undefined ? undefined : xml(tag, {}, legalText(value));
  const payload = xml(
    "conference",
    {
      ...attributes,
      xmlns: NS_BOOKMARKS,
      name: name === undefined ? undefined : legalText(name),
      autojoin: String(autojoin),
    },
    text("nick", nick),
    text("password", password),
    rest,
  );
  return { id: jid, payload };
}

/**
 * Whether an element means the same wherever it is written: prefixes are declared around it, and the stream that we write to
 * knows none of them.
 */
function isSelfContained(element: Element, around: string): boolean {
  const prefixed = [element.name, ...Object.keys(element.attrs)].some(
    (name) => name.includes(":") && !name.startsWith("xml:"),
  );
  const namespace = attribute(element, "xmlns") ?? around;
  if (prefixed || element.getNS() !== namespace) return false;
  return element.getChildElements().every((inner) => isSelfContained(inner, namespace));
}
