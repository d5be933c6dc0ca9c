/** Waiting for a condition, never for a time. */
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 40;
export const WAIT_MS = 15_000;

/**
 * Looks again and again until there is something to see. It is looked so often as `withinMs` has room for: where the machine
 * is busy with others a look takes longer, as does all else, and patience with it.
 * @param what a sentence for the failure
 * @throws after so many looks, with what was seen last where `describe` tells it
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs = WAIT_MS, describe }: { readonly withinMs?: number; readonly describe?: () => Promise<unknown> } = {},
): Promise<T> {
  for (let looks = 0; looks * LOOK_EVERY_MS <= withinMs; looks += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(LOOK_EVERY_MS);
  }
  const seen = describe === undefined ? "" : ` Seen: ${JSON.stringify(await describe())}`;
  throw new Error(`${what}: not within ${withinMs} ms.${seen}`);
}
