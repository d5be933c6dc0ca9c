/** Which system tests run beside others, and which have the machine to themselves. */

/** A test whose claim is about time or about something that all share, and why. */
export const ALONE: Readonly<Record<string, string>> = {
  "test/screens/quick.test.ts": "counts the milliseconds from a key press to the screen",
  "test/account/newest-at-once.test.ts": "asks for the newest message within a second",
  "test/deploy/wrangler-alone.test.ts": "builds dist/web, which others serve at that moment",
};

/** These take longest (`npm test -- --times`), and begin first: one that begins last would be waited for. */
export const LONGEST: readonly string[] = [
  "test/deploy/first.test.ts",
  "test/account/full-storage.test.ts",
  "test/e2e/four-tabs.test.ts",
  "test/deploy/later.test.ts",
  "test/account/half-stanza.test.ts",
  "test/account/resting.test.ts",
  "test/kills/kills.test.ts",
  "test/account/attended.test.ts",
  "test/page/xss.test.ts",
  "test/screens/reading.test.ts",
  "test/e2e/firefox-and-chromium.test.ts",
  "test/account/slow-browser.test.ts",
  "test/account/sign-in.test.ts",
  "test/e2e/transports.test.ts",
];

export type Schedule = { readonly alone: readonly string[]; readonly together: readonly string[] };

/** @param files paths of test files, of which each is in one of the two lists of the result */
export function schedule(files: readonly string[]): Schedule {
  const alone = files.filter((path) => ALONE[path] !== undefined);
  const others = files.filter((path) => ALONE[path] === undefined);
  const first = LONGEST.filter((path) => others.includes(path));
  return { alone, together: [...first, ...others.filter((path) => !first.includes(path))] };
}
