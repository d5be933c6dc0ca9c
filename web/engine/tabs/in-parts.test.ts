import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
import type { EngineEvent, Snapshot } from "../protocol/engine.ts";
import { RestOfList } from "./in-parts.ts";

const chat = (name: string, more: object = {}) =>
  ({ jid: `${name}@b.example`, name, relation: "contact", unread: 0, ...more }) as ChatSummary;
const silent = (count: number) =>
  Array.from({ length: count }, (_, n) => chat(`n${String((n * 7_919) % count).padStart(5, "0")}`));
const snapshotOf = (chats: readonly ChatSummary[]) => ({ chats }) as unknown as Snapshot;
const namesOf = (chats: readonly ChatSummary[]) => chats.map(({ name }) => name);

/** What a page is given of a list at once, and what it is told of it when that has gone on for a second. */
function given(chats: readonly ChatSummary[], open?: string, meanwhile: (rest: RestOfList) => void = () => undefined) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told: EngineEvent[] = [];
  const rest = new RestOfList();
  const snapshot = snapshotOf(chats);
  const first = rest.cut(snapshot, open as BareJid | undefined, (event) => told.push(event));
  assert.equal(told.length, 0, "before it has drawn any");
  meanwhile(rest);
  for (let ms = 0; ms < 1_000; ms += 10) mock.timers.tick(10);
  mock.timers.reset();
  return { first, told: told.map((event) => (event.type === "chats" ? event.chats : [])), whole: first === snapshot };
}

test("U19: of thousands of contacts the first by name are told at once, the others in parts, in the order of the list", () => {
  const { first, told } = given(silent(5_000));
  const sorted = namesOf(silent(5_000)).toSorted();
  assert.deepEqual(namesOf(first.chats).toSorted(), sorted.slice(0, first.chats.length));
  assert.ok(told.length > 5 && told.every((part) => part.length <= 500));
  assert.deepEqual(namesOf(told.flat()), sorted.slice(first.chats.length));
});

test("U19: all that may be counted, announced or above others is told at once, and so is the conversation that is open", () => {
  const more: readonly object[] = [
    { last: { key: "k" } },
    { unread: 2 },
    { draft: { text: "x" } },
    { choices: { pinned: true } },
    { relation: "request" },
    { room: { state: "joined" } },
  ];
  const speaking = [...more.map((one, n) => chat(`zz${n}`, one)), chat("zz-open")];
  const { first } = given([...silent(5_000), ...speaking], "zz-open@b.example");
  assert.deepEqual(
    namesOf(first.chats).filter((name) => name.startsWith("zz")),
    namesOf(speaking),
  );
});

test("U19: of a contact of whom something else was told meanwhile the page hears nothing older", () => {
  const [some, other] = ["n04000@b.example", "n04001@b.example"] as BareJid[];
  const { told } = given(silent(5_000), undefined, (rest) =>
    rest.hear({ type: "chats", chats: [chat("n04000", { unread: 1 })], removed: [other as BareJid] }),
  );
  const jids = told.flat().map(({ jid }) => jid);
  assert.equal(jids.length, 4_948);
  assert.ok(!jids.includes(some as BareJid) && !jids.includes(other as BareJid));
});

test("U19: nothing of an account that was left meanwhile is told", () => {
  const left = (rest: RestOfList) => rest.hear({ type: "session", session: { state: "signed-out" } });
  assert.deepEqual(given(silent(5_000), undefined, left).told, []);
});

test("a list that is not long is told as it is", () => {
  const { told, whole } = given(silent(500));
  assert.ok(whole);
  assert.deepEqual(told, []);
});
