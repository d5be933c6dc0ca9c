/** What the account's server remembers of rooms, under the name of today (XEP-0402) and the older ones (XEP-0048, XEP-0049). */
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { type Bookmark, NS_BOOKMARKS, parseBookmark } from "../xep/bookmarks.ts";
import { parseOld, requestsOfOld } from "../xep/bookmarks-old.ts";
import { parseItems, requestItems } from "../xep/pubsub.ts";
import { parseConfiguration, requestConfiguration } from "../xep/pubsub-owner.ts";
import type { RoomLink } from "./administration.ts";

/** What is remembered beyond this is not looked at. */
export const BOOKMARKS_MAX = 1_000;
/** Answers by which there is nothing, or no place for it. */
const NOTHING_THERE = ["item-not-found", "feature-not-implemented", "service-unavailable"];

/** `whole`: what is not in it was taken away. */
export type Told = { readonly bookmarks: ReadonlyMap<BareJid, Bookmark>; readonly whole: boolean };

type Link = Pick<RoomLink, "request">;

/**
 * All of it; undefined where the server does not say. `pep`: it has nodes of the account (XEP-0163). `compat`: it shows the
 * same under the older names (XEP-0402 §5), so they are not looked at.
 */
export async function readBookmarks(
  link: Link,
  { pep, compat }: { readonly pep: boolean; readonly compat: boolean },
): Promise<Told | undefined> {
  const bookmarks = new Map<BareJid, Bookmark>();
  const take = (found: readonly Bookmark[]): void => {
    for (const bookmark of found)
      if (bookmarks.size < BOOKMARKS_MAX || bookmarks.has(bookmark.jid)) bookmarks.set(bookmark.jid, bookmark);
  };
  let whole = true;
  for (const question of pep && compat ? [] : requestsOfOld().slice(pep ? 0 : 1)) {
    const answer = await link.request(question, { part: (some) => take(parseOld(some)) });
    if (answer.ok) take(parseOld(answer.value));
    else if (isSilence(answer)) whole = false;
  }
  if (pep) {
    const read = (iq: Element): void =>
      take((parseItems(iq, NS_BOOKMARKS) ?? []).flatMap((item) => parseBookmark(item) ?? []));
    const answer = await link.request(requestItems(NS_BOOKMARKS), { part: read });
    if (answer.ok) read(answer.value);
    else if (isSilence(answer)) return undefined;
  }
  return { bookmarks, whole: whole && bookmarks.size < BOOKMARKS_MAX };
}

/**
 * Whether something may be missing only because the node keeps no more: a server that takes `max` may mean ten, and forgets
 * the oldest.
 */
export async function isCut(link: Link, { bookmarks }: Told): Promise<boolean> {
  const answer = await link.request(requestConfiguration(NS_BOOKMARKS));
  const form = answer.ok ? parseConfiguration(answer.value) : undefined;
  const max = Number(form?.fields.find(({ name }) => name === "pubsub#max_items")?.values[0]);
  return Number.isInteger(max) && max > 0 && bookmarks.size >= max;
}

function isSilence(answer: RequestResult): boolean {
  return !answer.ok && (answer.error.kind !== "stanza-error" || !NOTHING_THERE.includes(answer.error.condition));
}
