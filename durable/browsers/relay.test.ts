/** What one browser may hand another through the object, and what not. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BrowserId, DeviceId, RoadId } from "../../worker/contract/names.ts";
import { Relay } from "./relay.ts";

const FROM = { id: "from" as BrowserId, device: 7 as DeviceId };
const TO = 8 as DeviceId;
const road = (n: number) => n.toString(16).padStart(32, "0") as RoadId;
const ROAD = road(1);

let handed: { readonly to: DeviceId; readonly frame: ServerFrame }[];
let attached: Set<DeviceId>;
let relay: Relay;

beforeEach(() => {
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  handed = [];
  attached = new Set([TO]);
  relay = new Relay({
    hand: (to, frame) => {
      if (attached.has(to)) handed.push({ to, frame });
      return attached.has(to);
    },
  });
});
afterEach(() => mock.timers.reset());

test("what a browser says goes to the one it names, stamped with the device of its session", () => {
  assert.deepEqual(relay.pass(FROM, { to: TO, road: ROAD, bytes: "AAAA" }), { ok: true, value: { done: true } });
  assert.deepEqual(handed, [{ to: TO, frame: { type: "relayed", from: 7, road: ROAD, bytes: "AAAA" } }]);
});

test("nobody is there, or it is the browser itself, or it has no device: not found", () => {
  const missing = { ok: false, error: { kind: "not-found" } };
  attached.clear();
  assert.deepEqual(relay.pass(FROM, { to: TO, road: ROAD, bytes: "AAAA" }), missing);
  attached.add(FROM.device).add(TO);
  assert.deepEqual(relay.pass(FROM, { to: FROM.device, road: ROAD, bytes: "AAAA" }), missing);
  assert.deepEqual(relay.pass({ id: FROM.id, device: undefined }, { to: TO, road: ROAD, bytes: "AAAA" }), missing);
  assert.deepEqual(handed, []);
});

test("calls, bytes and roads of a minute are bounded, each browser by itself, and the next minute is another one", () => {
  const busy = { ok: false, error: { kind: "too-busy" } };
  for (let n = 0; n < LIMITS.roadsAMinute; n++) relay.pass(FROM, { to: TO, road: road(n), bytes: "AAAA" });
  assert.deepEqual(relay.pass(FROM, { to: TO, road: road(1_000), bytes: "AAAA" }), busy);
  assert.equal(relay.pass(FROM, { to: TO, road: ROAD, bytes: "AAAA" }).ok, true, "one that is known goes on");
  const bytes = "A".repeat(LIMITS.relayLength);
  let taken = 0;
  while (taken <= LIMITS.relaysAMinute && relay.pass(FROM, { to: TO, road: ROAD, bytes }).ok) taken += 1;
  assert.equal(taken, Math.floor((LIMITS.relayLengthAMinute - 4 * (LIMITS.roadsAMinute + 1)) / LIMITS.relayLength));
  assert.deepEqual(relay.pass(FROM, { to: TO, road: ROAD, bytes }), busy);
  const other = { id: "other" as BrowserId, device: 9 as DeviceId };
  assert.equal(relay.pass(other, { to: TO, road: ROAD, bytes: "AAAA" }).ok, true);
  mock.timers.tick(60_000);
  assert.equal(relay.pass(FROM, { to: TO, road: road(1_000), bytes }).ok, true);
  for (let n = 1; n < LIMITS.relaysAMinute; n++) relay.pass(FROM, { to: TO, road: ROAD, bytes: "AAAA" });
  assert.deepEqual(relay.pass(FROM, { to: TO, road: ROAD, bytes: "AAAA" }), busy);
});
