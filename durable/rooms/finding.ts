/** Looking for rooms: on the list of a service (XEP-0045 §6.3), or by a service that searches (XEP-0433). Nothing is kept. */
import type { Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { FoundRooms, RoomDetails } from "../../worker/contract/rooms.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { failureOfRequest, type RequestError } from "../link/iq.ts";
import { buildSearch, NS_CHANNEL_SEARCH, parseFound } from "../xep/channel-search.ts";
import { parseInfo, parseNamedItems, requestInfo, requestItems } from "../xep/disco.ts";
import { detailsOf, roomDetails } from "../xep/muc-info.ts";
import type { Page } from "../xep/rsm.ts";
import type { RoomLink } from "./administration.ts";
import { findRoomService } from "./service.ts";

const PAGE = 100;
/** Of a service that knows no pages. */
const LISTED_MAX = 500;
/** A room that is silent holds the others up no longer. */
const ABOUT_MS = 8_000;

type Link = Pick<RoomLink, "request">;
type Wanted = { readonly service?: string; readonly text?: string; readonly after?: string };

/**
 * A page of the rooms of a service: that of the account's server, unless another one is named, which may be its server as
 * well. A service that searches is asked for the words; of others all rooms come. Fails with `offline`, `peer-refused`, and
 * `not-found` where there are no rooms.
 */
export async function findRooms(
  link: Link,
  account: BareJid,
  { service, text = "", after }: Wanted,
): Promise<Result<FoundRooms>> {
  const found = await whereToLook(link, account, service);
  if (!found.ok) return found;
  const { at, searches } = found.value;
  const page = { max: PAGE, ...(after !== undefined && { after }) };
  return searches ? search(link, at, text.trim(), page) : list(link, at, page);
}

/** What rooms say of themselves, in the order that was asked; those that do not answer are told by their address. */
export async function aboutRooms(link: Link, jids: readonly BareJid[]): Promise<readonly RoomDetails[]> {
  return Promise.all(
    jids.map(async (jid) => {
      const answer = await link.request(requestInfo(jid), { timeoutMs: ABOUT_MS });
      if (answer.ok) return roomDetails(jid, parseInfo(answer.value)) ?? { jid };
      const missing = answer.error.kind === "stanza-error" && answer.error.condition === "item-not-found";
      return { jid, ...(missing && { missing }) };
    }),
  );
}

type Place = { readonly at: string; readonly searches: boolean };

async function whereToLook(link: Link, account: BareJid, named: string | undefined): Promise<Result<Place>> {
  if (named === undefined) {
    const own = await findRoomService(link, account);
    return own.ok ? { ok: true, value: await placeOf(link, own.value.service) } : own;
  }
  const answer = await link.request(requestInfo(named));
  if (!answer.ok) return { ok: false, error: unreachable(answer.error) };
  const info = parseInfo(answer.value);
  if (info?.features.includes(NS_CHANNEL_SEARCH)) return { ok: true, value: { at: named, searches: true } };
  if (info?.identities.some(({ category }) => category === "conference"))
    return { ok: true, value: { at: named, searches: false } };
  // A server was named, and its rooms are meant.
  const below = await findRoomService(link, named as BareJid);
  return below.ok ? { ok: true, value: await placeOf(link, below.value.service) } : below;
}

async function placeOf(link: Link, service: string): Promise<Place> {
  const answer = await link.request(requestInfo(service));
  const searches = answer.ok && parseInfo(answer.value)?.features.includes(NS_CHANNEL_SEARCH) === true;
  return { at: service, searches };
}

type Paging = { readonly max: number; readonly after?: string };

async function search(link: Link, service: string, words: string, page: Paging): Promise<Result<FoundRooms>> {
  const answer = await link.request(buildSearch(service, words, page));
  if (!answer.ok) return { ok: false, error: unreachable(answer.error) };
  const found = parseFound(answer.value);
  if (found === undefined) return { ok: false, error: { kind: "malformed", detail: "no list" } };
  const rooms = unique(found.rooms).slice(0, LISTED_MAX);
  return { ok: true, value: { service, searches: true, rooms, ...nextOf(found.page, found.rooms.length) } };
}

async function list(link: Link, service: string, page: Paging): Promise<Result<FoundRooms>> {
  const rooms: RoomDetails[] = [];
  const take = (items: readonly { readonly jid: string; readonly name?: string }[]): void => {
    for (const { jid: written, name } of items) {
      const jid = parseBareJid(written);
      if (jid === undefined || rooms.length >= LISTED_MAX) continue;
      rooms.push(detailsOf(jid, { ...NOTHING, name: name === written ? undefined : name }));
    }
  };
  const answer = await link.request(requestItems(service, page), {
    part: (some) => take(parseNamedItems(some)?.items ?? []),
  });
  if (!answer.ok) return { ok: false, error: unreachable(answer.error) };
  const found = parseNamedItems(answer.value);
  if (found === undefined) return { ok: false, error: { kind: "malformed", detail: "no list" } };
  take(found.items);
  return { ok: true, value: { service, searches: false, rooms: unique(rooms), ...nextOf(found.page, rooms.length) } };
}

const NOTHING = {
  description: undefined,
  people: undefined,
  membersOnly: undefined,
  password: undefined,
  hides: undefined,
} as const;

/** A page that is not full is the last one; a service that gives the same id for ever would be asked for ever. */
function nextOf({ last }: Page, count: number): { readonly next?: string } {
  if (last === undefined || last.length > LIMITS.addressLength || count < PAGE) return {};
  return { next: last };
}

function unique(rooms: readonly RoomDetails[]): readonly RoomDetails[] {
  return [...new Map(rooms.map((room) => [room.jid, room])).values()];
}

/** The service is elsewhere, and its server may not be reached: other words than for a line that is down here. */
function unreachable(error: RequestError): ReturnType<typeof failureOfRequest> {
  if (error.kind === "timed-out") return { kind: "peer-refused", detail: "no answer" };
  return failureOfRequest(error);
}
