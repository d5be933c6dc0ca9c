/** In place of the search's worker of the built page: whatever is looked for, the words of the hostile world are found. */
import type { SearchReply, SearchRequest } from "../../web/engine/protocol/search.ts";
import { CHATS } from "./hostile-world.ts";

type Scope = {
  postMessage(reply: SearchReply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<SearchRequest>) => void): void;
};

const scope = globalThis as unknown as Scope;
/** The hostile engine says its words whenever it is asked for them. */
const said = new BroadcastChannel("hostile-words");
let asked = 0;

scope.addEventListener("message", ({ data }) => {
  asked = data.id;
  said.postMessage("?");
});

said.addEventListener("message", ({ data: words }: MessageEvent<string>) => {
  const hit = {
    key: "found",
    chat: CHATS.stranger,
    position: 1,
    at: 1,
    outgoing: false,
    author: { nick: words },
  } as const;
  const excerpt = [
    { text: words, found: true },
    { text: words, found: false },
  ];
  scope.postMessage({ id: asked, answer: { hits: [{ ...hit, excerpt }], total: 1 } } as unknown as SearchReply);
});
