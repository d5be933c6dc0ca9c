import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type Element, xml } from "@xmpp/xml";
import type { BareJid, DeviceId } from "../../worker/contract/names.ts";
import type { OmemoBundle } from "../../worker/contract/omemo.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { stanza } from "../testing/stanza.ts";
import { DeviceLists } from "../store/device-lists.ts";
import { OmemoNodes } from "./nodes.ts";
import type { Stores } from "../store/stores.ts";

const ALICE = "alice@example.org" as BareJid;
const BOB = "bob@example.org" as BareJid;
const DEVICE = 27183 as DeviceId;
const NO_NODE = { ok: false, error: { kind: "stanza-error", condition: "item-not-found" } } as const;

type Answer = Awaited<ReturnType<CurrentLink["request"]>>;

/** Device lists in a database of their own; `request` is what the server does. The account has one browser with a device. */
function withServer(request: (lists: DeviceLists, stanza: Element) => Answer, erased: readonly DeviceId[] = []) {
  const database = new DatabaseSync(":memory:");
  database.exec("create table device_lists (jid text primary key, devices text not null, fetched_at integer not null)");
  const sql = {
    exec: (query: string, ...values: (string | number)[]) => rows(database, query, values),
  };
  const told: (readonly DeviceId[])[] = [];
  const deviceLists = new DeviceLists(sql as unknown as SqlStorage, (_jid, devices) => told.push(devices));
  const connection = {
    request: async (stanza: Element) => request(deviceLists, stanza),
    live: true,
    setPep: () => undefined,
  } as unknown as CurrentLink;
  const browsers = { devices: () => new Set([DEVICE]) };
  const stores = {
    deviceLists,
    browsers,
    meta: {
      account: ALICE,
      get: (key: string) => (key === "erased-devices" ? erased : undefined),
      set: () => undefined,
    },
  } as unknown as Stores;
  return {
    nodes: new OmemoNodes(stores, connection),
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
  const { nodes } = withServer(() => listing(BOB, DEVICE));
  assert.deepEqual(await nodes.fetchList(BOB), { ok: true, value: [DEVICE] });
});

test("Movim 5: after any error about a contact's list there is no device left, so that encryption ends", async () => {
  for (const condition of [
    "internal-server-error",
    "remote-server-not-found",
    "remote-server-timeout",
    "resource-constraint",
    "service-unavailable",
    "forbidden",
  ]) {
    const { nodes, deviceLists } = withServer(() => refusal(condition));
    deviceLists.put(BOB, [DEVICE]);
    assert.deepEqual(await nodes.fetchList(BOB), { ok: false, error: { kind: "peer-refused", detail: condition } });
    assert.deepEqual(deviceLists.get(BOB)?.devices, [DEVICE], condition);
  }
});

const OTHERS = [31415, 16180] as DeviceId[];
const BUNDLE: OmemoBundle = {
  identityKey: "",
  signedPreKey: { id: 1, key: "", signature: "" },
  preKeys: [{ id: 1, key: "" }],
};

test("Movim 18: publishing a device takes off the list whom it has no session with", async () => {
  const published: string[] = [];
  const { nodes } = withServer((_lists, stanza) => {
    if (stanza.attrs["type"] === "get") return listing(ALICE, ...OTHERS);
    published.push(stanza.toString());
    return { ok: true, value: xml("iq", { type: "result" }) };
  });
  assert.ok((await nodes.publish(DEVICE, BUNDLE)).ok);
  const list = published.at(-1) ?? assert.fail("no list was published");
  assert.deepEqual(
    [...list.matchAll(/device id="(\d+)"/g)].map(([, id]) => Number(id)),
    [...OTHERS, DEVICE],
  );
});

test("Movim 18: where the own list cannot be asked for, none is put in its place", async () => {
  for (const condition of ["internal-server-error", "remote-server-timeout", "forbidden", "service-unavailable"]) {
    const lists: string[] = [];
    const { nodes } = withServer((_lists, stanza) => {
      if (stanza.attrs["type"] === "get") return refusal(condition);
      if (stanza.toString().includes("devicelist")) lists.push(stanza.toString());
      return { ok: true, value: xml("iq", { type: "result" }) };
    });
    assert.equal((await nodes.publish(DEVICE, BUNDLE)).ok, false);
    assert.deepEqual(lists, [], condition);
  }
});

test("O3: what cannot be read of the own list stays in it, byte for byte, and so do more devices than anybody reads", async () => {
  const strange = ["4294967295", "0", " 43 ", "044", "-7", ""];
  const many = Array.from({ length: 300 }, (_, at) => 1_000 + at);
  const extra = '<device id="42" label="Kontact &amp; co"/><later xmlns="urn:example:later">kept</later>';
  const items = `${strange.map((id) => `<device id="${id}"/>`).join("")}${extra}${many.map((id) => `<device id="${id}"/>`).join("")}`;
  const published: string[] = [];
  const { nodes } = withServer((_lists, asked) => {
    if (asked.attrs["type"] === "get") return listed(items);
    published.push(asked.toString());
    return { ok: true, value: xml("iq", { type: "result" }) };
  });
  assert.ok((await nodes.publish(DEVICE, BUNDLE)).ok);
  const list = published.at(-1) ?? assert.fail("no list was published");
  assert.ok(list.includes(`${items}<device id="${DEVICE}"/></list>`), list.slice(0, 600));
});

test("O3: a list of what cannot be read is not deleted with the last device that can", async () => {
  const sent: string[] = [];
  const { nodes } = withServer(
    (_lists, asked) => {
      if (asked.attrs["type"] === "get") return listed(`<device id="044"/><device id="${DEVICE}"/>`);
      sent.push(asked.toString());
      return { ok: true, value: xml("iq", { type: "result" }) };
    },
    [DEVICE],
  );
  await nodes.removeErased();
  const list = sent.find((iq) => iq.includes("<list")) ?? assert.fail("the list was not published");
  assert.ok(list.includes('<device id="044"/></list>'), list);
  assert.ok(!sent.some((iq) => iq.includes("<delete") && iq.includes("devicelist")));
});

/** A list as its server shows it. */
function listed(children: string): Answer {
  const list = `<list xmlns='eu.siacs.conversations.axolotl'>${children}</list>`;
  const items = `<items node='eu.siacs.conversations.axolotl.devicelist'><item id='current'>${list}</item></items>`;
  const pubsub = `<pubsub xmlns='http://jabber.org/protocol/pubsub'>${items}</pubsub>`;
  return { ok: true, value: stanza(`<iq type='result' from='${ALICE}'>${pubsub}</iq>`) };
}

function refusal(condition: string): Answer {
  return { ok: false, error: { kind: "stanza-error", condition } };
}

/** The answer of a server that has this list. */
function listing(of: BareJid, ...devices: readonly DeviceId[]): Answer {
  const list = xml(
    "list",
    { xmlns: "eu.siacs.conversations.axolotl" },
    devices.map((id) => xml("device", { id: `${id}` })),
  );
  const node = "eu.siacs.conversations.axolotl.devicelist";
  const items = xml("items", { node }, xml("item", { id: "current" }, list));
  const pubsub = xml("pubsub", { xmlns: "http://jabber.org/protocol/pubsub" }, items);
  return { ok: true, value: xml("iq", { type: "result", from: of }, pubsub) };
}
