import type { RefCallback } from "preact";
import { useCallback, useRef, useState } from "preact/hooks";

const FIRST = 100;
const MORE = 200;
/** So far before its end is in sight a list grows. */
const AHEAD = "800px";

/**
 * How much of a long list is drawn: what fits on a screen and more, and the next part as its end comes near. `end`: for an
 * element behind the last row, which is there while anything is left.
 */
export function useGrowing(total: number): { readonly shown: number; readonly end: RefCallback<HTMLElement> } {
  const [shown, setShown] = useState(FIRST);
  const watch = useRef<IntersectionObserver | undefined>(undefined);
  const end = useCallback((element: HTMLElement | null) => {
    watch.current?.disconnect();
    watch.current = undefined;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) setShown((now) => now + MORE);
      },
      { root: element.closest("[data-scrolls]"), rootMargin: AHEAD },
    );
    observer.observe(element);
    watch.current = observer;
  }, []);
  return { shown: Math.min(shown, total), end };
}
