/** In which order a sign-out does what it does, with parts that only say that they were asked. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Browser } from "../store/browser-row.ts";

Object.assign(globalThis, { WebSocketRequestResponsePair: class {} });
const { SignIns } = await import("./sign-in.ts");

const BROWSER = { id: "b", signedOut: true } as Browser;
let did: string[];
let othersAreLeft: boolean;
let server: Promise<void>;

beforeEach(() => {
  [did, othersAreLeft, server] = [[], false, Promise.resolve()];
});

const signIns = () =>
  new SignIns({
    stores: {
      stream: { forget: () => did.push("forget stream") },
      browsers: { all: () => (othersAreLeft ? [BROWSER, { id: "c", signedOut: false }] : [BROWSER]) },
    },
    feed: { end: () => did.push("end socket") },
    sockets: { changed: async () => void did.push("tell") },
    connection: { close: async () => void did.push("close") },
    keyring: { signOut: () => did.push("forget session") },
    nodes: { removeErased: async () => void did.push("unlist") },
    serverPush: {
      settle: async (fresh: boolean) => {
        did.push(`settle push ${fresh}`);
        await server;
      },
    },
  } as never);

test("the server is told that nobody is to be rung any more while there is a stream to tell it on", async () => {
  await signIns().signOut(BROWSER, { erase: true });
  assert.deepEqual(did, [
    ...["forget session", "end socket", "unlist", "settle push true", "close", "forget stream", "tell"],
  ]);
});

test("so it is where others are left, of whom perhaps none is rung", async () => {
  othersAreLeft = true;
  await signIns().signOut(BROWSER, { erase: false });
  assert.deepEqual(did, ["forget session", "end socket", "settle push true", "tell"]);
});

test("a server that says nothing keeps nobody from signing out", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  server = new Promise(() => undefined);
  const done = signIns().signOut(BROWSER, { erase: false });
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  t.mock.timers.tick(5_000);
  await done;
  assert.ok(did.includes("close"));
});

test("whoever signs in while the server is told keeps the stream", async () => {
  let told: () => void = () => undefined;
  server = new Promise((resolve) => (told = resolve));
  const done = signIns().signOut(BROWSER, { erase: false });
  othersAreLeft = true;
  told();
  await done;
  assert.deepEqual(did, ["forget session", "end socket", "settle push true", "tell"]);
});
