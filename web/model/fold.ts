/** Where a long text is cut until somebody wants all of it. Pure. */

/** Lines of a wall that are shown, of about so many letters each; a text of a few lines more is shown whole. */
const LINES = 12;
const LETTERS = 64;
const SPARED_LINES = 4;

/**
 * The beginning of a text that is a wall, without what follows the cut: between two words, so that no link and no letter
 * is cut in two. Undefined: it is shown as it is.
 */
export function foldedText(text: string): string | undefined {
  if (text.length <= LETTERS && !text.includes("\n")) return undefined;
  let [lines, cut, at] = [0, -1, 0];
  for (const line of text.split("\n")) {
    const height = Math.max(1, Math.ceil(line.length / LETTERS));
    if (cut === -1 && lines + height > LINES) cut = cutWithin(line, at, (LINES - lines) * LETTERS);
    lines += height;
    at += line.length + 1;
  }
  if (lines <= LINES + SPARED_LINES || cut <= 0) return undefined;
  return text.slice(0, cut).trimEnd();
}

/** The end of the last whole word before so many letters of a line that begins at `at`; -1: it is one word, which is left whole. */
function cutWithin(line: string, at: number, letters: number): number {
  const end = line.slice(0, letters).search(/\s\S*$/u);
  if (letters === 0) return at;
  if (end > 0) return at + end;
  // Nothing but one word: what leads somewhere is not cut.
  if (/:\/\//u.test(line)) return at > 0 ? at : -1;
  const whole = Array.from(line.slice(0, letters)).slice(0, -1).join("");
  return at + whole.length;
}
