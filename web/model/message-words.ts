/** What is shown of a message's text: the text, or a line in its place where it says nothing to a person. */
import type { Happening } from "../../worker/contract/entries.ts";
import type { MessageItem, Reason } from "../engine/protocol/conversations.ts";
import { type TextKey, text } from "../i18n/text.ts";
import { isVisible } from "../words/visible.ts";
import { fileLine } from "./file-line.ts";
import { linkify } from "./linkify.ts";
import { styled, wordsOf } from "./styling.ts";

/** An encrypted file, and the small picture of it that some apps put on a line below (XEP-0454 §3, XEP-0231). */
const FILES_ALONE = /^\s*aesgcm:\S+(?:\s+(?:aesgcm|data|https?):\S+)*\s*$/i;
/** Messages and offers of Off-the-Record Messaging, version 1 to 4. */
const ACTION = "/me ";
const OTR = /^\s*\?OTR[v:,.|? 0-9A-Z]/;

const SAID: ReadonlySet<Reason> = new Set<Happening | "retracted" | "moderated">([
  "call",
  "attention",
  "file",
  "retracted",
  "moderated",
]);

/** Nothing is wrong with it: it is shown in a moment. */
const SOON: ReadonlySet<Reason> = new Set<Reason>(["costly", "unproven"]);

export type Lined = Pick<MessageItem, "body" | "unstyled" | "shared" | "seen">;

/**
 * One line about a message, whatever it is. A reason is told in full where the message is; elsewhere only what somebody does,
 * and that it comes in a moment.
 */
export function lineOf({ body, unstyled, shared, seen }: Lined): string {
  if (body.kind === "text" && (body.text === shared?.url || insteadOf(body.text) === "instead--file"))
    return fileLine(body.text, { shared, seen, details: body.details });
  if (body.kind === "text") return unstyled === true ? plainWords(body.text) : unmarkedWords(body.text);
  const isTold = SAID.has(body.reason) || SOON.has(body.reason) || body.reason === "room";
  return text(isTold ? `reason--${body.reason}` : "preview--reason");
}

/** Whether somebody said or did something, as against what could not be read. */
export function saysSomething(body: MessageItem["body"]): boolean {
  return body.kind === "text" || SAID.has(body.reason);
}

/** The line that stands for a text; undefined where the text itself is shown. */
export function insteadOf(words: string): TextKey | undefined {
  if (!isVisible(words)) return "instead--empty";
  if (FILES_ALONE.test(words)) return "instead--file";
  return OTR.test(words) ? "instead--otr" : undefined;
}

/** A file by what it is: no key of it is in that. */
function standIn(instead: TextKey, words: string): string {
  return instead === "instead--file" ? fileLine(words) : text(instead);
}

/** A text for one line of a list, a quote or an announcement: its words without the marks of its style (XEP-0393). */
export function unmarkedWords(words: string): string {
  const instead = insteadOf(words);
  return instead === undefined ? wordsOf(styled(words), text("message--file")) : standIn(instead, words);
}

/** What somebody does, in the words of XEP-0245 §3: the text behind `/me `; undefined where they say something. */
export function actionIn(words: string): string | undefined {
  return words.startsWith(ACTION) && isVisible(words.slice(ACTION.length)) ? words.slice(ACTION.length) : undefined;
}

/** A text as it was written, for a dialog and for the clipboard: no key of a file is in it. */
export function plainWords(words: string): string {
  const instead = insteadOf(words);
  if (instead !== undefined) return standIn(instead, words);
  if (!holdsFile(words)) return words;
  return linkify(words)
    .map((part) => (part.kind === "file" ? text("message--file") : part.text))
    .join("");
}

/** Whether a text holds the key of a file. */
export function holdsFile(words: string): boolean {
  return /aesgcm:\S/i.test(words);
}
