import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";
import { OwnPresence } from "./own-presence.ts";

const ALICE = "alice@a.example" as BareJid;
const NOW = Date.UTC(2026, 10, 28, 7, 30, 25);
const MINUTE_MS = 60_000;
const TOLD = "away 2026-11-28T07:30:00.000Z";

/** What her contacts are told, as `away` and since when, or `here`. */
function account(lastSeen: boolean, storage = memoryStorage()) {
  const stores = storesOf(ALICE, storage);
  const browsers = { looked: true };
  const told: string[] = [];
  const send = (presence: Element) => {
    const idle = presence.getChild("idle", "urn:xmpp:idle:1");
    assert.ok(presence.getChild("c"), "what we can do is always said along");
    told.push(idle ? `${presence.getChildText("show")} ${idle.attrs["since"]}` : "here");
    return true;
  };
  const chooses = (value: boolean) => stores.turn(() => stores.choices.choose([{ name: "lastSeen", value }], 0));
  if (lastSeen) chooses(true);
  return { stores, browsers, told, chooses, storage, presence: new OwnPresence(stores, browsers, send) };
}

test("nobody is told anything of looking or not, unless the person wants it", async () => {
  const { presence, browsers, told } = account(false);
  await presence.begin(NOW);
  browsers.looked = false;
  for (const minutes of [0, 1, 2, 600]) presence.look(true, NOW + minutes * MINUTE_MS);
  await sleep(1);
  assert.deepEqual(told, ["here"]);
});

test("where they want it, contacts are told after a minute since when nobody has looked, once, and when somebody does", async () => {
  const { presence, browsers, told } = account(true);
  await presence.begin(NOW - 5 * MINUTE_MS);
  browsers.looked = false;
  for (const seconds of [0, 30, 61, 90, 600]) {
    presence.look(true, NOW + seconds * 1_000);
    await sleep(1);
  }
  assert.deepEqual(told, ["here", TOLD], "to the minute, and not again");
  browsers.looked = true;
  presence.look(true, NOW + 11 * MINUTE_MS);
  await sleep(1);
  assert.deepEqual(told.slice(2), ["here"]);
});

test("a hidden page that comes back by itself, a reset and another stream do not make it later", async () => {
  const { presence, browsers, storage, told } = account(true);
  await presence.begin(NOW - MINUTE_MS);
  browsers.looked = false;
  presence.look(true, NOW);
  const after = account(false, storage);
  after.browsers.looked = false;
  after.presence.look(false, NOW + 2 * MINUTE_MS);
  await after.presence.begin(NOW + 3 * MINUTE_MS);
  after.presence.look(true, NOW + 4 * MINUTE_MS);
  await sleep(1);
  assert.deepEqual([...told, ...after.told], ["here", TOLD]);
});

test("who switches it off is here at once, and what was noted is gone", async () => {
  const { presence, browsers, told, chooses, stores } = account(true);
  browsers.looked = false;
  presence.look(false, NOW);
  await presence.begin(NOW + 2 * MINUTE_MS);
  chooses(false);
  presence.look(true, NOW + 3 * MINUTE_MS);
  await sleep(1);
  assert.deepEqual(told, [TOLD, "here"]);
  assert.equal(stores.meta.get("unlooked-since"), undefined);
});
