/** What a person has chosen in one of their browsers: kept, and told to all of them. */
import type { CallArguments, CallValue } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { LiveSockets, Stores } from "../store/stores.ts";

/** All are told before whoever asked has an answer, so that one socket sees the changes in their order. */
export function choose(
  stores: Stores,
  browsers: Pick<LiveSockets, "broadcast">,
  link: Pick<CurrentLink, "tellActive">,
  { choices, seen }: CallArguments<"choose">,
): Result<CallValue<"choose">> {
  const chosen = stores.turn(() => stores.choices.choose(choices, seen));
  if ("kind" in chosen) return { ok: false, error: chosen };
  // Nobody is shown any more that somebody writes.
  if (!stores.choices.settings.typing) stores.typing.clear();
  // What contacts are told of us may be another thing now.
  link.tellActive();
  browsers.broadcast({ type: "choices", ...chosen });
  return { ok: true, value: { revision: chosen.revision } };
}
