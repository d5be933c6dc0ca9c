/**
 * How a file travels. Its bytes never pass the account's object: they stream through the Worker, up into a slot that the
 * account's own server has just given (XEP-0363), down from a link that a message of this account's log brings. What is in
 * them, and the key of what is encrypted, only browsers know.
 *
 * Up: the call `fileService` says how large a file may be, before anything is chosen; the call `fileSlot` gives a ticket and
 * the link under which the file will be; `PUT FILE_ROUTES.put` with the ticket in `TICKET_HEADER` and the bytes as its body
 * answers as a call does, once the server has the file. A Blob brings its `content-length`, which has to be that of the slot. Whatever goes wrong: a new slot, and from the beginning.
 *
 * Down: `POST FILE_ROUTES.get` with `FileWanted` as JSON, signed as a call is, perhaps with `Range: bytes=…`. Answers 200 or
 * 206 with the bytes as `application/octet-stream`, `content-length` and `content-range` where they are known; anything else
 * is JSON, the result of a call that failed. A body that ends before `content-length` has failed: `cut`.
 */
import type { Base64, EntryId, Time } from "./names.ts";

export const FILE_ROUTES = { put: "/api/media/put", get: "/api/media/get" } as const;

/** On `PUT`: the ticket of `fileSlot`. Beside it `BROWSER_HEADER`; no proof, for the call that gave the ticket was signed. */
export const TICKET_HEADER = "x-alcove-ticket";

export const FILE_LIMITS = {
  /** For a ticket to be used; an upload that has begun goes on. */
  ticketMs: 5 * 60_000,
  /** Characters of a link, and of a ticket, which holds the link that the file is put to and what goes with it. */
  linkLength: 2_048,
  ticketLength: 12_000,
  /** Bytes of one file on its way down. */
  mostBytesDown: 512 * 1024 * 1024,
  /** Slots, and downloads that are begun, of one account in 24 hours (UTC days). */
  slotsADay: 1_000,
  downloadsADay: 10_000,
  /** Different links that one encrypted message may stand for. */
  linksOfMessage: 8,
  /** Characters of the name, the type and the description of a file in clear. */
  nameLength: 255,
  typeLength: 100,
  descriptionLength: 1_000,
  /** Milliseconds of a sound or a film in clear, as its sender says it: two days. */
  longestMs: 48 * 60 * 60_000,
} as const;

/**
 * Why a file does not travel, the `detail` of the failure `file`.
 *
 * Before anything leaves: `no-service`: the account's server takes no files. `empty`: none of 0 bytes. `too-large`: for the
 * server or this deployment (`FileService` says how much). `server-quota`: the server takes no more of this account now.
 * `day`: what one account may pass through this deployment in a day is used up.
 *
 * On the way: `lapsed`: the ticket is too old, or of another browser: take a new slot. `wrong-size`: other than announced, or
 * the file has changed or vanished while it was read. `not-named`: no message of this account's log brings this link.
 * `address`: it leads where nothing is fetched from: no https, another port, a private network. `gone`: no longer there.
 * `refused`: whoever has it says no. `unreachable`: nobody answers there, or with an error of theirs. `slow`: it stood still.
 * `cut`: it ended before all of it was there. `range`: it has no such part. `too-many`: so many at once; a moment later it goes.
 */
export const FILE_REFUSALS = [
  "no-service",
  "empty",
  "too-large",
  "server-quota",
  "day",
  "lapsed",
  "wrong-size",
  "not-named",
  "address",
  "gone",
  "refused",
  "unreachable",
  "slow",
  "cut",
  "range",
  "too-many",
] as const;
export type FileRefusal = (typeof FILE_REFUSALS)[number];

/**
 * What may be sent. `mostBytes`: of what travels, so of an encrypted file with its tag (16 bytes, XEP-0454). `limitedBy`: whose
 * limit that is. `leftToday`: bytes of this account until 00:00 UTC, both ways.
 */
export type FileService = {
  readonly mostBytes: number;
  readonly limitedBy: "server" | "deployment";
  readonly leftToday: number;
};

/**
 * `size`: bytes of what will be put, at least one. `ending`: of the link (`jpg`, `mp4` …), small letters and digits: as much
 * of the type as other apps need to show it, and nothing else tells them; the rest of the name is random. `type`: of a file in
 * a clear conversation, as the server will say it to whoever fetches it; without it `application/octet-stream`.
 */
export type SlotWanted = { readonly size: number; readonly ending?: string; readonly type?: string };

/** `url`: the link that goes into the message, `https:`. `until`: when the ticket ends. It is nobody's but this browser's. */
export type FileSlot = { readonly ticket: string; readonly url: string; readonly until: Time };

/**
 * `message`: the entry that brings the link. In clear, its text or file has to name the link; encrypted, it has to be long
 * enough for it, and stands for `FILE_LIMITS.linksOfMessage` different ones at most, by whichever browser asks first. `url`:
 * `https:` also where it is written `aesgcm:`, without what follows the `#`. The object is told its SHA-256 alone.
 */
export type FileWanted = { readonly message: EntryId; readonly url: string };

/**
 * A file beside a message in clear (XEP-0066, XEP-0385, XEP-0447). All but `url` is what its sender says of it. `hash`: SHA-256
 * in base64. `inline`: meant to be shown in the conversation (XEP-0447 §4.1). `length`: of a sound or a film, in milliseconds
 * (XEP-0446).
 */
export type SharedFile = {
  readonly url: string;
  readonly name?: string;
  readonly type?: string;
  readonly size?: number;
  readonly width?: number;
  readonly height?: number;
  readonly length?: number;
  readonly description?: string;
  readonly hash?: Base64;
  readonly inline?: boolean;
};
