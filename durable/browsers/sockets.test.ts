/** What is done with a browser that is there no more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, BrowserId, Seq, Time } from "../../worker/contract/names.ts";
import { storesOf } from "../testing/stores.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Gone } from "./feed.ts";
import { BrowserSockets } from "./sockets.ts";

const GONE: Gone = { browser: "b" as BrowserId, acked: 7 as Seq, heardAt: 5 };

function socketsOf(left: (acked: Seq) => void, gone: Gone | undefined) {
  const feed = {
    detach: () => gone,
    reap: () => (gone === undefined ? [] : [gone]),
    attached: () => new Set(),
    tellNotifying: () => undefined,
    broadcast: () => undefined,
  };
  return new BrowserSockets({
    stores: storesOf("me@a.example" as BareJid),
    feed,
    link: { tellActive: () => undefined },
    connection: { replan: async () => undefined },
    composing: { gone: () => undefined },
    copyMost: 0,
    left,
  } as never);
}

test("how far it had come is told when it leaves, and when it is found to have been gone for long", () => {
  const told: Seq[] = [];
  const sockets = socketsOf((acked) => told.push(acked), GONE);
  sockets.left({} as WebSocket);
  assert.deepEqual(told, [7]);
  sockets.reap(9 as Time);
  assert.deepEqual(told, [7, 7]);
});

test("of a socket that was ended here nothing is told", () => {
  const told: Seq[] = [];
  socketsOf((acked) => told.push(acked), undefined).left({} as WebSocket);
  assert.deepEqual(told, []);
});

test("a browser is told as its socket begins whether it is known where to ring it, for its push service tells the object alone", async () => {
  const stores = storesOf("me@a.example" as BareJid);
  const browser = "00000000-0000-4000-8000-000000000001" as BrowserId;
  stores.browsers.signIn(browser, { name: "b", kind: "phone" }, { hash: "h", publicKey: "p", secret: "s" } as never, 1);
  const told: unknown[] = [];
  Object.assign(globalThis, { WebSocketPair: class {} });
  const sockets = new BrowserSockets({
    stores,
    feed: {
      attach: (_socket: unknown, _browser: unknown, _place: unknown, hello: () => readonly object[]) =>
        told.push({ state: { unrung: undefined }, ...hello()[0] }.state.unrung),
      attached: () => new Set(),
      tellNotifying: () => undefined,
      broadcast: () => undefined,
    },
    link: { tellActive: () => undefined, accountState: {} },
    connection: { replan: async () => undefined },
    copyMost: 0,
  } as never);
  const attach = () =>
    sockets.attach(stores.browsers.get(browser) as Browser, new URLSearchParams("since=0")).catch((error: unknown) => {
      // Node has no answer to an upgrade.
      assert.ok(error instanceof RangeError);
    });
  const target = { endpoint: "https://push.example/1", key: "k", auth: "a", origin: "https://chat.example" };
  await attach();
  stores.pushTargets.put(browser, target, "topic", stores.log.head);
  await attach();
  stores.pushTargets.forget({ browser, endpoint: target.endpoint });
  await attach();
  assert.deepEqual(told, [true, undefined, true]);
});
