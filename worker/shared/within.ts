/** What a promise says, or `late` where it says nothing for so long. The timer ends with the answer. */
export async function within<T, L>(promise: Promise<T>, limitMs: number, late: L): Promise<T | L> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    if (timer !== undefined) clearTimeout(timer);
  }
}

/**
 * Runs `work` with a signal that aborts after `limitMs` (with a `TimeoutError`) or together with `ended`; rejects as `work`
 * does. The timer ends with the work: one that goes on by itself, as that of `AbortSignal.timeout`, may keep an idle object
 * from sleeping.
 */
export async function withinTime<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  ended?: AbortSignal,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException("took too long", "TimeoutError")), limitMs);
  try {
    return await work(ended ? AbortSignal.any([ended, late.signal]) : late.signal);
  } finally {
    clearTimeout(timer);
  }
}
