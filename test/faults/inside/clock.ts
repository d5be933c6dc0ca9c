/**
 * The clock of the objects. They read the time by `Date.now()` and in no other way, so that is where a jump is put in.
 * An alarm is set by the platform's clock, which does not jump with it: it keeps its distance.
 */
const trueNow = Date.now.bind(Date);
let offsetMs = 0;

Date.now = () => trueNow() + offsetMs;

/** From now on the objects read the time `ms` milliseconds later than it is, or earlier where negative. */
export function setOffset(ms: number): void {
  offsetMs = ms;
}

/** From the objects' time to the platform's. */
export function toPlatform(at: number | Date): number {
  return Number(at) - offsetMs;
}

/** From the platform's time to the objects'. */
export function fromPlatform(at: number | null): number | null {
  return at === null ? null : at + offsetMs;
}
