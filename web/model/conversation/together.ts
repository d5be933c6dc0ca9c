/** What can be done with several messages at once: only what can be done with each of them. */
import type { Time } from "../../../worker/contract/names.ts";
import { plainWords } from "../message-words.ts";
import type { ShownItem } from "./corrections.ts";
import { actionsOf, type MessageAction } from "./menu-actions.ts";
import type { Writable } from "./message-actions.ts";

export type JointAction = "copy" | "forward" | "forget" | "delete";

const JOINT: readonly JointAction[] = ["copy", "forward", "forget", "delete"];

/**
 * Those that were chosen as they are now, in the order of the conversation.
 *
 * @param known all of the conversation that are in memory; what is not among them stands as it was chosen
 */
export function chosenNow(chosen: ReadonlyMap<string, ShownItem>, known: readonly ShownItem[]): readonly ShownItem[] {
  const now = new Map(known.map((item) => [item.key, item]));
  return [...chosen].map(([key, item]) => now.get(key) ?? item).toSorted((a, b) => a.position - b.position);
}

/** For copying it is enough that some have words. */
export function jointActions(items: readonly ShownItem[], writable: Writable): readonly JointAction[] {
  const each = items.map((item): ReadonlySet<MessageAction> => new Set(actionsOf(item, writable)));
  if (each.length === 0) return [];
  return JOINT.filter((action) =>
    action === "copy" ? each.some((one) => one.has("copy")) : each.every((one) => one.has(action)),
  );
}

type Said = {
  readonly nameOf: (item: ShownItem) => string;
  readonly timeOf: (at: Time) => string;
};

/** Their texts for the clipboard: one alone as it is, several each behind its time and its author. */
export function wordsTogether(items: readonly ShownItem[], { nameOf, timeOf }: Said): string {
  const told = items.flatMap((item) =>
    item.body.kind === "text" ? [{ item, words: plainWords(item.body.text) }] : [],
  );
  const [only] = told;
  if (told.length === 1 && only !== undefined) return only.words;
  return told.map(({ item, words }) => `[${timeOf(item.at)}] ${nameOf(item)}: ${words}`).join("\n");
}
