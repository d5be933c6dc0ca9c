import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "@xmpp/xml";
import type { BareJid, BrowserId } from "../../worker/contract/names.ts";
import { storesOf } from "../testing/stores.ts";
import { MEMBERS_ONLY, NON_ANONYMOUS } from "../xep/muc.ts";
import { Composing, TYPING_PER_MINUTE, TYPING_ROOM_MAX } from "./composing.ts";

const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const EVE = "eve@x.example" as BareJid;
const ROOM = "room@rooms.example" as BareJid;
const [A, B] = ["a", "b"] as unknown as readonly [BrowserId, BrowserId];

/** Bob is a contact who is there. */
function scene() {
  const stores = storesOf(ME);
  const sent: Element[] = [];
  const link = { caughtUp: true, send: (stanza: Element) => sent.push(stanza) > 0 };
  stores.turn(() => {
    stores.contacts.put({ kind: "contact", jid: BOB, subscription: "both", asked: false });
    stores.presence.put({ kind: "presence", jid: BOB, resource: "x", available: true });
  });
  const composing = new Composing(stores, link);
  const told = () => sent.splice(0).map(({ attrs, children: [state] }) => `${attrs["to"]} ${(state as Element).name}`);
  return { stores, link, composing, told };
}

test("a contact who is there is told each change once", () => {
  const { composing, told } = scene();
  for (const state of [
    "active",
    "composing",
    "composing",
    "paused",
    "paused",
    "composing",
    "active",
    "active",
  ] as const)
    composing.say(A, BOB, state);
  assert.deepEqual(told(), [`${BOB} composing`, `${BOB} paused`, `${BOB} composing`, `${BOB} active`]);
});

for (const [who, subscription] of [
  ["a stranger", "none"],
  ["one who sees us and shows us nothing", "from"],
  ["one who may not see whether we are online", "to"],
] as const) {
  test(`${who} is told nothing`, () => {
    const { stores, composing, told } = scene();
    stores.turn(() => stores.contacts.put({ kind: "contact", jid: EVE, subscription, asked: false }));
    stores.turn(() => stores.presence.put({ kind: "presence", jid: EVE, resource: "x", available: true }));
    composing.say(A, EVE, "composing");
    assert.deepEqual(told(), []);
  });
}

test("nobody is told who is not there, whom we have blocked, and least of all ourselves", () => {
  const { stores, composing, told } = scene();
  composing.say(A, ME, "composing");
  stores.turn(() => stores.contacts.setBlocked(BOB, true));
  composing.say(A, BOB, "composing");
  stores.turn(() => stores.contacts.setBlocked(BOB, false));
  stores.turn(() => stores.presence.forget(BOB));
  composing.say(A, BOB, "composing");
  assert.deepEqual(told(), []);
});

test("with the choice against it nobody is told, and neither before everything is read", () => {
  const { stores, link, composing, told } = scene();
  link.caughtUp = false;
  composing.say(A, BOB, "composing");
  link.caughtUp = true;
  stores.turn(() => stores.choices.choose([{ name: "typing", value: false }], 0));
  composing.say(A, BOB, "composing");
  assert.deepEqual(told(), []);
});

test("a private room is told while it is small, an open one never", () => {
  const { stores, composing, told } = scene();
  const enter = (n: number) =>
    stores.rooms.put(ROOM, { nick: `n${n}`, affiliation: "member", role: "participant" } as never);
  stores.turn(() => {
    stores.rooms.want(ROOM, "me");
    stores.rooms.entered(ROOM, "me");
    stores.rooms.set(ROOM, { features: ["muc_open", NON_ANONYMOUS] });
    for (const n of [1, 2, 3]) enter(n);
  });
  composing.say(A, ROOM, "composing");
  assert.deepEqual(told(), [], "anybody could come in and watch");
  stores.turn(() => stores.rooms.set(ROOM, { features: [MEMBERS_ONLY, NON_ANONYMOUS] }));
  composing.say(A, ROOM, "composing");
  assert.deepEqual(told(), [`${ROOM} composing`]);
  stores.turn(() => {
    for (let n = 4; n <= TYPING_ROOM_MAX + 1; n += 1) enter(n);
  });
  composing.say(A, ROOM, "paused");
  composing.say(A, ROOM, "composing");
  assert.deepEqual(told(), []);
});

test("however often a page says it, a conversation hears it a bounded number of times, and always the end", () => {
  const { composing, told } = scene();
  for (let n = 0; n < 1_000; n += 1) composing.say(A, BOB, n % 2 === 0 ? "composing" : "active", 1_000 + n);
  const heard = told();
  assert.ok(heard.length <= TYPING_PER_MINUTE + 1, String(heard.length));
  assert.equal(heard.at(-1), `${BOB} active`);
  composing.say(A, BOB, "composing", 200_000);
  assert.deepEqual(told(), [`${BOB} composing`]);
});

test("a browser that goes in the middle of it pauses; another one's typing goes on", () => {
  const { composing, told } = scene();
  composing.say(A, BOB, "composing");
  composing.gone(B);
  assert.deepEqual(told(), [`${BOB} composing`]);
  composing.gone(A);
  assert.deepEqual(told(), [`${BOB} paused`]);
});

test("a message ends it where it was told, once", () => {
  const { composing, told } = scene();
  assert.equal(composing.ended(BOB), false);
  composing.say(A, BOB, "composing");
  assert.equal(composing.ended(BOB), true);
  assert.equal(composing.ended(BOB), false);
  composing.say(A, BOB, "active");
  assert.deepEqual(told(), [`${BOB} composing`]);
});
