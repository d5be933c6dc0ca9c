/**
 * What a person has chosen, for one conversation or for themselves, and every browser of the account follows: the object
 * keeps it and the last change in its order stands. It can read all of it, but those that browsers have sealed for one another.
 */
import type { BareJid, Position, Time } from "./names.ts";

/** JSON alone: a mark, a number, a word of up to `LIMITS.choiceLength` characters. */
export type ChoiceValue = boolean | number | string;

/**
 * One choice. `chat`: of this conversation; else of the person as a whole. Without `value`: as it is by itself. Names that a
 * page or an object does not know come from a newer release: they are kept and passed on.
 */
export type Choice = { readonly chat?: BareJid; readonly name: string; readonly value?: ChoiceValue | undefined };

/**
 * What a choice can be: one of these, the first of which stands by itself; a place in the conversation; until when, or
 * `always`; a language tag (RFC 5646), where an empty one is the browser's own; what browsers alone can open.
 */
export type ChoiceKind = readonly ChoiceValue[] | "position" | "until" | "language" | "sealed";

type ValueOf<Kind> = Kind extends readonly (infer Value)[]
  ? Value
  : Kind extends "position"
    ? Position
    : Kind extends "until"
      ? Time | "always"
      : string;

/** Of a conversation. */
export const CHAT_CHOICES = {
  /** Stands before the others in the list. */
  pinned: [false, true],
  /** Out of the list until there is something newer than this place. */
  archived: "position",
  /** Until then nothing of it makes itself noticed. */
  muted: "until",
  /** To be read again, as long as nothing behind this place was read. */
  unread: "position",
  /** What of it notifies. By itself: everything. */
  notify: ["all", "mentions", "nothing"],
  /** A stranger, shown although only contacts may write first. */
  letIn: [false, true],
} as const satisfies Readonly<Record<string, ChoiceKind>>;

/** Of the person. What belongs to one browser, like the size of its text, stays there and is not here. */
export const SETTINGS = {
  /** Others are told that what they wrote has arrived (XEP-0184), and that it was read (XEP-0333). */
  receipts: [true, false],
  markers: [true, false],
  /** Others see that something is being written (XEP-0085); off, that of others is not shown either. */
  typing: [true, false],
  /** Emoji on encrypted messages, which nothing encrypts (XEP-0444): the person has not been told so yet; wants them; does not. */
  reactions: ["unsaid", "on", "off"],
  /** Contacts see that nobody is looking, and since when (XEP-0319). */
  lastSeen: [false, true],
  /** Of whom messages and requests are shown; those of others are kept, and are found where the blocked people are. */
  writesFirst: ["anybody", "contacts"],
  language: "language",
} as const satisfies Readonly<Record<string, ChoiceKind>>;

/**
 * Of a conversation, and sealed (`web/engine/sealed/seal.ts`): what stands unsent in its composer, and what the person alone
 * calls it. The object knows that there is one, and about how long it is.
 */
export const SEALED_CHOICES = ["draft", "name"] as const;
export type SealedName = (typeof SEALED_CHOICES)[number];

type ChatChoiceName = keyof typeof CHAT_CHOICES;

/** What was chosen for a conversation; what is missing is as it is by itself. */
export type ChatChoices = { readonly [Name in ChatChoiceName]?: ValueOf<(typeof CHAT_CHOICES)[Name]> };
/** Everything that a person can set, whether they have or not. */
export type Settings = { readonly [Name in keyof typeof SETTINGS]: ValueOf<(typeof SETTINGS)[Name]> };

/**
 * What the object has: all choices that are not as they would be by themselves, at this revision. It only grows, but in a
 * storage of which an older copy was put back.
 */
export type ChoicesInfo = { readonly revision: number; readonly all: readonly Choice[] };
