/** What the person has chosen, as pages see it. */
import {
  CHAT_CHOICES,
  type ChatChoices,
  type ChatChoiceName,
  type Settings,
} from "../../../worker/contract/choices.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { chatChoicesOf, settingsOf } from "../../../worker/shared/choices.ts";
import type { Account } from "../account.ts";
import { chosen } from "../choices/choices.ts";
import { choiceKeyOf } from "../store/conversation-rows.ts";

const NAMES = Object.keys(CHAT_CHOICES) as readonly ChatChoiceName[];

/** Everything that can be set, whether it was or not. */
export function settingsIn({ cache }: Pick<Account, "cache">): Settings {
  return settingsOf([...cache.choices.values()].map(chosen));
}

/** Undefined: nothing was chosen for it. There may be thousands of conversations, so each name is looked up. */
export function choicesIn({ cache }: Pick<Account, "cache">, chat: BareJid): ChatChoices | undefined {
  if (cache.choices.size === 0) return undefined;
  const rows = NAMES.flatMap((name) => cache.choices.get(choiceKeyOf({ chat, name })) ?? []);
  const choices = chatChoicesOf(chat, rows.map(chosen));
  return Object.keys(choices).length === 0 ? undefined : choices;
}
