/**
 * The words of what opens in a conversation (`web/ui/conversation/menus.tsx`), and with them all others. Whoever imports this belongs to that
 * chunk; what comes first imports `text.ts`, which does not know these keys, so no screen can want words that are not there.
 */
import menus from "./en-menus.json" with { type: "json" };
import en from "./en.json" with { type: "json" };
import { type PluralKeyOf, say, sayInPlural, type TextKeyOf, type Values } from "./text.ts";

const catalogue = { ...en, ...menus };

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
