import type { ReadonlySignal } from "@preact/signals-core";
import { useValue } from "../hooks/use-value.ts";

/** New messages for people who listen. Apart from the list, so that rows moving there are not read out again. */
export function LiveRegion({ words }: { readonly words: ReadonlySignal<string> }) {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {useValue(words)}
    </div>
  );
}
