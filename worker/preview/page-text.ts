/** The text of a page out of its bytes: in which encoding it is written, the page says itself, or its server. */

/** WHATWG HTML §13.2.3.2: so far a page is looked through for what it says of its encoding. */
const PRESCAN_BYTES = 1_024;
const LABEL = /charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{1,40})/i;
const MARKS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xfe, 0xff], "utf-16be"],
  [[0xff, 0xfe], "utf-16le"],
];

/**
 * @param contentType of the answer; undefined where there is none
 * @returns the text; what is written otherwise than it says comes with U+FFFD in its place
 */
export function pageText(bytes: Uint8Array, contentType: string | undefined): string {
  const marked = MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte))?.[1];
  const label = marked ?? LABEL.exec(contentType ?? "")?.[1] ?? labelInside(bytes) ?? "utf-8";
  return decoderOf(label).decode(bytes);
}

/** One that could be read as ASCII so far is not written in UTF-16, whatever it says (§13.2.3.2). */
function labelInside(bytes: Uint8Array): string | undefined {
  const beginning = new TextDecoder("latin1").decode(bytes.subarray(0, PRESCAN_BYTES));
  const label = beginning
    .match(/<meta[^>]*>/gi)
    ?.map((tag) => LABEL.exec(tag)?.[1])
    .find((one) => one);
  return label !== undefined && /^utf-?16/i.test(label) ? "utf-8" : label;
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    // An encoding that nobody knows.
    return new TextDecoder();
  }
}
