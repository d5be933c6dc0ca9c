/**
 * What Alcoves say beside an encrypted text, as one text (JSON) that travels sealed like it (`web/engine/omemo/details.ts`,
 * `docs/decisions/sealed-details.md`): an object with a part for each thing that is told. Other apps see nothing of it, so no
 * part says what the text itself has to say, and whoever reads one takes nothing in it for granted.
 */

/** Characters of the whole. */
export const DETAILS_LENGTH = 10_000;

/** `file`: what the file is whose link the text is (`file-details.ts`). `links`: what is behind its link (`link-details.ts`). */
export type DetailsPart = "file" | "links";

/** One part as it was sent, by whoever: to be checked before anything of it is used. Undefined where there is none. */
export function partIn(details: string | undefined, part: DetailsPart): unknown {
  if (details === undefined || details.length > DETAILS_LENGTH) return undefined;
  try {
    const all: unknown = JSON.parse(details);
    return typeof all === "object" && all !== null ? (all as Readonly<Record<string, unknown>>)[part] : undefined;
  } catch {
    // Of somebody who means something else by it.
    return undefined;
  }
}

/** Undefined where nothing is told, or more than fits: the text goes without. */
export function writeDetails(parts: Readonly<Partial<Record<DetailsPart, unknown>>>): string | undefined {
  const details = JSON.stringify(parts);
  return details === "{}" || details.length > DETAILS_LENGTH ? undefined : details;
}
