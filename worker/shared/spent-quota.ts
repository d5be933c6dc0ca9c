/**
 * The free plan's allowances of a day (docs/cost.md), when one is spent. Of objects' time, rows and requests the platform
 * says so by an exception with these words. Of the Worker's requests it answers by itself, with a page or a line
 * (developers.cloudflare.com, "Workers errors", 1027).
 */

/** As `detail` of `offline`: the call has not arrived, and is good again at 00:00 UTC. */
export const SPENT = "quota";

const OF_OBJECTS = /^Exceeded allowed .+ in Durable Objects free tier/;
const OF_THE_WORKER = /\berror(?: code:)? 1027\b/i;

export function isQuotaSpent(error: unknown): boolean {
  return error instanceof Error && OF_OBJECTS.test(error.message);
}

/** Whether this is the platform's answer in the Worker's place. `text`: the body of an answer that is none of ours. */
export function saysQuotaSpent(text: string): boolean {
  return OF_THE_WORKER.test(text);
}

/** When the next day of the allowance begins, milliseconds since 1970. */
export function nextDay(now = Date.now()): number {
  return new Date(now).setUTCHours(24, 0, 0, 0);
}
