import { useEffect, useState } from "preact/hooks";
import { accountNow } from "../../model/clock.ts";

/** The present, renewed every `everyMs` milliseconds; a component that shows a time or a countdown stays true. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(accountNow);
  useEffect(() => {
    // Not once more for whoever has just begun: all that shows a time would be drawn twice.
    setNow((shown) => (accountNow() - shown < everyMs ? shown : accountNow()));
    const timer = setInterval(() => setNow(accountNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
