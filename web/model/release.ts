/** When a page that is of another release than the object may load anew. Pure. */
import type { Time } from "../../worker/contract/names.ts";
import type { VersionSkew } from "../engine/protocol/account.ts";

/** A page that loaded anew and met the same contract again: a deployment takes its time, or one of the two is kept back. */
export type Reloaded = { readonly contract: number; readonly times: number; readonly at: Time };

const MINUTE_MS = 60_000;
/** How long to wait after the first, second, ... time that it did not help; the last one goes on. */
const PAUSES_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS] as const;

/**
 * @param writing somebody is in the middle of something that a reload would throw away
 * @param before the last time, where there was one
 * @returns when to load anew; undefined while nothing calls for it, or something would be lost by it
 */
export function reloadAt(
  skew: VersionSkew | undefined,
  writing: boolean,
  before: Reloaded | undefined,
  now: Time,
): Time | undefined {
  if (skew === undefined || skew.unsent || writing) return undefined;
  if (before === undefined || before.contract !== skew.contract) return now;
  return before.at + (PAUSES_MS[before.times - 1] ?? PAUSES_MS[PAUSES_MS.length - 1] ?? 0);
}

/** What to remember when it is done. */
export function reloaded(contract: number, before: Reloaded | undefined, now: Time): Reloaded {
  return { contract, times: before?.contract === contract ? before.times + 1 : 1, at: now };
}

/** For the tab's own memory, which lasts as long as the tab. */
export function writeReloaded({ contract, times, at }: Reloaded): string {
  return `${contract} ${times} ${at}`;
}

/** Undefined where nothing, or nothing of ours, is remembered. */
export function readReloaded(text: string | null): Reloaded | undefined {
  const [, contract, times, at] = /^(\d+) ([1-9]\d*) (\d+)$/.exec(text ?? "") ?? [];
  return at === undefined ? undefined : { contract: Number(contract), times: Number(times), at: Number(at) };
}
