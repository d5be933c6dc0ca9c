import { useEffect } from "preact/hooks";

/** So long after a screen stands: what it needs itself is done, and whoever goes offline later has everything. */
const AHEAD_MS = 2_000;

/** Fetches what may be wanted from here before it is. */
export function useAhead(parts: readonly { readonly want: () => void }[]): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const part of parts) part.want();
    }, AHEAD_MS);
    return () => clearTimeout(timer);
  }, [parts]);
}
