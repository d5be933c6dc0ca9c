/**
 * Work that may take so long and no longer. The timer ends with the work: one that goes on by itself, as
 * `AbortSignal.timeout` does, may keep an idle object from sleeping.
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
