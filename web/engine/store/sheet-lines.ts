/** What stands on a sheet (`sheets.ts`): a line for each message that can be found. Pure. */
import { folded } from "../../words/folded.ts";
import type { MessageRow } from "./conversation-rows.ts";

/** Above every key: all that was here before has its sheet. */
export const FILLED = "\uffff";
/** Keys of files (XEP-0454 §3), which are shown nowhere and so found nowhere. */
const FILES = /aesgcm:\S+/giu;

/** Who wrote a message, and its words, as a line has them; undefined: it is not to be found. */
export function findable(row: MessageRow | undefined): string | undefined {
  if (row === undefined || row.hidden !== 0 || row.retracted !== undefined || row.edits !== undefined) return undefined;
  if (row.body.kind !== "text") return undefined;
  const words = folded(withoutFiles(row.body.text)).trim();
  if (words === "") return undefined;
  const { author } = row;
  const who = row.outgoing ? OWN : author === undefined ? "" : `${author.jid ?? ""} ${folded(author.nick)}`;
  return `${row.chat}\t${who}\t${words}`;
}

/** In the place of an author: ourselves. */
export const OWN = ">";

export function withoutFiles(text: string): string {
  return text.replace(FILES, "");
}

/** One message on a sheet: its key, when it was said, its conversation, who and what. */
export function lineOf({ key, at }: Pick<MessageRow, "key" | "at">, found: string): string {
  return `\n${key}\t${at}\t${found}`;
}

/** Lines with the one of this message replaced, or gone; undefined where there is none. */
export function withLine(lines: string, key: string, line: string): string | undefined {
  const from = lines.indexOf(`\n${key}\t`);
  if (from < 0) return undefined;
  const end = lines.indexOf("\n", from + 1);
  return lines.slice(0, from) + line + (end < 0 ? "" : lines.slice(end));
}
