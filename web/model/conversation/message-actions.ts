/** What can be done with a message: decided here, offered by the keyboard and by its menu (`menu-actions.ts`). */
import type { ChatSummary, Encryption } from "../../engine/protocol/conversations.ts";
import { holdsFile } from "../message-words.ts";
import type { ShownItem } from "./corrections.ts";

/** Whether what is written into a conversation now is encrypted; undefined: nothing can be written. */
export type Writable = { readonly encrypted: boolean } | undefined;

const SHUT: ReadonlySet<Encryption> = new Set(["unlisted", "unavailable", "blocked"]);
const CLEAR: ReadonlySet<Encryption> = new Set(["exposed", "open"]);

/** `behind`: this browser was rolled back and sends nothing any more. */
export function writableIn({ encryption, room }: ChatSummary, behind: boolean): Writable {
  const out = room?.state === "left" || room?.state === "invited";
  return behind || out || SHUT.has(encryption) ? undefined : { encrypted: !CLEAR.has(encryption) };
}

/** What has no place in the conversation yet cannot be named to others. */
export function canAnswer(item: ShownItem, writable: Writable): boolean {
  // Whatever is said of a whisper by its name is said to everybody there: it is answered by another one.
  if (item.whisper !== undefined) return false;
  return writable !== undefined && item.body.kind === "text" && isPlaced(item);
}

/**
 * Own texts that have arrived, and only as they were sent: whoever gets it believes no correction in clear of an encrypted
 * text, nor the other way round. One whose last correction has failed is waiting for that to be decided; one that another
 * app wrote about a file would show its key in the composer.
 */
export function canEdit(item: ShownItem, writable: Writable): boolean {
  if (
    item.whisper !== undefined ||
    !item.outgoing ||
    item.body.kind !== "text" ||
    item.shared !== undefined ||
    item.encrypted !== writable?.encrypted
  )
    return false;
  return isPlaced(item) && !holdsFile(item.body.text) && !(item.correction !== undefined && item.state === "failed");
}

export function isPlaced({ state, correction }: ShownItem): boolean {
  // With a correction on it, the state is that one's; it could only be written because the message itself had arrived.
  return correction !== undefined || (state !== "waiting" && state !== "failed");
}

/** What ArrowUp edits. */
export function newestEditable(items: readonly ShownItem[], writable: Writable): ShownItem | undefined {
  return items.findLast((item) => canEdit(item, writable));
}

/** What is answered one step further up or down; from none, the newest. */
export function answerableBeside(
  items: readonly ShownItem[],
  key: string | undefined,
  step: -1 | 1,
  writable: Writable,
): ShownItem | undefined {
  const able = items.filter((item) => canAnswer(item, writable));
  const at = able.findIndex((item) => item.key === key);
  return able[(at === -1 ? able.length : at) + step];
}
