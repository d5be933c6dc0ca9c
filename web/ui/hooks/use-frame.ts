import { useEffect, useRef } from "preact/hooks";

/** Asks for `work`, as it was last rendered, to run in the next frame, before it is painted; once, however often it is asked for. */
export function useFrame(work: () => void): () => void {
  const asked = useRef<number | undefined>(undefined);
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => () => cancelAnimationFrame(asked.current ?? 0), []);
  return () => {
    asked.current ??= requestAnimationFrame(() => {
      asked.current = undefined;
      latest.current();
    });
  };
}
