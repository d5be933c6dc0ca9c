import assert from "node:assert/strict";
import { test } from "node:test";
import { type Element, xml } from "@xmpp/xml";
import type { BareJid, BrowserId, DeviceId, Time } from "../../worker/contract/names.ts";
import type { OmemoBundle } from "../../worker/contract/omemo.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { DORMANT_AFTER_MS } from "../store/browsers.ts";
import { OmemoNodes } from "./nodes.ts";
import type { Stores } from "../store/stores.ts";

const ALICE = "alice@example.org" as BareJid;
const NO_NODE = { ok: false, error: { kind: "stanza-error", condition: "item-not-found" } } as const;
const NOW: Time = Date.parse("2026-11-25T12:00:00Z");
const LIST = "eu.siacs.conversations.axolotl.devicelist";
const LAPTOP = 1 as DeviceId;
const PHONE = 2 as DeviceId;
const FOREIGN = 3 as DeviceId;
/** No browser is attached. */
const NOBODY: ReadonlySet<BrowserId> = new Set();
const key = Buffer.alloc(33, 5).toString("base64");
const BUNDLE: OmemoBundle = {
  identityKey: key,
  signedPreKey: { id: 1, key, signature: Buffer.alloc(64).toString("base64") },
  preKeys: [{ id: 1, key }],
};

/** An account at a server that keeps nodes: two browsers, the phone away for 43 days, and an app of another make. */
function account() {
  const listOf = (devices: readonly DeviceId[]) =>
    xml("list", { xmlns: "eu.siacs.conversations.axolotl" }, ...devices.map((id) => xml("device", { id: `${id}` })));
  const bundle = (device: DeviceId) => `eu.siacs.conversations.axolotl.bundles:${device}`;
  const nodes = new Map<string, Element>([[LIST, listOf([LAPTOP, PHONE, FOREIGN])]]);
  for (const device of [LAPTOP, PHONE, FOREIGN]) nodes.set(bundle(device), xml("bundle"));
  const request = (iq: Element): Awaited<ReturnType<CurrentLink["request"]>> => {
    const [act] = iq.getChildElements()[0]?.getChildElements() ?? [];
    const node = String(act?.attrs["node"]);
    const payload = act?.getChildElements()[0]?.getChildElements()[0];
    if (act?.name === "publish" && payload) nodes.set(node, payload);
    if (act?.name === "delete") nodes.delete(node);
    const found = nodes.get(node);
    if (act?.name !== "items") return { ok: true, value: xml("iq", { type: "result" }) };
    if (!found) return NO_NODE;
    const items = xml("items", { node }, xml("item", { id: "current" }, found));
    const pubsub = xml("pubsub", { xmlns: "http://jabber.org/protocol/pubsub" }, items);
    return { ok: true, value: xml("iq", { type: "result" }, pubsub) };
  };
  const meta = new Map<string, readonly DeviceId[]>();
  const lists = new Map<BareJid, { readonly devices: readonly DeviceId[] }>();
  const seen = NOW - DORMANT_AFTER_MS - 24 * 60 * 60_000;
  const browsers = [
    { id: "laptop" as BrowserId, device: LAPTOP, lastSeen: NOW },
    { id: "phone" as BrowserId, device: PHONE, lastSeen: seen },
  ];
  const stores = {
    turn: (job: () => void) => job(),
    meta: {
      account: ALICE,
      get: (name: string) => meta.get(name),
      set: (name: string, value: readonly DeviceId[]) => meta.set(name, value),
      unlist: (device: DeviceId) => meta.set("erased-devices", [...(meta.get("erased-devices") ?? []), device]),
    },
    deviceLists: {
      told: () => 0,
      get: (jid: BareJid) => lists.get(jid),
      put: (jid: BareJid, devices: readonly DeviceId[]) => lists.set(jid, { devices }),
    },
    browsers: { all: () => browsers, devices: () => new Set(browsers.map(({ device }) => device)) },
  } as unknown as Stores;
  const connection = { live: true, request: async (iq: Element) => request(iq), setPep: () => undefined };
  return {
    omemo: new OmemoNodes(stores, connection as unknown as CurrentLink),
    dormant: () => meta.get("dormant-devices") ?? [],
    listed: () =>
      (nodes.get(LIST)?.getChildElements() ?? []).map(({ attrs }) => Number(attrs["id"])).toSorted((a, b) => a - b),
    hasBundle: (device: DeviceId) => nodes.has(bundle(device)),
    published: (devices: readonly DeviceId[]) => {
      nodes.set(LIST, listOf(devices));
      lists.set(ALICE, { devices });
    },
  };
}

test("42 days: a silent browser's device leaves list and server, that of another app does not", async () => {
  const { omemo, dormant, listed, hasBundle } = account();
  assert.equal(await omemo.retireDormant(NOW, NOBODY), true);
  assert.deepEqual(listed(), [LAPTOP, FOREIGN]);
  assert.deepEqual([hasBundle(PHONE), hasBundle(FOREIGN)], [false, true]);
  assert.deepEqual(dormant(), [PHONE]);
  assert.equal(await omemo.retireDormant(NOW + DORMANT_AFTER_MS, NOBODY), false, "it does not leave twice");
});

test("42 days: a list that is put right does not bring a device back that has left", async () => {
  const { omemo, listed, published } = account();
  await omemo.retireDormant(NOW, NOBODY);
  published([FOREIGN]);
  await omemo.repairList();
  assert.deepEqual(listed(), [LAPTOP, FOREIGN]);
});

test("42 days: a browser that comes back publishes, bundle first, and is an ordinary device again", async () => {
  const { omemo, dormant, listed, hasBundle, published } = account();
  await omemo.retireDormant(NOW, NOBODY);
  assert.ok((await omemo.publish(PHONE, BUNDLE)).ok);
  await omemo.removeErased();
  assert.deepEqual(listed(), [LAPTOP, PHONE, FOREIGN]);
  assert.ok(hasBundle(PHONE));
  assert.deepEqual(dormant(), []);
  published([FOREIGN]);
  await omemo.repairList();
  assert.deepEqual(listed(), [LAPTOP, PHONE, FOREIGN], "it is put right like any other");
});

test("42 days: one that comes back before it could be taken off stays", async () => {
  const { omemo, listed, hasBundle } = account();
  const leaving = omemo.retireDormant(NOW, NOBODY);
  const back = omemo.publish(PHONE, BUNDLE);
  assert.deepEqual([(await back).ok, await leaving], [true, true]);
  await omemo.removeErased();
  assert.deepEqual(listed(), [LAPTOP, PHONE, FOREIGN]);
  assert.ok(hasBundle(PHONE));
});
