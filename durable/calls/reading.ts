/** What a browser tells of what others wrote: decrypted here, seen by a person, read up to here. All of it in one turn. */
import type { ReadingArguments } from "../../worker/contract/calls.ts";
import type { Position } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Stores } from "../store/stores.ts";
import { receiptFor } from "./receipts.ts";

/**
 * Moves the positions, and tells the senders of messages, each once. What is to be told is stored with the note that it
 * was, so it outlives a lost stream. False where no stream has come as far as to know whom it may tell: then nobody was.
 */
export function takeReading(stores: Stores, link: CurrentLink, browser: Browser, told: ReadingArguments): boolean {
  const taken = link.caughtUp;
  const rows = stores.turn(() => {
    for (const position of told.positions) moveRead(stores, position);
    if (!taken) return [];
    return (["delivered", "read"] as const).flatMap((state) =>
      told[state].flatMap((message) => receiptFor(stores, browser, message, state) ?? []),
    );
  });
  for (const row of rows) link.write(row);
  return taken;
}

/** Answers with the position that stands; nobody can have read what is not here yet. Runs inside a turn. */
export function moveRead(
  { log, conversations }: Stores,
  { chat, position }: ReadingArguments["positions"][number],
): Position {
  return conversations.read(chat, Math.min(position, log.position) as Position);
}
