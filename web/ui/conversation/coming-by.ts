/** What is about to be seen, and not only flown over: whoever goes past a hundred pictures wants those where they stop. */

/** So far below and above what is in sight somebody is about to see it. */
const AHEAD = "800px 0px";
/** A scroller is on the move for so long after it has moved. */
const MOVING_MS = 150;
/** Meanwhile so long near is long enough: at the speed of a finger's throw that is before it is in sight. */
const STAYS_MS = 200;

/** When each scroller moved last. */
const moved = new WeakMap<Element, number>();

/** Acts once, when the element is about to be seen; what this returns ends the waiting. */
export function whenNear(element: HTMLElement, act: () => void): () => void {
  const root = element.closest<HTMLElement>(".scroller");
  if (root !== null) follow(root);
  let staying: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(staying);
    watch.disconnect();
  };
  const come = () => {
    end();
    act();
  };
  const watch = new IntersectionObserver(
    (seen) => {
      clearTimeout(staying);
      if (seen.at(-1)?.isIntersecting !== true) return;
      const last = root === null ? undefined : moved.get(root);
      if (last === undefined || performance.now() - last > MOVING_MS) come();
      else staying = setTimeout(come, STAYS_MS);
    },
    { root, rootMargin: AHEAD },
  );
  watch.observe(element);
  return end;
}

function follow(scroller: HTMLElement): void {
  if (followed.has(scroller)) return;
  followed.add(scroller);
  scroller.addEventListener("scroll", () => moved.set(scroller, performance.now()), { passive: true });
}

const followed = new WeakSet<Element>();
