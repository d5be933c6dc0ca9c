import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { stanza } from "../testing/stanza.ts";
import { storesOf } from "../testing/stores.ts";
import { lastSeen } from "./last-seen.ts";

const BOB = "bob@b.example" as BareJid;

let stores: ReturnType<typeof storesOf>;
let asked: Element[];
let says: string | undefined;
let live = true;

const link = {
  get live() {
    return live;
  },
  request: async (iq: Element): Promise<RequestResult> => {
    asked.push(iq);
    if (says === undefined) return { ok: false, error: { kind: "timed-out" } };
    return { ok: true, value: stanza(`<iq type='result'><query xmlns='jabber:iq:last' seconds='${says}'/></iq>`) };
  },
};

beforeEach(() => {
  stores = storesOf("me@a.example" as BareJid);
  asked = [];
  says = undefined;
  live = true;
});

const subscribed = (subscription: "both" | "from" | "none") =>
  stores.contacts.put({ kind: "contact", jid: BOB, subscription, asked: false });
const ask = async () => {
  const answer = await lastSeen(stores, link, BOB);
  return answer.ok ? answer.value.at : answer.error.kind;
};
const isAbout = (at: unknown, wanted: number) => typeof at === "number" && Math.abs(at - wanted) < 2_000;

test("their server knows better than we, who were away; where it says nothing, what we saw counts", async () => {
  subscribed("both");
  stores.presence.sawLast(BOB, Date.now() - 3_600_000);
  assert.ok(isAbout(await ask(), Date.now() - 3_600_000));
  says = "300";
  assert.ok(isAbout(await ask(), Date.now() - 300_000));
  live = false;
  assert.ok(isAbout(await ask(), Date.now() - 300_000), "it is kept");
});

test("of somebody who does not show us their presence nobody is asked", async () => {
  for (const subscription of ["none", "from"] as const) {
    subscribed(subscription);
    assert.equal(await ask(), undefined);
  }
  assert.equal(asked.length, 0);
});

test("nothing known, and nobody to ask", async () => {
  subscribed("both");
  assert.equal(await ask(), undefined);
  live = false;
  assert.equal(await ask(), "offline");
});
