import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { ContactEntry } from "../../worker/contract/entries.ts";
import type { BareJid, Seq } from "../../worker/contract/names.ts";
import { HI } from "../testing/ingest.ts";
import { storesOf } from "../testing/stores.ts";
import { Applier } from "./apply.ts";

const DAVE = "dave@d.example" as BareJid;

let stores: ReturnType<typeof storesOf>;
let applier: Applier;

beforeEach(() => {
  stores = storesOf("me@a.example" as BareJid);
  applier = new Applier(stores);
});

const asks = () => stores.turn(() => applier.apply([{ kind: "request", jid: DAVE, pending: true }]));
const told = (): readonly ContactEntry[] =>
  stores.log.page(0 as Seq, 100).entries.flatMap((entry) => (entry.kind === "contact" ? [entry] : []));

test("U8: who was declined asks in vain, however often, until somebody turns to them", () => {
  asks();
  assert.equal(stores.contacts.get(DAVE).request, true);
  stores.contacts.decline(DAVE);
  assert.deepEqual([told().at(-1)?.subscription, told().at(-1)?.declined], ["removed", true]);
  const before = told().length;
  asks();
  assert.equal(told().length, before, "browsers hear nothing of it");
  stores.contacts.beginRoster();
  stores.contacts.endRoster();
  assert.equal(stores.contacts.get(DAVE).declined, true, "a new stream changes nothing");
  stores.contacts.forgive(DAVE);
  asks();
  assert.deepEqual([told().at(-1)?.request, told().at(-1)?.declined], [true, undefined]);
});

test("U8: what another client of ours writes to them takes the refusal back, an old message of the archive does not", () => {
  stores.contacts.decline(DAVE);
  const mine = { chat: DAVE, sender: "me@a.example" as BareJid, outgoing: true } as const;
  stores.turn(() => applier.apply([{ ...HI, ...mine, originId: "old" }], () => undefined, true));
  assert.equal(stores.contacts.get(DAVE).declined, true);
  stores.turn(() => applier.apply([{ ...HI, ...mine, originId: "new" }]));
  assert.equal(stores.contacts.get(DAVE).declined, undefined);
});

test("U8: who is blocked follows the server, by whichever client that was done", () => {
  const block = (change: Parameters<Applier["apply"]>[0][number] & { kind: "block" }) =>
    stores.turn(() => applier.apply([change]));
  asks();
  block({ kind: "block", change: { kind: "blocked", jids: [DAVE] } });
  assert.deepEqual([told().at(-1)?.blocked, told().at(-1)?.request], [true, false], "the question is over");
  asks();
  assert.equal(stores.contacts.get(DAVE).request, false);
  stores.contacts.replaceBlocked([DAVE]);
  assert.equal(stores.contacts.get(DAVE).blocked, true);
  block({ kind: "block", change: { kind: "none-blocked" } });
  assert.deepEqual([told().at(-1)?.blocked, told().at(-1)?.subscription], [undefined, "removed"]);
});

test("U4: whom we have asked is welcome until they are a contact, are removed, declined or blocked", () => {
  const item = { kind: "contact", jid: DAVE, asked: true, groups: [] } as const;
  const welcomed = (end: () => void) => {
    stores.contacts.setWelcome(DAVE, true);
    stores.contacts.put({ ...item, subscription: "none" });
    stores.contacts.put({ ...item, subscription: "to", asked: false });
    assert.equal(stores.contacts.welcomes(DAVE), true, "their answer may come before their question");
    end();
    assert.equal(stores.contacts.welcomes(DAVE), false);
  };
  welcomed(() => stores.contacts.put({ ...item, subscription: "both", asked: false }));
  welcomed(() => stores.contacts.put({ ...item, subscription: "removed", asked: false }));
  welcomed(() => stores.contacts.decline(DAVE));
  welcomed(() => stores.contacts.setBlocked(DAVE, true));
});

test("U4: whom we write to first is welcome; whoever wrote first, is a contact or was one is not", () => {
  const said = (who: BareJid, outgoing: boolean, id: string) =>
    ({ ...HI, chat: who, sender: outgoing ? stores.meta.account : who, outgoing, originId: id }) as const;
  const take = (history: boolean, ...events: ReturnType<typeof said>[]) =>
    stores.turn(() => applier.apply(events, () => undefined, history));
  const [erin, frank, grace] = ["erin@d.example", "frank@d.example", "grace@d.example"] as BareJid[];
  assert.ok(erin !== undefined && frank !== undefined && grace !== undefined);
  take(false, said(DAVE, true, "1"));
  assert.equal(stores.contacts.welcomes(DAVE), true);
  stores.contacts.setWelcome(DAVE, false);
  take(false, said(DAVE, true, "2"));
  assert.equal(stores.contacts.welcomes(DAVE), false, "a second word is no first one");
  take(false, said(erin, false, "3"), said(erin, true, "4"));
  assert.equal(stores.contacts.welcomes(erin), false, "they began, and are asked about");
  stores.contacts.put({ kind: "contact", jid: frank, subscription: "both", asked: false });
  take(false, said(frank, true, "5"));
  assert.equal(stores.contacts.welcomes(frank), false);
  take(true, said(grace, true, "6"));
  assert.equal(stores.contacts.welcomes(grace), false, "what is read again, of long ago, welcomes nobody");
});

test("V4: what a contact calls themselves is told; a stranger's own name is not", () => {
  const called = (nick?: string) =>
    stores.turn(() => applier.apply([{ kind: "nick", jid: DAVE, ...(nick !== undefined && { nick }) }]));
  called("Your Bank");
  assert.equal(told().length, 0);
  stores.contacts.put({ kind: "contact", jid: DAVE, subscription: "both", asked: false });
  called("Davina");
  assert.equal(told().at(-1)?.nick, "Davina");
  stores.contacts.put({ kind: "contact", jid: DAVE, name: "Work", subscription: "both", asked: false });
  assert.deepEqual([told().at(-1)?.name, told().at(-1)?.nick], ["Work", "Davina"]);
  called();
  assert.equal(told().at(-1)?.nick, undefined);
});
