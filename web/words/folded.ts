/** Words as they are compared when something is looked for. */

/** Accents, vowel points, and what draws nothing: soft hyphens, joiners. */
const NOT_COMPARED = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x21-\x7e]*(?: [\x21-\x7e]+)*$/;

/**
 * Without case, accents, and forms of one letter: `Straße`, `STRASSE` and `strasse` are the same, `É` and `e` (UAX #15 NFKD;
 * full case folding, Unicode §3.13). Any white space is one space. Folded once more it stays as it is.
 */
export function folded(words: string): string {
  if (PLAIN.test(words)) return words.toLowerCase();
  const letters = words.normalize("NFKD").replace(NOT_COMPARED, "");
  // Down, up and down again: the capital sharp s has no other capital form than itself.
  const cased = letters.toLowerCase().toUpperCase().toLowerCase();
  return cased.normalize("NFKD").replace(NOT_COMPARED, "").replaceAll("ς", "σ").replace(/\s+/gu, " ");
}
