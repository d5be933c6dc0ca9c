/** What a page may ask of the search, which runs in a worker of its own and only reads what is in this browser. */
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { MessageItem } from "./conversations.ts";

/** Everything in it has to fit. */
export type SearchQuery = {
  /** Folded (`web/words/folded.ts`); each stands somewhere in the text. None: any text. */
  readonly words: readonly string[];
  /** In these conversations and no others. */
  readonly chats: readonly BareJid[];
  /** Who wrote it: one of these. `nick`: folded, part of a name in a room. */
  readonly from?: { readonly own: boolean; readonly people: readonly BareJid[]; readonly nick?: string };
  /** Not before, and before. */
  readonly since?: Time;
  readonly until?: Time;
  /** It holds a link. */
  readonly link?: true;
  /** The oldest come first. */
  readonly oldest?: true;
};

/** A later request takes the place of an earlier one, which is not answered then. `limit`: so many of the newest. */
export type SearchRequest = {
  readonly id: number;
  readonly account: BareJid;
  readonly query: SearchQuery;
  readonly limit: number;
};

/** A piece of a text, and whether it is what was looked for. */
export type ExcerptPart = { readonly text: string; readonly found: boolean };

export type SearchHit = Pick<MessageItem, "key" | "chat" | "position" | "at" | "outgoing" | "author"> & {
  readonly excerpt: readonly ExcerptPart[];
};

/** The newest first. `reach`: the oldest text that there is in these conversations. */
export type SearchAnswer = { readonly hits: readonly SearchHit[]; readonly total: number; readonly reach?: Time };

/** `answer` is missing where the texts could not be read. */
export type SearchReply = { readonly id: number; readonly answer?: SearchAnswer };

/** The worker, as its page knows it. */
export interface SearchWorker {
  postMessage(request: SearchRequest): void;
  addEventListener(type: "message", listener: (event: { readonly data: SearchReply }) => void): void;
  addEventListener(type: "error", listener: (event: { preventDefault(): void }) => void): void;
  terminate(): void;
}
