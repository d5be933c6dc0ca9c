import assert from "node:assert/strict";
import { afterEach, beforeEach, it, mock } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { SearchAnswer, SearchReply, SearchRequest, SearchWorker } from "../../engine/protocol/search.ts";
import { MessageSearch } from "./message-search.ts";

const ALICE = "alice@a.example" as BareJid;
const QUERY = { words: ["tea"], chats: [] };
const NOTHING: SearchAnswer = { hits: [], total: 0 };

class ScriptedWorker implements SearchWorker {
  readonly asked: SearchRequest[] = [];
  reply: (reply: SearchReply) => void = () => undefined;
  fail: () => void = () => undefined;
  ended = false;

  postMessage(request: SearchRequest): void {
    this.asked.push(request);
  }

  addEventListener(type: string, listener: unknown): void {
    if (type === "message") this.reply = (data) => (listener as (event: { data: SearchReply }) => void)({ data });
    else
      this.fail = () =>
        (listener as (event: { preventDefault: () => void }) => void)({ preventDefault: () => undefined });
  }

  terminate(): void {
    this.ended = true;
  }
}

let workers: ScriptedWorker[];
let search: MessageSearch;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  workers = [];
  search = new MessageSearch(ALICE, () => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker;
  });
});

afterEach(() => {
  search.close();
  mock.timers.reset();
});

const state = () => search.found.value.state;
const total = () => (search.found.value.state === "found" ? search.found.value.answer.total : undefined);
const newest = () => workers.at(-1) ?? assert.fail("no worker");

it("U17: the newest question alone is answered, and what was found stays until then", () => {
  search.ask(QUERY, 30);
  assert.equal(state(), "searching");
  const [first] = newest().asked;
  newest().reply({ id: first?.id ?? 0, answer: { ...NOTHING, total: 1 } });
  search.ask({ ...QUERY, words: ["teapot"] }, 30);
  assert.equal(state(), "found");
  newest().reply({ id: first?.id ?? 0, answer: { ...NOTHING, total: 7 } });
  assert.equal(total(), 1);
  newest().reply({ id: newest().asked.at(-1)?.id ?? 0, answer: { ...NOTHING, total: 2 } });
  assert.equal(total(), 2);
  search.ask(undefined, 0);
  assert.equal(state(), "idle");
});

it("U17: what cannot be read, or a worker that does not start, is said, and the next question tries again", () => {
  search.ask(QUERY, 30);
  newest().reply({ id: newest().asked.at(-1)?.id ?? 0 });
  assert.equal(state(), "failed");
  search.ask(QUERY, 30);
  newest().fail();
  assert.equal(state(), "failed");
  assert.equal(newest().ended, true);
  search.ask(QUERY, 30);
  assert.equal(workers.length, 2);
  newest().reply({ id: newest().asked.at(-1)?.id ?? 0, answer: NOTHING });
  assert.equal(state(), "found");
});

it("U17: it is warm before the first letter, and let go when nobody has looked for anything for a minute", () => {
  search.warm();
  search.warm();
  assert.equal(workers.length, 1);
  newest().reply({ id: 0, answer: NOTHING });
  assert.equal(state(), "idle");
  search.ask(QUERY, 30);
  assert.equal(workers.length, 1);
  mock.timers.tick(59_000);
  assert.equal(newest().ended, false);
  mock.timers.tick(2_000);
  assert.equal(newest().ended, true);
});
