/** Hours of each day in which a browser is not rung. Pure. */
import type { QuietHours } from "../contract/push.ts";

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;

/** Whether they have begun and not ended; `minute` of the day by the same clock as they are. From and to the same minute there are none. */
export function isQuiet({ from, to }: QuietHours, minute: number): boolean {
  return from <= to ? from <= minute && minute < to : from <= minute || minute < to;
}

/** The minute of the day by UTC, or by the clock of this machine. */
export function minuteOfDay(now: number, clock: "utc" | "local"): number {
  const minutes = Math.floor(now / MINUTE_MS) - (clock === "local" ? new Date(now).getTimezoneOffset() : 0);
  return within(minutes);
}

/** What is by the clock of this machine, by UTC: until summer time begins or ends. */
export function inUtc({ from, to }: QuietHours, now = Date.now()): QuietHours {
  const ahead = new Date(now).getTimezoneOffset();
  return { from: within(from + ahead), to: within(to + ahead) };
}

function within(minutes: number): number {
  return ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}
