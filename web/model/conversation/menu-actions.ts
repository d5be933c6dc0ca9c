/** What the menu of a message offers. */
import { holdsFile, insteadOf } from "../message-words.ts";
import type { ShownItem } from "./corrections.ts";
import { canAnswer, canEdit, isPlaced, type Writable } from "./message-actions.ts";

export type MessageAction = "answer" | "edit" | "copy" | "forward" | "info" | "forget" | "delete";

/** Offered before all others. */
export const QUICK_REACTIONS: readonly string[] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** In the order of the menu. */
export function actionsOf(item: ShownItem, writable: Writable): readonly MessageAction[] {
  const { body } = item;
  // What waits to be sent is to leave; what failed has a button of its own.
  const forgettable = isPlaced(item) && item.correction === undefined;
  const forget = forgettable ? (["forget"] as const) : [];
  if (body.kind !== "text") return ["info", ...forget];
  const deletable = item.outgoing && canReact(item, writable);
  const words = insteadOf(body.text) === undefined;
  return [
    ...(canAnswer(item, writable) ? (["answer"] as const) : []),
    ...(canEdit(item, writable) ? (["edit"] as const) : []),
    ...(words ? (["copy"] as const) : []),
    // The key of a file would be passed on unseen.
    ...(words && !holdsFile(body.text) ? (["forward"] as const) : []),
    "info",
    ...forget,
    ...(deletable ? (["delete"] as const) : []),
  ];
}

/** A reaction names the message as an answer does. */
export function canReact(item: ShownItem, writable: Writable): boolean {
  return canAnswer(item, writable);
}
