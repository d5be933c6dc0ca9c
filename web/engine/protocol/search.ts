/** What a page may ask of the search, which runs in a worker of its own and only reads what is in this browser. */
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
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

/** What a conversation has of pictures and films, of other files, of links. */
export const COLLECTED = ["media", "files", "links"] as const;
export type Collected = (typeof COLLECTED)[number];

/** A page of it, the newest first: at most so many, from before a place of the conversation. */
export type CollectRequest = {
  readonly id: number;
  readonly account: BareJid;
  readonly collect: {
    readonly chat: BareJid;
    readonly what: Collected;
    readonly before?: Position;
    readonly most: number;
  };
};

/** What pages show of such a message. */
export type CollectedItem = Pick<
  MessageItem,
  "key" | "id" | "chat" | "position" | "at" | "outgoing" | "encrypted" | "author" | "body" | "shared" | "seen"
>;

/** Fewer than were asked for, or none, say nothing: `before` is where the next page begins; without it there is no more. */
export type CollectedPage = { readonly items: readonly CollectedItem[]; readonly before?: Position };

/** A piece of a text, and whether it is what was looked for. */
export type ExcerptPart = { readonly text: string; readonly found: boolean };

export type SearchHit = Pick<MessageItem, "key" | "chat" | "position" | "at" | "outgoing" | "author"> & {
  readonly excerpt: readonly ExcerptPart[];
};

/** The newest first. `reach`: the oldest text that there is in these conversations. */
export type SearchAnswer = { readonly hits: readonly SearchHit[]; readonly total: number; readonly reach?: Time };

/** `answer`, or `page`, is missing where the texts could not be read. */
export type SearchReply = { readonly id: number; readonly answer?: SearchAnswer; readonly page?: CollectedPage };

/** The worker, as its page knows it. */
export interface SearchWorker {
  postMessage(request: SearchRequest | CollectRequest): void;
  addEventListener(type: "message", listener: (event: { readonly data: SearchReply }) => void): void;
  addEventListener(type: "error", listener: (event: { preventDefault(): void }) => void): void;
  terminate(): void;
}
