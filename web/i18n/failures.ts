/**
 * The words of what can be expected to go wrong, and with them all others. They are fetched when something does, or a moment
 * after the first screen stands; whoever imports this belongs to that chunk (`web/ui/parts/why.tsx`).
 */
import en from "./en.json" with { type: "json" };
import failures from "./en-failures.json" with { type: "json" };
import { type PluralKeyOf, say, sayInPlural, type TextKeyOf, type Values } from "./text.ts";

const catalogue = { "failure--offline": en["failure--offline"], ...failures };

export type TextKey = TextKeyOf<typeof catalogue>;
type PluralKey = PluralKeyOf<typeof catalogue>;

/** Is it a key, at run time: it may be made of what a newer release has said. */
export function hasText(key: string): key is TextKey {
  return Object.hasOwn(catalogue, key);
}

/** As `text` of `text.ts`. */
export function text(key: TextKey, values: Values = {}): string {
  return say(catalogue[key], key, values);
}

/** As `plural` of `text.ts`. */
export function plural(key: PluralKey, count: number, values?: Values): string {
  return sayInPlural(catalogue, key, count, values);
}
