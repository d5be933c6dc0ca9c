/** What of a text can be seen, and what must not reach beyond it. */

/** White space, controls, halves of characters, everything that draws nothing (UAX #44, Default_Ignorable), the blank of Braille. */
const SEEN = /[^\s\p{Cc}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
const BLANK_LINES = /^(?:[^\S\n]*\n)+/;
/** Marks that open or close a direction (UAX #9): they reach to the end of the paragraph, or undo what was opened around. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/gu;
const ISOLATES = /[\u2066-\u2069]/gu;
const POP_ISOLATE = "\u2069";

/** Whether there is anything to be seen: U+200B alone is none. */
export function isVisible(text: string): boolean {
  return SEEN.test(text);
}

/**
 * Without blank lines before and without white space behind. Of several lines the first keeps its indentation, which says
 * how the others stand; before a single one it is a slip of the thumb.
 */
export function withoutBlankEdges(text: string): string {
  const lines = text.replace(BLANK_LINES, "").trimEnd();
  return lines.includes("\n") ? lines : lines.trimStart();
}

/** Without the marks that turn what stands around it. */
export function withoutDirections(text: string): string {
  return text.replace(DIRECTIONS, "");
}

/** Without marks that close what was not opened in this text: they would end the isolation that it is shown in. */
export function withoutStrayClosings(text: string): string {
  let open = 0;
  return text.replace(ISOLATES, (mark) => {
    if (mark !== POP_ISOLATE) open += 1;
    else if (open > 0) open -= 1;
    else return "";
    return mark;
  });
}
