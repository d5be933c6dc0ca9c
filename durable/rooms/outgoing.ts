/**
 * What waits to be sent into a room. Clear text goes only where the room has said that it is open: while nobody knows, it
 * waits; where the room has become private since it was written, it fails.
 */
import type { MessageContent } from "../../worker/contract/entries.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { Room } from "../store/room.ts";
import type { Stores } from "../store/stores.ts";
import { isPrivate } from "../xep/muc.ts";
import type { RoomLink } from "./administration.ts";

/** It was written for everybody; now that the room is private, it has to be encrypted, which its author's browser does. */
export const NOW_PRIVATE: Failure = { kind: "would-expose", detail: "now private" };

/** How a message leaves; `exposed`: in clear where its author has agreed to that, as nobody there could read anything else. */
export type Leaving = "encrypted" | "clear" | "exposed";

/** Whether something may go into the room so; `unknown`: it has to wait. */
export function maySend(room: Room, leaving: Leaving): "yes" | "no" | "unknown" {
  if (leaving === "encrypted") return "yes";
  if (room.confirmed !== true || room.features === undefined) return "unknown";
  return leaving === "clear" && isPrivate(room.features) ? "no" : "yes";
}

export function leavingOf(kind: MessageContent["kind"], exposed: boolean): Leaving {
  if (kind !== "clear") return "encrypted";
  return exposed ? "exposed" : "clear";
}

/** Writes what waits, in its order, up to the first that has to wait further. */
export function writeWaiting(stores: Stores, link: Pick<RoomLink, "write">, jid: BareJid): void {
  for (const row of stores.outbox.waitingFor(jid)) {
    if (isWhisper(stores, row)) {
      // Of the stream before this one: whoever has that name in the room now may be somebody else.
      stores.turn(() => failRow(stores, row, { kind: "connection-lost" }));
      continue;
    }
    const room = stores.rooms.get(jid);
    const may = room ? maySend(room, leavingAs(stores, row)) : "yes";
    if (may === "unknown") return;
    if (may === "no") stores.turn(() => failRow(stores, row, NOW_PRIVATE));
    else link.write(row);
  }
}

/** It is not sent; its browser has the bytes. Inside a turn. */
export function failRow({ outbox, log, meta }: Stores, { seq, client }: OutboxRow, failure: Failure): void {
  outbox.fail(seq, client);
  const own = log.own(meta.account, client);
  if (own) log.append({ kind: "progress", message: own.id, state: "failed", failure });
}

function isWhisper({ log, meta }: Stores, { client }: OutboxRow): boolean {
  const own = log.own(meta.account, client);
  return own !== undefined && log.messageAt(own.id)?.whisper !== undefined;
}

function leavingAs({ log, meta }: Stores, { client }: OutboxRow): Leaving {
  const own = log.own(meta.account, client);
  const message = own && log.messageAt(own.id);
  return message ? leavingOf(message.content.kind, message.sent?.exposed === true) : "clear";
}
