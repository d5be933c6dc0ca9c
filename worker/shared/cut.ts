/** The first characters (UTF-16 code units) of a text; never half of one, which no storage keeps as it is. */
export function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}
