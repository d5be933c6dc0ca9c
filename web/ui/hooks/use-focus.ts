import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** For the title of what has taken another screen's place: it gets the focus, so that it is read out and Tab goes on from there. */
export function useFocus<Part extends HTMLElement>(): RefObject<Part | null> {
  const part = useRef<Part>(null);
  useEffect(() => part.current?.focus(), []);
  return part;
}
