/** Which system tests run beside others, and which have the machine to themselves. */

/** A test whose claim is about time or about something that all share, and why. */
export const ALONE: Readonly<Record<string, string>> = {
  "test/account/resting.test.ts": "a look lasts as long as in life, and a stream that goes on has to be quick",
  "test/screens/quick.test.ts": "counts the milliseconds from a key press to the screen",
};

/**
 * Here browsers are opened, or wrangler is started again and again, which keeps the processors busy. All other system tests
 * wait most of their time - for a timer of the object, a server that is slow on purpose, a port - and need a tenth of a
 * processor.
 */
export const WORKING: readonly string[] = [
  "test/deploy/",
  "test/e2e/",
  "test/interop/",
  "test/kills/",
  "test/page/",
  "test/screens/",
  "test/vectors/",
];

/** These take longest (`npm test -- --times`), and begin first: one that begins last would be waited for. */
export const LONGEST: readonly string[] = [
  "test/deploy/first.test.ts",
  "test/deploy/later.test.ts",
  "test/e2e/four-tabs.test.ts",
  "test/kills/kills.test.ts",
  "test/page/xss.test.ts",
  "test/e2e/firefox-and-chromium.test.ts",
  "test/e2e/transports.test.ts",
  "test/e2e/search.test.ts",
  "test/screens/reading.test.ts",
  "test/doctor/doctor.test.ts",
  "test/account/full-storage.test.ts",
  "test/account/half-stanza.test.ts",
  "test/account/attended.test.ts",
  "test/account/files.test.ts",
  "test/account/catching-up.test.ts",
  "test/account/sign-in.test.ts",
  "test/account/slow-browser.test.ts",
];

/** `alone` one after the other; `working` and `waiting` at the same time, each from its beginning. */
export type Schedule = {
  readonly alone: readonly string[];
  readonly working: readonly string[];
  readonly waiting: readonly string[];
};

/** @param files paths of test files, of which each is in one of the three lists of the result */
export function schedule(files: readonly string[]): Schedule {
  const alone = files.filter((path) => ALONE[path] !== undefined);
  const others = files.filter((path) => ALONE[path] === undefined);
  const first = LONGEST.filter((path) => others.includes(path));
  const together = [...first, ...others.filter((path) => !first.includes(path))];
  const works = (path: string) => WORKING.some((folder) => path.startsWith(folder));
  return { alone, working: together.filter(works), waiting: together.filter((path) => !works(path)) };
}
