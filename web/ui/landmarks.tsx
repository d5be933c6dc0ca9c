/** What only those need who do not see the page as a whole: its main part, and a way past the list. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../i18n/aside.ts";
import { focusScreen } from "./page/focus.ts";

/** Two columns have no room beside each other. */
const NARROW = matchMedia("(max-width: 44rem)");

/** At the beginning of the frame. `inside`: something is open beside the list, or in its place. */
export function Landmarks({ inside }: { readonly inside: boolean }) {
  const here = useRef<HTMLButtonElement>(null);
  const [narrow, setNarrow] = useState(NARROW.matches);
  useLayoutEffect(() => {
    const look = () => setNarrow(NARROW.matches);
    NARROW.addEventListener("change", look);
    return () => NARROW.removeEventListener("change", look);
  }, []);
  useLayoutEffect(() => {
    // Alone on a phone, the list is what the page is about.
    const frame = here.current?.parentElement;
    if (frame) frame.role = narrow && !inside ? "main" : null;
  }, [narrow, inside]);
  return (
    // The first stop of the Tab key, seen while it is that (WCAG 2.4.1).
    <button ref={here} type="button" class="button skip" hidden={!inside} onClick={focusScreen}>
      {text("list--skip")}
    </button>
  );
}
