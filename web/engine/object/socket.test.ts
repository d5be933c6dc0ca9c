/** What is said of the way to the object while the network comes and goes. The network and the socket are scripts. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { PING, PONG } from "../../../worker/contract/frames.ts";
import { type Live, openOriginLive, type SocketView } from "./socket.ts";
import { aheadMs, objectNow } from "./object-clock.ts";
import { watchedCalls } from "./watched-calls.ts";
import type { Remote } from "./calls.ts";

class Scripted extends EventTarget {
  static readonly OPEN = 1;
  static last: Scripted;
  static made = 0;
  readyState = 0;
  readonly sent: string[] = [];

  constructor() {
    super();
    Scripted.last = this;
    Scripted.made += 1;
  }

  send(frame: string): void {
    this.sent.push(frame);
  }

  /** A path that is dead: nobody answers that it is closed. */
  close(): void {
    this.readyState = 2;
  }

  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  says(data: string): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

const before = { WebSocket: globalThis.WebSocket, location: globalThis.location };
let network: EventTarget;
let live: Live;
let told: SocketView[];
const settled = () => new Promise((resolve) => setImmediate(resolve));
const lost = () => network.dispatchEvent(new Event("offline"));
const pings = () => Scripted.last.sent.filter((frame) => frame === PING).length;

beforeEach(async (t) => {
  if (!("mock" in t)) throw new TypeError("a test has a clock");
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  network = new EventTarget();
  Object.assign(globalThis, {
    WebSocket: Scripted,
    location: { origin: "https://chat.example.org" },
    addEventListener: network.addEventListener.bind(network),
    removeEventListener: network.removeEventListener.bind(network),
  });
  told = [];
  live = openOriginLive();
  live.start({
    cursor: async () => undefined,
    proof: async () => undefined,
    frame: () => undefined,
    changed: (view) => told.push(view),
    spent: () => false,
    refused: () => undefined,
  });
  await settled();
  Scripted.last.opens();
});

afterEach(() => {
  live.stop();
  Object.assign(globalThis, before);
});

const says = (frame: object) => Scripted.last.says(JSON.stringify(frame));

test("the object's time is known from its first frame, and one that took long makes no clock wrong", (t) => {
  const hour = 3_600_000;
  const here = Date.now();
  says({ type: "hello", now: here + hour });
  assert.equal(aheadMs(), hour);
  t.mock.timers.tick(5_000);
  assert.equal(objectNow(), here + hour + 5_000);
  says({ type: "hello", now: here + 1_000 });
  assert.equal(aheadMs(), 0, "told while the answer was on its way");
  says({ type: "hello" });
  assert.equal(aheadMs(), 0, "an object of before does not say");
});

test("U10: the network goes: it is told at once, and a socket that gives no sign of life soon is given up", (t) => {
  const made = Scripted.made;
  lost();
  assert.deepEqual(told.at(-1), { socket: "waiting", offline: true });
  assert.equal(pings(), 1);
  t.mock.timers.tick(4_000);
  assert.equal(told.at(-1)?.socket, "waiting");
  assert.equal(typeof told.at(-1)?.until, "number", "it is tried again all the same");
  assert.equal(Scripted.made, made);
});

test("U10: a socket that lives all the same, as to a server on this machine, takes it back", () => {
  lost();
  Scripted.last.says(PONG);
  assert.deepEqual(told.at(-1), { socket: "open" });
  Scripted.last.says(PONG);
  assert.equal(told.filter(({ socket }) => socket === "open").length, 2, "once when it opened, once now");
});

for (const [origin, offline] of [
  ["https://chat.example.org", true],
  ["http://localhost:8787", undefined],
] as const)
  test(`U10: what is away without a network is told as ${offline ? "that" : "away alone"}, of ${origin}`, () => {
    Object.assign(globalThis, { location: { origin } });
    Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
    Scripted.last.dispatchEvent(new Event("close"));
    Reflect.deleteProperty(navigator, "onLine");
    assert.deepEqual([told.at(-1)?.socket, told.at(-1)?.offline], ["waiting", offline]);
  });

test("U10: the network is back: it is tried at once", async (t) => {
  const made = Scripted.made;
  lost();
  t.mock.timers.tick(4_000);
  network.dispatchEvent(new Event("online"));
  await settled();
  assert.equal(Scripted.made, made + 1);
  assert.deepEqual(told.at(-1), { socket: "connecting" });
});

const remote = (call: Remote["call"]) => ({ call }) as Remote;
const SEND = ["send", {} as never] as const;

test("U10: a call that does not arrive has the socket looked at, and so has one without an answer for long", async (t) => {
  const offline = { ok: false, error: { kind: "offline" } } as const;
  await watchedCalls(
    remote(async () => offline),
    () => live.doubt(),
  ).call(...SEND);
  assert.equal(pings(), 1);
  const hanging = watchedCalls(
    remote(() => new Promise(() => undefined)),
    () => live.doubt(),
  );
  void hanging.call(...SEND);
  t.mock.timers.tick(3_000);
  assert.equal(pings(), 2);
  t.mock.timers.tick(4_000);
  assert.equal(told.at(-1)?.socket, "waiting", "eight seconds after it was sent, not half a minute");
});

test("U10: a call that is answered doubts nothing", async (t) => {
  let doubts = 0;
  const answered = remote(async () => ({ ok: true, value: {} as never }));
  await watchedCalls(answered, () => (doubts += 1)).call(...SEND);
  t.mock.timers.tick(60_000);
  assert.equal(doubts, 0);
});
