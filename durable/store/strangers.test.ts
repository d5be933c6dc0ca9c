import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../worker/contract/entries.ts";
import type { BareJid, Position, Seq } from "../../worker/contract/names.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { Applier } = await import("./apply.ts");

const ALICE = "alice@a.example" as BareJid;
const EVE = "eve@x.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const AT_ONCE = 100;
const OF_ALL = 500;

let ids = 0;
const message = (from: BareJid, text = "spam"): MessageEvent => {
  ids += 1;
  return {
    kind: "message",
    chat: from,
    sender: from,
    outgoing: false,
    at: Date.now(),
    originId: `m${ids}`,
    content: { kind: "clear", text },
  };
};

function scene() {
  const stores = storesOf(ALICE);
  const applier = new Applier(stores);
  const take = (...events: Parameters<typeof applier.apply>[0]) => stores.turn(() => applier.apply(events));
  const entries = (): readonly Entry[] => {
    const all: Entry[] = [];
    for (;;) {
      const page = stores.log.page(all.length as Seq, 200).entries;
      if (page.length === 0) return all;
      all.push(...page);
    }
  };
  const from = (jid: BareJid) => entries().filter((entry) => entry.kind === "message" && entry.chat === jid).length;
  const floods = () => entries().filter((entry) => entry.kind === "gap" && entry.why === "flood");
  return { stores, take, from, floods };
}

test("S8: of 2,000 messages of a stranger a hundred are kept, and one line says that there were more", () => {
  const { take, from, floods } = scene();
  for (let n = 0; n < 2_000; n += 1) take(message(EVE));
  assert.equal(from(EVE), AT_ONCE);
  assert.deepEqual(
    floods().map((entry) => entry.kind === "gap" && entry.chat),
    [EVE],
  );
});

test("S8: 2,000 strangers together fill no more than their budget, and a friend's messages are all kept", () => {
  const { stores, take, from, floods } = scene();
  take({ kind: "contact", jid: BOB, subscription: "both", asked: false });
  for (let n = 0; n < 2_000; n += 1) {
    take(message(`eve${n}@x.example` as BareJid));
    take(message(BOB, `to be read ${n}`));
  }
  assert.equal(from(BOB), 2_000);
  assert.ok(floods().length <= 200, `${floods().length} markers`);
  assert.ok(stores.log.head <= 2_000 + OF_ALL + 200 + 1);
});

test("S8: what cannot be read of a stranger, or of nobody, fills no more of the log than what can", () => {
  const { stores, take } = scene();
  const unreadable = (n: number, chat?: BareJid) =>
    ({
      kind: "unreadable",
      outgoing: false,
      at: Date.now(),
      originId: `u${n}`,
      ...(chat && { chat, sender: chat }),
    }) as const;
  for (let n = 0; n < 2_000; n += 1) take(unreadable(n, EVE));
  assert.equal(stores.log.head, AT_ONCE + 1, "and one line that there were more");
  for (let n = 0; n < 2_000; n += 1) take(unreadable(n));
  assert.equal(stores.log.head, 2 * (AT_ONCE + 1));
  take({ kind: "contact", jid: BOB, subscription: "both", asked: false });
  const before = stores.log.head;
  for (let n = 0; n < 300; n += 1) take(unreadable(n, BOB));
  assert.equal(stores.log.head, before + 300, "of a contact each leaves its marker");
});

test("S8: what strangers send while older messages are still missing is kept within their budget as well", () => {
  const { stores, take, from, floods } = scene();
  const applier = new Applier(stores);
  take({ kind: "contact", jid: BOB, subscription: "both", asked: false });
  const defer = (event: MessageEvent) => stores.turn(() => applier.defer(ALICE, [event]));
  for (let n = 0; n < 2_000; n += 1) defer(message(EVE));
  for (let n = 0; n < 1_000; n += 1) defer(message(BOB, `to be read ${n}`));
  for (let n = 0; n < 2_000; n += 1) defer(message(`eve${n}@x.example` as BareJid));
  const deferred = stores.turn(() => stores.deferred.take(ALICE));
  assert.ok(deferred.length <= 1_000 + 600, `${deferred.length}`);
  for (const events of deferred) stores.turn(() => applier.apply(events));
  assert.deepEqual([from(BOB), from(EVE), floods().length > 0], [1_000, AT_ONCE, true]);
  assert.equal(from("eve0@x.example" as BareJid), 1, "one stranger's flood does not keep out another");
});

test("S8: whoever was written to, or is asked to be a contact, is no stranger", () => {
  const { stores, take, from } = scene();
  stores.turn(() => stores.conversations.setWrittenTo(EVE));
  take({ kind: "contact", jid: BOB, subscription: "none", asked: true });
  for (let n = 0; n < 300; n += 1) take(message(EVE), message(BOB));
  assert.deepEqual([from(EVE), from(BOB)], [300, 300]);
});

test("S8: after a while a stranger may write again, and a reset forgets nothing of what all have used", ({ mock }) => {
  mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-27T12:00:00Z") });
  const { take, from } = scene();
  for (let n = 0; n < 200; n += 1) take(message(EVE));
  assert.equal(from(EVE), AT_ONCE);
  mock.timers.tick(60 * 60_000);
  for (let n = 0; n < 200; n += 1) take(message(EVE));
  assert.equal(from(EVE), AT_ONCE + 12, "twelve an hour");
});

test("S8: of a thousand requests a hundred wait, and asking and withdrawing fills no log", () => {
  const { stores, take } = scene();
  for (let n = 0; n < 1_000; n += 1) take({ kind: "request", jid: `eve${n}@x.example` as BareJid, pending: true });
  assert.equal(stores.contacts.requests(), 100);
  const before = stores.log.head;
  for (let n = 0; n < 1_000; n += 1) {
    take({ kind: "request", jid: EVE, pending: true });
    take({ kind: "request", jid: EVE, pending: false });
  }
  assert.ok(stores.log.head - before <= 2 * AT_ONCE, `${stores.log.head - before} entries`);
});

test("S8: history that is read backwards has no budget: the person wants to see it", () => {
  const { stores, from } = scene();
  const applier = new Applier(stores);
  let place = 0;
  for (let n = 0; n < 300; n += 1) {
    place -= 1;
    stores.turn(() => applier.apply([message(EVE)], () => place as Position, true));
  }
  assert.equal(from(EVE), 300);
});
