/** What is said about a message counts in the conversation that the message stands in, and from nobody else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../worker/contract/entries.ts";
import type { BareJid, ClientId, Seq } from "../../worker/contract/names.ts";
import type { StanzaEvent } from "../ingest/stanza-event.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { Applier } = await import("./apply.ts");

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const EVE = "eve@x.example" as BareJid;

/** Alice has written `mine` to Bob, and Bob `his` to her; Eve has written, too. */
function scene() {
  const stores = storesOf(ALICE);
  const applier = new Applier(stores);
  const take = (...events: readonly StanzaEvent[]) => stores.turn(() => applier.apply(events));
  const says = (chat: BareJid, sender: BareJid, originId: string): StanzaEvent => ({
    kind: "message",
    chat,
    sender,
    outgoing: sender === ALICE,
    at: Date.now(),
    originId,
    archive: { by: ALICE, id: `archived-${originId}` },
    content: { kind: "clear", text: originId },
  });
  take(says(BOB, ALICE, "mine"), says(BOB, BOB, "his"), says(EVE, EVE, "hers"));
  const entries = (): readonly Entry[] => stores.log.page(0 as Seq, 200).entries;
  const progress = () => entries().flatMap((entry) => (entry.kind === "progress" ? [entry.state] : []));
  const read = () => entries().flatMap((entry) => (entry.kind === "read" ? [entry.chat] : []));
  return { take, entries, progress, read };
}

for (const [what, event] of [
  ["a receipt", { kind: "receipt", chat: EVE, of: "mine", state: "delivered" }],
  ["a marker of what has arrived", { kind: "receipt", chat: EVE, of: "mine", state: "delivered", upTo: true }],
  ["a marker of what was seen", { kind: "receipt", chat: EVE, of: "mine", state: "read", upTo: true }],
  ["a refusal", { kind: "bounce", chat: EVE, of: "mine", condition: "gone" }],
] as const) {
  test(`T21: ${what} from somebody else, about a message of another conversation, changes nothing`, () => {
    const { take, progress } = scene();
    take(event);
    assert.deepEqual(progress(), []);
    take({ ...event, chat: BOB });
    assert.equal(progress().length, 1, "of whom it was written to it counts");
  });
}

test("T21: what another app of ours has read of one conversation is not read in another", () => {
  const { take, read } = scene();
  for (const upTo of [{ origin: "his" }, { by: ALICE, id: "archived-his" }] as const) {
    take({ kind: "read-elsewhere", chat: EVE, upTo });
    assert.deepEqual(read(), []);
  }
  take({ kind: "read-elsewhere", chat: BOB, upTo: { origin: "his" } });
  assert.deepEqual(read(), [BOB]);
});

test("T21: a marker about a message that nobody has written changes nothing", () => {
  const { take, progress } = scene();
  take({ kind: "receipt", chat: BOB, of: "never", state: "read", upTo: true });
  assert.deepEqual(progress(), []);
});

/** Alice has written so many to Bob, and the server has taken those that are not `late`. */
function written(count: number, late: readonly number[] = []) {
  const stores = storesOf(ALICE);
  const applier = new Applier(stores);
  const take = (event: StanzaEvent) => stores.turn(() => applier.apply([event]));
  const name = (n: number) => `mine-${n}`;
  const settle = (n: number) => stores.turn(() => applier.settle(name(n)));
  for (let n = 1; n <= count; n += 1) {
    const own = { kind: "message", chat: BOB, sender: ALICE, outgoing: true, at: n, originId: name(n) } as const;
    stores.turn(() => {
      const { seq } = stores.log.insert({ ...own, content: { kind: "clear", text: name(n) } });
      stores.outbox.put({ seq, client: name(n) as ClientId, stanza: "<message/>" });
    });
    if (!late.includes(n)) settle(n);
  }
  const marks = (n: number, state: "delivered" | "read") =>
    take({ kind: "receipt", chat: BOB, of: name(n), state, upTo: true });
  const told = () => {
    const states = new Map<string, string>();
    const names = new Map<string, string>();
    for (let since = 0 as Seq; ; ) {
      const { entries, full } = stores.log.page(since, 500);
      for (const entry of entries) {
        if (entry.kind === "message") names.set(entry.id, entry.originId ?? "");
        if (entry.kind === "progress") states.set(names.get(entry.message) ?? "", entry.state);
        since = entry.seq;
      }
      if (!full) return states;
    }
  };
  return { marks, told, settle, name };
}

test("U1: of 300 messages the last is marked as read, and all of them are", () => {
  const { marks, told, name } = written(300);
  marks(300, "delivered");
  assert.equal(told().get(name(1)), "delivered", "XEP-0333 before 1.0 says the same of what has arrived");
  marks(300, "read");
  assert.deepEqual(new Set(told().values()), new Set(["read"]));
  assert.equal(told().size, 300);
});

test("V8: what the other side says of a message comes with the time when it said so", () => {
  const { take, entries } = scene();
  take({ kind: "receipt", chat: BOB, of: "mine", state: "delivered", at: 1_000 });
  take({ kind: "receipt", chat: BOB, of: "mine", state: "read", at: 2_000, upTo: true });
  const times = entries().flatMap((entry) => (entry.kind === "progress" ? [[entry.state, entry.at]] : []));
  assert.deepEqual(times, [
    ["delivered", 1_000],
    ["read", 2_000],
  ]);
});

test("U1: what the server took late, above one that was marked already, is read with the next one", () => {
  const { marks, told, settle, name } = written(4, [2]);
  marks(3, "read");
  assert.equal(told().get(name(2)), undefined, "nobody has seen what the server does not have");
  settle(2);
  assert.equal(told().get(name(2)), "sent");
  marks(4, "read");
  assert.deepEqual(
    [1, 2, 3, 4].map((n) => told().get(name(n))),
    ["read", "read", "read", "read"],
  );
});
