import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, DeviceId, Time } from "../../../worker/contract/names.ts";
import { addressOf, type PinRow } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";
import { forgetStrays } from "./strays.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const LISTED = 1 as DeviceId;
/** As many as whoever makes the list wants. */
const MANY = 500;

/** Pins and sessions in memory. */
function storeOf(pins: readonly PinRow[], met: readonly PinRow[] = []) {
  const rows = { pins: new Map(pins.map((pin) => [pin.address, pin])), sessions: new Map<string, unknown>() };
  for (const { address } of met) rows.sessions.set(address, {});
  const unit = {
    all: async (store: "pins") => [...rows[store].values()],
    get: async (store: "pins" | "sessions", key: string) => rows[store].get(key),
    delete: (store: "pins" | "sessions", key: string) => rows[store].delete(key),
  } as unknown as Unit;
  return { unit, rows, left: () => [...rows.pins.values()].map(({ device }) => device) };
}

function pin(device: number, change: Partial<PinRow> = {}, jid = BOB): PinRow {
  const identityKey = Uint8Array.of(device);
  const address = addressOf(jid, device as DeviceId);
  return {
    address,
    jid,
    device: device as DeviceId,
    identityKey,
    firstSeen: device as Time,
    trust: "blind",
    ...change,
  };
}

const many = (change: Partial<PinRow> = {}) => Array.from({ length: MANY }, (_, at) => pin(1_000 + at, change));

test("S3: of devices that left the list and never wrote here nothing is remembered", async () => {
  const { unit, left } = storeOf([pin(LISTED), ...many(), ...many({ trust: "undecided", newcomer: true })]);
  await forgetStrays(unit, ALICE, BOB, [LISTED]);
  assert.deepEqual(left(), [LISTED]);
});

test("S3, S4: what was decided, and what was written to, is not pushed out by any number of others", async () => {
  const kept = [
    pin(2, { trust: "distrusted" }),
    pin(3, { trust: "verified" }),
    pin(4, { writtenTo: true }),
    pin(5, { writtenTo: true, newcomer: true }),
    pin(6, { trust: "undecided", writtenTo: true }),
    pin(7, { refused: Uint8Array.of(70) }),
  ];
  const used = many({ lastUsed: Date.now() as Time });
  const { unit, left } = storeOf([...kept, ...used], used);
  await forgetStrays(unit, ALICE, BOB, [LISTED]);
  assert.deepEqual(
    left().filter((device) => device < 1_000),
    [2, 3, 4, 5, 6, 7],
  );
  assert.equal(left().length, kept.length + 50);
});

test("S3: of those that wrote here the newest are remembered; with the key of another its session goes", async () => {
  const used = many().map((one, at) => ({ ...one, lastUsed: at as Time }));
  const { unit, left, rows } = storeOf(used, used);
  await forgetStrays(unit, ALICE, BOB, [LISTED]);
  assert.deepEqual(
    left(),
    used.slice(-50).map(({ device }) => device),
  );
  assert.deepEqual(
    [...rows.sessions.keys()],
    [...rows.pins.keys()],
    "without its key what comes in it would not be doubted",
  );
});

test("S4, T42: an own device is forgotten only where nobody has allowed it", async () => {
  const { unit, left } = storeOf([pin(2, {}, ALICE), pin(3, { trust: "undecided" }, ALICE), pin(4)]);
  await forgetStrays(unit, ALICE, ALICE, [LISTED]);
  assert.deepEqual(left(), [2, 4]);
});

test("S3: a list that is empty was lost: nobody was taken off it", async () => {
  const { unit, left } = storeOf([pin(2), pin(3)]);
  await forgetStrays(unit, ALICE, BOB, []);
  assert.deepEqual(left(), [2, 3]);
});
