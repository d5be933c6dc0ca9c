/** Entry of the search's worker: it is begun with the first search and ended when nobody searches any more. */
import { drop } from "../../worker/shared/drop.ts";
import { Answering } from "./search/answering.ts";
import { Collecting } from "./search/collecting.ts";
import type { CollectRequest, SearchReply, SearchRequest } from "./protocol/search.ts";

/** The part of a dedicated worker's global scope used here; the DOM types describe the page's. */
type WorkerScope = {
  postMessage(reply: SearchReply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<SearchRequest | CollectRequest>) => void): void;
};

const scope = globalThis as unknown as WorkerScope;
const answering = new Answering((reply) => scope.postMessage(reply));
const collecting = new Collecting((reply) => scope.postMessage(reply));
scope.addEventListener("message", ({ data }) => drop("collect" in data ? collecting.ask(data) : answering.ask(data)));
