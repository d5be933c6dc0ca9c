import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { xml } from "@xmpp/xml";
import type { BareJid, DeviceId } from "../worker/contract.ts";
import type { Connection } from "./connection.ts";
import { DeviceLists } from "./device-lists.ts";
import { OmemoNodes } from "./omemo-nodes.ts";
import type { Stores } from "./stores.ts";

const ALICE = "alice@example.org" as BareJid;
const BOB = "bob@example.org" as BareJid;
const DEVICE = 27183 as DeviceId;
const NO_NODE = { ok: false, error: { kind: "stanza-error", type: "cancel", condition: "item-not-found" } } as const;

/** Device lists in a database of their own; `request` is what the server does. */
function withServer(request: (lists: DeviceLists) => Awaited<ReturnType<Connection["request"]>>) {
  const database = new DatabaseSync(":memory:");
  database.exec("create table device_lists (jid text primary key, devices text not null, fetched_at integer not null)");
  const sql = {
    exec: (query: string, ...values: (string | number)[]) => rows(database, query, values),
  };
  const told: (readonly DeviceId[])[] = [];
  const deviceLists = new DeviceLists(sql as unknown as SqlStorage, (_jid, devices) => told.push(devices));
  const connection = { request: async () => request(deviceLists) } as unknown as Connection;
  return {
    nodes: new OmemoNodes({ deviceLists, meta: { account: ALICE } } as unknown as Stores, connection),
    deviceLists,
    told,
  };
}

function rows(database: DatabaseSync, query: string, values: readonly (string | number)[]) {
  const found = database.prepare(query).all(...values);
  return { toArray: () => found };
}

test("a device that is announced while its list is asked for is not lost to the older answer", async () => {
  const { nodes, deviceLists, told } = withServer((lists) => {
    lists.put(BOB, [DEVICE]);
    return NO_NODE;
  });
  assert.deepEqual(await nodes.fetchList(BOB), { ok: true, value: [DEVICE] });
  assert.deepEqual(deviceLists.get(BOB)?.devices, [DEVICE]);
  assert.deepEqual(told, [[DEVICE]]);
});

test("without an announcement the answer counts: no node is no devices", async () => {
  const { nodes, deviceLists } = withServer(() => NO_NODE);
  deviceLists.put(BOB, [DEVICE]);
  assert.deepEqual(await nodes.fetchList(BOB), { ok: true, value: [] });
  assert.deepEqual(deviceLists.get(BOB)?.devices, []);
});

test("a list in the answer is the list", async () => {
  const list = xml("list", { xmlns: "eu.siacs.conversations.axolotl" }, xml("device", { id: `${DEVICE}` }));
  const items = xml(
    "items",
    { node: "eu.siacs.conversations.axolotl.devicelist" },
    xml("item", { id: "current" }, list),
  );
  const pubsub = xml("pubsub", { xmlns: "http://jabber.org/protocol/pubsub" }, items);
  const { nodes } = withServer(() => ({ ok: true, value: xml("iq", { type: "result", from: BOB }, pubsub) }));
  assert.deepEqual(await nodes.fetchList(BOB), { ok: true, value: [DEVICE] });
});
