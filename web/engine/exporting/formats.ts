/** The two files that are written out: JSON Lines for programs, and one page of HTML for people. */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { ExportWords } from "../protocol/exporting.ts";
import { withoutStrayClosings } from "../../words/visible.ts";
import type { MessageRecord } from "./record.ts";

export type ChatRecord = { readonly jid: BareJid; readonly name: string; readonly room: boolean };

/** What stands where; texts, in their order. */
export interface Format {
  head(account: BareJid, made: string): string | Promise<string>;
  chat(chat: ChatRecord): string;
  message(message: MessageRecord): string;
  tail(messages: number): string;
}

const line = (record: unknown) => `${JSON.stringify(record)}\n`;

/** The last line says how many messages there are: a file without it is cut off. */
export const LINES: Format = {
  head: (account, made) => line({ type: "export", program: "Alcove", version: 1, account, made }),
  chat: (chat) => line({ type: "chat", ...chat }),
  message: line,
  tail: (messages) => line({ type: "end", messages }),
};

const STYLE = `body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color:#1c1c1a;background:#fff}
header{padding:.75rem 1rem;border:2px solid #a33}h2{margin-top:3rem;overflow-wrap:anywhere}article{margin:.75rem 0;padding-inline-start:.75rem;border-inline-start:3px solid #bbb}
.own{border-color:#177}.said{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}footer,small{color:#555}blockquote{margin:.25rem 0;color:#555;white-space:pre-wrap}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}footer,small,blockquote{color:#aaa}}`;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Nothing of it is markup, in a text or in an attribute. */
function escaped(text: string): string {
  return withoutStrayClosings(text).replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? "");
}

/** All there is in the file is text: its policy lets nothing run and nothing be fetched, should that ever fail. */
export function htmlPage(words: ExportWords): Format {
  const times = new Intl.DateTimeFormat(words.language, { dateStyle: "medium", timeStyle: "short" });
  const small = (parts: readonly (string | false | undefined)[]) =>
    parts.flatMap((part) => (part ? [` · ${escaped(part)}`] : [])).join("");
  return {
    async head(account, made) {
      const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE));
      const policy = `default-src 'none'; style-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'; base-uri 'none'; form-action 'none'`;
      const title = escaped(`${words.title} · ${account}`);
      return `<!doctype html>
<html lang="${escaped(words.language)}" dir="${words.direction}">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1><header><p>${escaped(words.lead)}</p><p><time datetime="${made}">${escaped(times.format(new Date(made)))}</time></p></header>
`;
    },
    chat: ({ jid, name }) =>
      `<h2><bdi>${escaped(name)}</bdi>${name === jid ? "" : ` <small><bdi>${escaped(jid)}</bdi></small>`}</h2>\n`,
    message({ at, own, from, nick, text, encrypted, editedAt, answers, reactions, whisper }) {
      const who = own ? words.you : (nick ?? from);
      const quote = answers?.text === undefined ? "" : `<blockquote dir="auto">${escaped(answers.text)}</blockquote>`;
      const reacted = reactions?.map((one) => `${one.emojis.join("")} ${one.from}`).join(", ");
      const alone =
        whisper === undefined ? undefined : own ? words.whisperTo.replace("{name}", () => whisper) : words.whisper;
      return `<article${own ? ' class="own"' : ""}><b><bdi>${escaped(who)}</bdi></b> <small><time datetime="${at}">${escaped(times.format(new Date(at)))}</time>${small([editedAt !== undefined && words.edited, alone ?? (!encrypted && words.clear), reacted])}</small>${quote}<p class="said" dir="auto">${escaped(text)}</p></article>\n`;
    },
    tail: () => "</body></html>\n",
  };
}
