/** What the menu of a message offers. */
import { holdsFile, insteadOf } from "../message-words.ts";
import type { ShownItem } from "./corrections.ts";
import { canAnswer, canEdit, isPlaced, type Writable } from "./message-actions.ts";

export type MessageAction =
  | "answer"
  | "whisper"
  | "edit"
  | "copy"
  | "forward"
  | "select"
  | "info"
  | "forget"
  | "delete"
  | "moderate";

/** Offered before all others. */
export const QUICK_REACTIONS: readonly string[] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** In the order of the menu. `moderates`: we may take others' messages away here. */
export function actionsOf(item: ShownItem, writable: Writable, moderates = false): readonly MessageAction[] {
  const { body } = item;
  // What waits to be sent is to leave; what failed has a button of its own.
  const forgettable = (isPlaced(item) || item.whisper !== undefined) && item.correction === undefined;
  const forget = forgettable ? (["forget"] as const) : [];
  // The room has to have a name for it; what is gone already is not taken away again.
  const gone = body.kind === "reason" && (body.reason === "retracted" || body.reason === "moderated");
  const removable = moderates && item.whisper === undefined && !item.outgoing && item.archived === true && !gone;
  const remove = removable ? (["moderate"] as const) : [];
  if (body.kind !== "text") return ["select", "info", ...forget, ...remove];
  const deletable = item.outgoing && canReact(item, writable);
  const words = insteadOf(body.text) === undefined;
  return [
    ...(canAnswer(item, writable) ? (["answer"] as const) : []),
    ...(item.whisper !== undefined && writable !== undefined ? (["whisper"] as const) : []),
    ...(canEdit(item, writable) ? (["edit"] as const) : []),
    ...(words ? (["copy"] as const) : []),
    // Among words the key of a file would be passed on unseen; alone it is a file, and goes where it stays encrypted.
    ...(words !== holdsFile(body.text) ? (["forward"] as const) : []),
    "select",
    "info",
    ...forget,
    ...(deletable ? (["delete"] as const) : []),
    ...remove,
  ];
}

/** A reaction names the message as an answer does. */
export function canReact(item: ShownItem, writable: Writable): boolean {
  return canAnswer(item, writable);
}
