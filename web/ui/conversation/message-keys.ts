/** Messages by keyboard: the list is one tab stop, the arrow keys walk it. */

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** The row that an event belongs to. */
export function messageAt(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>("li[data-key]") ?? undefined) : undefined;
}

/**
 * Moves the focus to another message, with Shift choosing all on the way; Enter on one opens its menu. What a key does inside a
 * message is not touched.
 */
export function walkMessages(
  event: KeyboardEvent,
  list: HTMLElement,
  openMenu: (row: HTMLElement) => void,
  extend: (from: HTMLElement, to: HTMLElement) => void,
): void {
  const row = messageAt(event.target);
  if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.shiftKey && event.target !== row) return;
  if (event.key === "Enter" && event.target === row && !event.shiftKey) {
    event.preventDefault();
    openMenu(row);
    return;
  }
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const rows = [...list.querySelectorAll<HTMLElement>("li[data-key]")];
  const next = rows[step(rows.indexOf(row), rows.length - 1)];
  next?.focus();
  if (event.shiftKey) extend(row, next ?? row);
}
