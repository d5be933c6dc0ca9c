/** Calls that tell when the way to the object seems to be cut: one did not arrive, or has no answer for long. */
import type { Remote } from "./calls.ts";

/** An answer takes longer only where the object waits for somebody else's server, and then nothing is lost by a look. */
const LONG_MS = 3_000;

/** The same calls; `doubt` is called while the reason to is fresh, perhaps more than once. */
export function watchedCalls(remote: Remote, doubt: () => void): Remote {
  return {
    signIn: (args) => remote.signIn(args),
    finishSignIn: (args) => remote.finishSignIn(args),
    signOut: (args) => remote.signOut(args),
    renew: () => remote.renew(),
    as: (browser) => watchedCalls(remote.as(browser), doubt),
    call: async (name, args) => {
      const late = setTimeout(doubt, LONG_MS);
      try {
        const answer = await remote.call(name, args);
        if (!answer.ok && answer.error.kind === "offline") doubt();
        return answer;
      } finally {
        clearTimeout(late);
      }
    },
  };
}
