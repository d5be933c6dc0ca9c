/** Puts words into the composer for somebody who is writing: the focus stays in them, and so does the caret. */
import type { Writing } from "../../model/conversation/writing.ts";

export function writeInto(
  area: HTMLTextAreaElement | null,
  writing: Writing,
  { text, caret }: { readonly text: string; readonly caret: number },
): void {
  writing.text.value = text;
  if (area === null) return;
  area.value = text;
  area.focus({ preventScroll: true });
  area.setSelectionRange(caret, caret);
}

/** Something where the caret is, or in the place of what is marked. */
export function insertInto(area: HTMLTextAreaElement | null, writing: Writing, put: string): void {
  const { value = "", selectionStart = 0, selectionEnd = 0 } = area ?? {};
  const text = value.slice(0, selectionStart) + put + value.slice(selectionEnd);
  writeInto(area, writing, { text, caret: selectionStart + put.length });
}
