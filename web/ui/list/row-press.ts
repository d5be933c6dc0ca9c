/** Rows of the list by another button, by a finger that stays, and by the keyboard: their menu. */
import { hasMoved } from "../../model/swipe.ts";

const LONG_PRESS_MS = 450;

type OpenMenu = (row: HTMLElement, x: number, y: number) => void;

/** The row that an event belongs to. */
export function rowAt(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>("[role=option]") ?? undefined) : undefined;
}

/** The key that stands for the other button, where there is one, and the keys that do. */
export function opensMenu({ key, shiftKey }: KeyboardEvent): boolean {
  return key === "ContextMenu" || (key === "F10" && shiftKey);
}

/** At its end, so that it covers nothing of the row. */
export function openMenuBelow(row: HTMLElement, open: OpenMenu): void {
  const { left, right, bottom } = row.getBoundingClientRect();
  open(row, (left + right) / 2, bottom);
}

/** A finger that came down on a row and stays there; one that moves scrolls. */
export function pressLong(start: PointerEvent, open: OpenMenu): void {
  const row = rowAt(start.target);
  if (start.pointerType !== "touch" || !start.isPrimary || row === undefined) return;
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
    open(row, start.clientX, start.clientY);
  }, LONG_PRESS_MS);
  const end = () => {
    stop.abort();
    clearTimeout(timer);
  };
  const { signal } = stop;
  addEventListener("pointerup", end, { signal });
  addEventListener("pointercancel", end, { signal });
  addEventListener(
    "pointermove",
    ({ clientX, clientY }) => hasMoved(clientX - start.clientX, clientY - start.clientY) && end(),
    { signal },
  );
}
