/** Whether somebody is there, in words. */
import type { Time } from "../../worker/contract/names.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import { text } from "../i18n/text.ts";
import { ago } from "./format.ts";

/** "Online", "Away", "Last here 5 minutes ago"; undefined: nobody knows. `last`: when they were there last. */
export function presenceWords(
  { available, show }: Pick<ChatSummary, "available" | "show">,
  last: Time | undefined,
  now: Time,
): string | undefined {
  if (!available) return last === undefined ? undefined : text("presence--last", { when: ago(last, now) });
  if (show === undefined) return text("presence--online");
  return text(show === "dnd" ? "presence--dnd" : "presence--away");
}
