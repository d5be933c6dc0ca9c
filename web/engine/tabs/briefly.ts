/** Leads this browser for the time of one job: what a service worker does with a push. */
import { LOCK } from "./leader.ts";

/** The job of this worker that was asked for last, however it ends. */
let before: Promise<unknown> = Promise.resolve();

/** One job after the other: a second push would take the lock from the first, which then could store nothing. See `lead`. */
export function leadBriefly<T>(locks: LockManager, job: () => Promise<T>): Promise<T> {
  const doing = before.then(() => lead(locks, job));
  before = doing.catch(() => undefined);
  return doing;
}

/**
 * Does the job as the one writer of this browser's databases. A tab that leads and does not look at them (it is hidden, or frozen) is
 * overtaken: it stands in line for the lock again and begins anew from the disk when the job is done; what it had not committed
 * fails by the writer generation. Whoever takes the lock from the job does the same to it. Fails as the job does.
 */
async function lead<T>(locks: LockManager, job: () => Promise<T>): Promise<T> {
  const granted: Promise<T>[] = [];
  const held = (lock: Lock | null): Promise<unknown> => {
    if (lock === null) return Promise.resolve();
    const doing = job();
    granted.push(doing);
    // Let go of in any case; how it ended is told below.
    return doing.catch(() => undefined);
  };
  const ending = (options: LockOptions) =>
    locks.request(LOCK, options, held).catch((error: unknown) => {
      // Stolen: the job ends by itself, at its next commit.
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    });
  await ending({ ifAvailable: true });
  if (granted.length === 0) await ending({ steal: true });
  const [doing] = granted;
  if (doing === undefined) throw new Error("the lock was not granted");
  return doing;
}
