/** Makes a failing input small enough to be pasted into a test. */

const TRIES_MAX = 1_500;
/** What hangs takes long each time. */
const TIME_MS = 3_000;

/**
 * Cuts out ever smaller spans as long as it still fails.
 * @param fails whether an input still shows the failure
 */
export async function shrunk(input: string, fails: (input: string) => Promise<boolean>): Promise<string> {
  let smallest = input;
  let tries = 0;
  const until = performance.now() + TIME_MS;
  for (let length = Math.ceil(input.length / 2); length >= 1; length = length === 1 ? 0 : Math.ceil(length / 2)) {
    for (let at = 0; at < smallest.length && tries < TRIES_MAX && performance.now() < until; ) {
      const shorter = smallest.slice(0, at) + smallest.slice(at + length);
      tries += 1;
      if (await fails(shorter)) smallest = shorter;
      else at += length;
    }
  }
  return smallest;
}

/** As a literal of JavaScript in plain ASCII. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
