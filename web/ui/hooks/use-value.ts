import type { ReadonlySignal } from "@preact/signals-core";
import { useLayoutEffect, useState } from "preact/hooks";

/** Binds a component to a signal: it renders again whenever the value changes. */
export function useValue<T>(source: ReadonlySignal<T>): T {
  const [, tick] = useState({});
  const value = source.peek();
  useLayoutEffect(() => {
    let shown = value;
    return source.subscribe((next) => {
      if (next === shown) return;
      shown = next;
      tick({});
    });
  }, [source]);
  return value;
}
