/**
 * The words of what is fetched later (`web/ui/aside.tsx`), and with them all others. Whoever imports this belongs to that
 * chunk, or to one that it fetches; what comes first imports `text.ts`, which does not know these keys, so no screen can want
 * words that are not there.
 */
import aside from "./en-aside.json" with { type: "json" };
import en from "./en.json" with { type: "json" };
import { type PluralKeyOf, say, sayInPlural, type TextKeyOf, type Values } from "./text.ts";

const catalogue = { ...en, ...aside };

export type TextKey = TextKeyOf<typeof catalogue>;
type PluralKey = PluralKeyOf<typeof catalogue>;

/** As `text` of `text.ts`. */
export function text(key: TextKey, values: Values = {}): string {
  return say(catalogue[key], key, values);
}

/** As `plural` of `text.ts`. */
export function plural(key: PluralKey, count: number, values?: Values): string {
  return sayInPlural(catalogue, key, count, values);
}
