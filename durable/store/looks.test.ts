import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContactEntry } from "../../worker/contract/entries.ts";
import type { BareJid, PictureId, Seq } from "../../worker/contract/names.ts";
import { storesOf } from "../testing/stores.ts";
import { Applier } from "./apply.ts";
import { Looks } from "./looks.ts";

const ME = "me@a.example" as BareJid;
const DAVE = "dave@d.example" as BareJid;
const EVE = "eve@e.example" as BareJid;
const HOUR_MS = 60 * 60_000;
const picture = (at: number) => String(at).padStart(40, "0") as PictureId;

function scene() {
  const stores = storesOf(ME);
  const applier = new Applier(stores);
  for (const jid of [DAVE, EVE])
    stores.contacts.put({ kind: "contact", jid, subscription: "both", asked: false, groups: [] });
  const told = (jid: BareJid): readonly ContactEntry[] =>
    stores.log.page(0 as Seq, 10_000).entries.flatMap((entry) => {
      return entry.kind === "contact" && entry.jid === jid ? [entry] : [];
    });
  return { stores, applier, told };
}

test("S8: whoever changes their picture without end makes a few entries, and the newest stands a while later", () => {
  const { stores, applier, told } = scene();
  for (let at = 1; at <= 500; at += 1)
    stores.turn(() => applier.apply([{ kind: "picture", jid: DAVE, by: "node", id: picture(at) }]));
  const first = told(DAVE).length;
  assert.ok(first <= 21, String(first));
  applier.catchUp(Date.now() + 12 * HOUR_MS);
  assert.equal(told(DAVE).length, first + 1);
  assert.equal(told(DAVE).at(-1)?.picture, picture(500));
});

test("S8: the same for nicknames; others are not held up by it, and what is known costs nothing", () => {
  const { stores, applier, told } = scene();
  for (let at = 1; at <= 500; at += 1)
    stores.turn(() => applier.apply([{ kind: "nick", jid: DAVE, nick: `Dave ${at}` }]));
  assert.ok(told(DAVE).length <= 21);
  stores.turn(() => applier.apply([{ kind: "nick", jid: EVE, nick: "Eve" }]));
  for (let at = 0; at < 100; at += 1) stores.turn(() => applier.apply([{ kind: "nick", jid: EVE, nick: "Eve" }]));
  stores.turn(() => applier.apply([{ kind: "nick", jid: EVE, nick: "Eva" }]));
  assert.equal(told(EVE).at(-1)?.nick, "Eva");
});

test("S8: somebody who goes back to how they look is left as they are", () => {
  const looks = new Looks();
  for (let at = 0; at < 30; at += 1) looks.take({ kind: "nick", jid: DAVE, nick: `Dave ${at}` }, 0);
  looks.forget({ kind: "nick", jid: DAVE });
  assert.deepEqual(looks.due(24 * HOUR_MS), []);
});
