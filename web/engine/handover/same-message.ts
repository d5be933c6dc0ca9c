/** Whether what was handed over is about the message of a row. */
import { cipherOf } from "../chunks/of-row.ts";
import type { MessageText } from "../chunks/record.ts";
import type { MessageRow } from "../store/conversation-rows.ts";

/** An archive stamps in whole seconds. */
const STAMP_MS = 2_000;
/** Whoever has sent it knows when it was written, by a clock of their own. */
const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Same conversation, same direction, same author where both know one; and the same ciphertext or, where one of both was told of
 * it when nobody had it any more (S8), one of the same device at the same time. So an object that tells two browsers different
 * things of one entry moves no text to where it was not said.
 */
export function agrees(row: MessageRow, { chat, own, by, at, cipher }: MessageText): boolean {
  const author = row.author?.jid;
  if (row.chat !== chat || row.outgoing !== own) return false;
  if (by !== undefined && author !== undefined && by !== author) return false;
  const here = cipherOf(row.cipherKey);
  if (here === undefined || cipher === undefined) return false;
  if (here === cipher) return true;
  const sameDevice = here.split("\n", 1)[0] === cipher.split("\n", 1)[0];
  return sameDevice && Math.abs(row.at - at) <= (own ? DAY_MS : STAMP_MS);
}
