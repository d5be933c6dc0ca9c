/** Texts of strangers that are shown on one line: titles of pages and the like. */

/** Marks that turn the direction, or are not seen; but for the joiners, of which scripts and emoji are made. */
const UNSEEN = /(?!\u200c|\u200d|\ufe0e|\ufe0f)(?:\p{Cf}|\p{Default_Ignorable_Code_Point})/gu;
/** What is no character, or ends a line. */
const UNFIT = /\p{Cc}|\p{Cs}|\p{Co}|\p{Cn}|\p{Zl}|\p{Zp}/gu;
/** More marks on one letter than any script has: they reach over the lines above. */
const HEAP = /(\p{M}{4})\p{M}+/gu;
/** UTF-16 units that are looked at for each code point that may be shown. */
const LOOKED_AT = 8;

/**
 * On one line, without marks that turn or hide it, at most so many code points; what is longer ends in `…`. Empty where
 * nothing is to be seen.
 *
 * @example oneLine(" two\n lines\u202e ", 200) // "two lines"
 */
export function oneLine(text: string, most: number): string {
  const looked = text.slice(0, most * LOOKED_AT);
  const line = looked.normalize("NFC").replace(UNSEEN, "").replace(UNFIT, " ").replace(HEAP, "$1");
  const all = [...line.replace(/\s+/gu, " ").trim()];
  if (!all.some((one) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(one))) return "";
  return all.length <= most
    ? all.join("")
    : `${all
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
}
