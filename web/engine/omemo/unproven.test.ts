import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { MetaRow } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";
import { holdTransport, noteProof, noteUnproven, proofOf, takeTransports } from "./unproven.ts";

const EVE = "eve@x.example" as BareJid;

/** A unit of work that has rows of `meta` and nothing else. */
function unitOfMeta(): Unit {
  const rows = new Map<string, MetaRow>();
  const unit = {
    meta: async (name: string) => rows.get(name),
    put: (_store: "meta", row: MetaRow) => rows.set(row.name, row),
  };
  return unit as unknown as Unit;
}

const person = (number: number) => `person-${number}@x.example` as BareJid;
const waiting = async (unit: Unit) => (await unit.meta("unproven"))?.devices ?? [];
const transport = (jid: BareJid, sid: number, length = 300) =>
  ({
    jid,
    why: "unproven",
    omemo: { sid: sid as DeviceId, iv: "", keys: [{ rid: 1 as DeviceId, prekey: true, data: "A".repeat(length) }] },
  }) as const;

test("S6: ten devices of one person wait to be looked up, and two hundred of all", async () => {
  const unit = unitOfMeta();
  for (let device = 1; device <= 50; device += 1) await noteUnproven(unit, { jid: EVE, device: device as DeviceId }, 0);
  assert.equal((await waiting(unit)).length, 10);
  for (let n = 0; n < 500; n += 1) await noteUnproven(unit, { jid: person(n), device: 1 as DeviceId }, 0);
  assert.equal((await waiting(unit)).length, 200);
});

test("S6: what was not asked for proves nothing, and one device does not prove another", async () => {
  const unit = unitOfMeta();
  const key = Uint8Array.of(5);
  await noteUnproven(unit, { jid: EVE, device: 1 as DeviceId }, 0);
  assert.equal(await noteProof(unit, { jid: EVE, device: 2 as DeviceId }, key), false);
  assert.equal(await noteProof(unit, { jid: person(1), device: 1 as DeviceId }, key), false);
  assert.equal(await proofOf(unit, { jid: EVE, device: 1 as DeviceId }), undefined);
  assert.equal(await noteProof(unit, { jid: EVE, device: 1 as DeviceId }, key), true);
  assert.equal(await proofOf(unit, { jid: EVE, device: 1 as DeviceId }), key);
});

test("S6: of messages without a text the newest few of one person are kept, fifty of all, and none that is long", async () => {
  const unit = unitOfMeta();
  for (let sid = 1; sid <= 40; sid += 1) await holdTransport(unit, transport(EVE, sid));
  await holdTransport(unit, transport(EVE, 99, 4_096));
  const held = async () => (await unit.meta("held"))?.transports ?? [];
  assert.deepEqual(
    (await held()).map(({ omemo }) => omemo.sid),
    [33, 34, 35, 36, 37, 38, 39, 40],
  );
  for (let n = 0; n < 100; n += 1) await holdTransport(unit, transport(person(n), 1));
  assert.equal((await held()).length, 50);
  const taken = await takeTransports(unit, ({ jid }) => jid === person(99));
  assert.deepEqual([taken.length, (await held()).length], [1, 49]);
});
