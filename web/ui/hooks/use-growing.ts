import type { RefCallback } from "preact";
import { useCallback, useRef, useState } from "preact/hooks";

/** No row is lower: as many are drawn at first as a window shows, and those ahead as soon as it stands. */
const LEAST_ROW_PX = 40;
/** So few that they are drawn within a frame or two. */
const MORE = 50;
/** So far before its end is in sight a list grows. */
const AHEAD = "800px";

/**
 * How much of a long list is drawn: what fits on a screen and more, and the next part as its end comes near. `end`: for an
 * element behind the last row, which is there while anything is left. `more`: rows of a part.
 */
export function useGrowing(
  total: number,
  more = MORE,
): { readonly shown: number; readonly end: RefCallback<HTMLElement> } {
  const [shown, setShown] = useState(() => Math.ceil(innerHeight / LEAST_ROW_PX));
  const watch = useRef<IntersectionObserver | undefined>(undefined);
  const end = useCallback(
    (element: HTMLElement | null) => {
      watch.current?.disconnect();
      watch.current = undefined;
      if (element === null) return;
      const observer = new IntersectionObserver(
        (seen) => {
          if (seen.some(({ isIntersecting }) => isIntersecting)) setShown((now) => now + more);
        },
        { root: element.closest("[data-scrolls]"), rootMargin: AHEAD },
      );
      observer.observe(element);
      watch.current = observer;
    },
    [more],
  );
  return { shown: Math.min(shown, total), end };
}
