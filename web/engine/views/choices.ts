/** What the person has chosen, as pages see it: as it was told, for whoever reads a value knows what it can be. */
import { CHAT_CHOICES, type ChatChoices, type Choice } from "../../../worker/contract/choices.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { choiceKeyOf, choiceOf } from "../store/people-rows.ts";

/** What they have set for themselves. */
export function settingsIn({ cache }: Pick<Account, "cache">): readonly Choice[] {
  return [...cache.choices.values()].map(choiceOf).filter(({ chat }) => chat === undefined);
}

/** Those for which something was chosen: most of thousands need not be looked for by each name. */
export function chatsWithChoices({ cache }: Pick<Account, "cache">): ReadonlySet<string> {
  return new Set([...cache.choices.keys()].map((key) => key.slice(0, key.indexOf("\n"))));
}

/** What was chosen for a conversation; there may be thousands, so each name is looked up. */
export function choicesIn({ cache }: Pick<Account, "cache">, chat: BareJid): { readonly choices?: ChatChoices } {
  const entries = Object.keys(CHAT_CHOICES).flatMap((name) => {
    const row = cache.choices.get(choiceKeyOf({ chat, name }));
    const value = row && choiceOf(row).value;
    return value === undefined ? [] : [[name, value]];
  });
  return entries.length > 0 ? { choices: Object.fromEntries(entries) as ChatChoices } : {};
}
