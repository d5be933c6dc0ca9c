/** Which values a choice can have, and what a person's settings are where they have said nothing. */
import {
  CHAT_CHOICES,
  type ChatChoices,
  type Choice,
  type ChoiceKind,
  type ChoiceValue,
  SEALED_CHOICES,
  SETTINGS,
  type Settings,
} from "../contract/choices.ts";
import { LIMITS } from "../contract/limits.ts";

/** Of the first format (`web/engine/sealed/seal.ts`): whatever is readable is refused. */
const SEALED = /^1\.[0-9a-f]{16}\.[A-Za-z0-9+/]{40,}={0,2}$/;

/** Undefined for a name of a newer release. */
function kindOf({ chat, name }: Pick<Choice, "chat" | "name">): ChoiceKind | undefined {
  if (chat !== undefined && (SEALED_CHOICES as readonly string[]).includes(name)) return "sealed";
  const kinds: Readonly<Record<string, ChoiceKind>> = chat === undefined ? SETTINGS : CHAT_CHOICES;
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** Whether it is within the limits and, where its name is known here, of its kind. */
export function isChoice(choice: Choice): boolean {
  const { value } = choice;
  const kind = kindOf(choice);
  const longest = kind === "sealed" ? LIMITS.sealedChoiceLength : LIMITS.choiceLength;
  if (typeof value === "string" && value.length > longest) return false;
  return value === undefined || kind === undefined || fits(kind, value);
}

function fits(kind: ChoiceKind, value: ChoiceValue): boolean {
  if (typeof kind !== "string") return kind.includes(value);
  if (kind === "language")
    return value === "" || (typeof value === "string" && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(value));
  if (kind === "sealed") return typeof value === "string" && SEALED.test(value);
  return Number.isSafeInteger(value) || (kind === "until" && value === "always");
}

/** What stands by itself: undefined for what has no such value. */
function byItself(kind: ChoiceKind): ChoiceValue | undefined {
  return typeof kind !== "string" ? kind[0] : kind === "language" ? "" : undefined;
}

/** The same, without a value where it is the one that stands by itself. */
export function plainChoice(choice: Choice): Choice {
  const kind = kindOf(choice);
  if (kind === undefined || choice.value !== byItself(kind)) return choice;
  const { value: _plain, ...plain } = choice;
  return plain;
}

/** The settings of a person who has chosen these; what is of no kind known here counts as not chosen. */
export function settingsOf(choices: Iterable<Choice>): Settings {
  const settings: Record<string, ChoiceValue | undefined> = {};
  for (const [name, kind] of Object.entries(SETTINGS)) settings[name] = byItself(kind);
  for (const choice of choices) {
    const { chat, name, value } = choice;
    if (chat === undefined && Object.hasOwn(SETTINGS, name) && isChoice(choice))
      settings[name] = value ?? settings[name];
  }
  return settings as Settings;
}

/** The choices of one conversation by name, those of other conversations and other kinds left out. */
export function chatChoicesOf(chat: Choice["chat"], choices: Iterable<Choice>): ChatChoices {
  const chosen: Record<string, ChoiceValue> = {};
  for (const choice of choices) {
    const { name, value } = choice;
    if (choice.chat !== chat || value === undefined || !Object.hasOwn(CHAT_CHOICES, name) || !isChoice(choice))
      continue;
    chosen[name] = value;
  }
  return chosen as ChatChoices;
}
