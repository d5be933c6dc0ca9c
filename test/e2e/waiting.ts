/**
 * Waiting for a condition, never for a time; and for how long. A test that passes never waits so long, and one that fails does
 * so anyway, only later. So there is one number for all, with room for a slow machine that does much else: what takes a second
 * by itself takes twenty there.
 */
import { setTimeout as sleep } from "node:timers/promises";

/** Below the limit for a whole test (`tools/test.ts`), so that a failure says what did not come. */
export const PATIENCE_MS = 180_000;
/** After a failure everything else in a file that stands on it fails, too, and need not be waited for so long. */
const AFTER_FAILURE_MS = 15_000;
const LOOK_EVERY_MS = 40;

let patienceMs = PATIENCE_MS;

/** For the rest of this file. */
export function losePatience(): void {
  patienceMs = AFTER_FAILURE_MS;
}

/** How long is waited now. */
export function patience(): number {
  return patienceMs;
}

/**
 * Looks again and again until there is something to see.
 * @param what a sentence for the failure
 * @throws where it does not come, with what was seen last where `describe` tells it
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  {
    withinMs = patienceMs,
    everyMs = LOOK_EVERY_MS,
    describe,
  }: { readonly withinMs?: number; readonly everyMs?: number; readonly describe?: () => Promise<unknown> } = {},
): Promise<T> {
  for (const end = performance.now() + withinMs; ; await sleep(everyMs)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) break;
  }
  const seen = describe === undefined ? "" : ` Seen: ${JSON.stringify(await describe())}`;
  throw new Error(`${what}: not within ${withinMs} ms.${seen}`);
}
