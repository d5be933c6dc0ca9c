/** Taking somebody else's message out of everybody's sight (XEP-0425). The room tells everybody, us included. */
import type { CallArguments } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { Stores } from "../store/stores.ts";
import { buildModeration, moderationOffered } from "../xep/about-another.ts";
import type { RoomLink } from "./administration.ts";
import { refusal } from "./running.ts";

/** Fails with `offline`, `peer-refused`, and with `not-found` where the room has no name for it or takes nothing away. */
export async function moderate(
  stores: Stores,
  link: Pick<RoomLink, "request">,
  { chat, message, reason }: CallArguments<"moderate">,
): Promise<Result<{ readonly done: true }>> {
  const entry = stores.log.messageAt(message);
  const how = moderationOffered(stores.rooms.get(chat)?.features ?? []);
  const named = entry?.chat === chat && entry.archive?.by === chat ? entry.archive.id : undefined;
  if (how === undefined || named === undefined)
    return { ok: false, error: { kind: "not-found", detail: "no such message" } };
  const answer = await link.request(buildModeration(chat, how, named, reason));
  if (answer.ok) return { ok: true, value: { done: true } };
  return { ok: false, error: refusal(answer.error, { "item-not-found": "no such message" }) };
}
