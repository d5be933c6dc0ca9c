import { useRef } from "preact/hooks";

type Handlers = {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
};

/**
 * A press on the backdrop of a dialog, which is a press on the dialog itself; its content covers the rest. It has to begin and to end
 * there: one that is drawn out of a field, or under which the dialog grows, is given to the dialog by the browser all the same.
 */
export function useBackdrop(leave: () => void): Handlers {
  const began = useRef<EventTarget | null>(null);
  const ended = useRef<EventTarget | null>(null);
  return {
    onPointerDown: ({ target }) => {
      began.current = target;
    },
    onPointerUp: ({ target }) => {
      ended.current = target;
    },
    onClick: ({ target, currentTarget }) => {
      if (target === currentTarget && began.current === target && ended.current === target) leave();
    },
  };
}
