/** A search that looks through the messages of a script, in the place of the worker. */
import type {
  CollectedPage,
  CollectRequest,
  SearchAnswer,
  SearchReply,
  SearchRequest,
  SearchWorker,
} from "../../web/engine/protocol/search.ts";
import { collectedAs } from "../../web/engine/search/collecting.ts";
import type { MessageRow } from "../../web/engine/store/conversation-rows.ts";
import { excerptOf } from "../../web/engine/search/excerpt.ts";
import { folded } from "../../web/words/folded.ts";
import type { EngineScript } from "./scripted-engine.ts";

/** `broken`: it can read nothing. `silent`: it never answers. */
export type SearchScript = "broken" | "silent" | undefined;

export function scriptedSearch({ messages }: EngineScript, how: SearchScript): SearchWorker {
  const listeners: ((event: { readonly data: SearchReply }) => void)[] = [];
  const answer = ({ query, limit }: SearchRequest): SearchAnswer => {
    const places = new Set<string>(query.chats);
    const items = Object.values(messages)
      .flat()
      .filter(({ chat }) => places.has(chat));
    const found = items.flatMap((item) => {
      if (item.body.kind !== "text") return [];
      const { text } = item.body;
      if (!query.words.every((word) => folded(text).includes(word))) return [];
      if (query.from !== undefined && (item.outgoing ? !query.from.own : !query.from.people.includes(item.chat)))
        return [];
      return { ...item, excerpt: excerptOf(text, query.words) };
    });
    const since = found.filter(({ at }) => at >= (query.since ?? 0) && at < (query.until ?? at + 1));
    const hits = since.toSorted((a, b) => (query.oldest === true ? a.at - b.at : b.at - a.at));
    const oldest = items.toSorted((a, b) => a.at - b.at)[0];
    return { hits: hits.slice(0, limit), total: hits.length, ...(oldest && { reach: oldest.at }) };
  };
  const pageOf = ({ collect: { chat, what } }: CollectRequest): CollectedPage => {
    const items = Object.values(messages)
      .flat()
      .filter((item) => item.chat === chat && collectedAs({ ...item, hidden: 0, counted: 0 } as MessageRow) === what);
    return { items: items.toReversed() };
  };
  return {
    postMessage(request) {
      if (how === "silent") return;
      const found = "collect" in request ? { page: pageOf(request) } : { answer: answer(request) };
      const data = { id: request.id, ...(how === "broken" ? {} : found) };
      for (const listener of listeners) setTimeout(() => listener({ data }));
    },
    addEventListener(type: string, listener: unknown) {
      if (type === "message") listeners.push(listener as (typeof listeners)[number]);
    },
    terminate: () => undefined,
  };
}
