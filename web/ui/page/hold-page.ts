/** What stands nowhere but on this page is not lost by a slip: the browser asks before the page goes. */
import { effect, type ReadonlySignal } from "@preact/signals-core";

/** Until there is nothing left of these: the same ones may be named several times. */
export function holdPage(left: ReadonlySignal<readonly unknown[]>): void {
  if (left.peek().length === 0 || held.has(left)) return;
  held.add(left);
  addEventListener("beforeunload", ask);
  const stop = effect(() => {
    if (left.value.length > 0) return;
    held.delete(left);
    if (held.size === 0) removeEventListener("beforeunload", ask);
    queueMicrotask(() => stop());
  });
}

const held = new Set<ReadonlySignal<readonly unknown[]>>();

/** HTML §7.4.2.4: the words are the browser's own. */
function ask(event: Event): void {
  event.preventDefault();
}
