/** What is done with a browser that is there no more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, BrowserId, Seq, Time } from "../../worker/contract/names.ts";
import { storesOf } from "../testing/stores.ts";
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
