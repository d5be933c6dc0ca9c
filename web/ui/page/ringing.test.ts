/** Subscribing for pushes, with a push service and an object that take their time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import type { App } from "../../model/app.ts";

const KEY = new Uint8Array(65).fill(4);
let [made, ended] = [0, 0];
let current: object | null = null;

const pushManager = {
  getSubscription: async () => current,
  subscribe: async () => {
    await pause();
    made += 1;
    current = {
      endpoint: `https://push.example/${made}`,
      options: { applicationServerKey: KEY.buffer },
      getKey: () => KEY.buffer,
      unsubscribe: async () => {
        ended += 1;
        current = null;
      },
    };
    return current;
  },
};
let standing = 1;
const close = () => {
  standing -= 1;
};
const registration = { pushManager, getNotifications: async () => Array.from({ length: standing }, () => ({ close })) };
const serviceWorker = { ready: Promise.resolve(registration), getRegistration: async () => registration };
const kept = { put: async () => undefined };
Object.defineProperty(globalThis, "navigator", { value: { serviceWorker } });
Object.assign(globalThis, {
  PushManager: class {},
  Notification: { permission: "granted" },
  caches: { open: async () => kept, delete: async () => true },
  location: { origin: "https://alcove.example" },
});
Object.defineProperty(globalThis, "localStorage", {
  value: { getItem: () => JSON.stringify({ on: true, ring: true }), setItem: () => undefined },
});
const { followRinging, ringing, ringNoMore } = await import("./ringing.ts");
const { chooseNotifying } = await import("./notify-choice.ts");
const { inUtc } = await import("../../../worker/shared/quiet-hours.ts");
const { toBase64Url } = await import("../../../worker/shared/base64.ts");

const pause = () => new Promise((resolve) => setTimeout(resolve, 3));
const session = signal<{ state: string }>({ state: "starting" });
const connection = signal<{ socket: string; stayOnline?: boolean; unrung?: true }>({ socket: "closed" });
const OPEN = { socket: "open", stayOnline: false };
const CLOSED = { socket: "closed" };
const asked: string[] = [];
let quiet: unknown;
const engine = {
  ask: async ({ call, about }: { readonly call: string; readonly about: object }) => {
    asked.push(call);
    if ("quiet" in about) quiet = about.quiet;
    await pause();
    return { ok: true, value: call === "pushKey" ? { key: toBase64Url(KEY) } : { done: true } };
  },
};
const app = { session, connection, engine } as unknown as App;

async function settled(): Promise<void> {
  for (let turn = 0; turn < 15; turn += 1) await pause();
}

test("a line that comes and goes starts no second subscription; who signs out has none, and gets a new one", async () => {
  followRinging(app);
  session.value = { state: "signed-in" };
  for (const line of [OPEN, CLOSED, OPEN, CLOSED, OPEN]) connection.value = line;
  await settled();
  assert.deepEqual([made, ringing.value], [1, "on"]);
  assert.deepEqual(asked, ["pushKey", "pushSubscribe"]);

  session.value = { state: "signed-out" };
  await settled();
  assert.deepEqual([ended, current, ringing.value], [1, null, "off"]);
  assert.equal(standing, 0, "and what was shown to them is gone");

  session.value = { state: "signed-in" };
  await settled();
  assert.deepEqual([made, ringing.value], [2, "on"]);
});

test("quiet hours are told to the object, by UTC, when they change; the subscription stays", async () => {
  asked.length = 0;
  chooseNotifying({ quiet: { from: 60, to: 120 } });
  await settled();
  assert.deepEqual([asked, quiet, made], [["pushKey", "pushSubscribe"], inUtc({ from: 60, to: 120 }), 2]);
  chooseNotifying({ show: "who" });
  await settled();
  assert.equal(asked.length, 2);
  chooseNotifying({ quiet: undefined });
  await settled();
  assert.deepEqual([asked.length, made], [4, 2]);
});

test("a subscription that the object has forgotten is ended, and another one is told; until then this page is not rung", async () => {
  const { endpoint } = current as { endpoint: string };
  const before = made;
  asked.length = 0;
  connection.value = CLOSED;
  connection.value = OPEN;
  await settled();
  assert.deepEqual([asked, made], [[], before], "nothing was forgotten");
  connection.value = { ...OPEN, unrung: true };
  assert.equal(ringing.value, "off");
  await settled();
  assert.deepEqual([asked, made, ringing.value], [["pushKey", "pushSubscribe"], before + 1, "on"]);
  assert.notEqual((current as { endpoint: string }).endpoint, endpoint);
  connection.value = { ...OPEN, unrung: true };
  await settled();
  assert.equal(made, before + 1, "said by the same socket");
});

test("who wants it no more while it is being made is left without one", async () => {
  session.value = { state: "signed-out" };
  await settled();
  session.value = { state: "signed-in" };
  await pause();
  chooseNotifying({ ring: false });
  await ringNoMore(app);
  await settled();
  assert.deepEqual([current, ringing.value], [null, "off"]);
});

test("what the browser goes on holding, though the object knows of none, is ended by the next page: another one is told", async () => {
  chooseNotifying({ ring: false });
  await ringNoMore(app);
  connection.value = CLOSED;
  // Another page has told it, and its push service has ended it since.
  const [before, gone] = [made, ended];
  await pushManager.subscribe();
  chooseNotifying({ ring: true });
  connection.value = { ...CLOSED, socket: "open" };
  await settled();
  assert.deepEqual([made, ended], [before + 1, gone], "the object has said nothing yet");
  connection.value = { ...OPEN, unrung: true };
  await settled();
  assert.deepEqual([made, ended, ringing.value], [before + 2, gone + 1, "on"]);
});
