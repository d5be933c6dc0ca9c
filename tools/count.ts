/** The count with which `npm test` ends. */

export type Count = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const NOTHING: Count = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Checks that are not tests of the test runner - a program that ended well or not - count one each. */
export function countChecks(results: readonly (readonly [string, boolean])[]): Count {
  const passed = results.filter(([, good]) => good).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

/** `12 passed, 0 failed`, and the skipped ones where there are any. */
export function countLine({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** A run that tested nothing has proved nothing. */
export function exitCode({ passed, failed }: Count): 0 | 1 {
  return failed === 0 && passed > 0 ? 0 : 1;
}
