import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bytes } from "../bytes.ts";
import { channelPair } from "./testing/channel-pair.ts";

const bytes = (n: number): Bytes => new Uint8Array([n]);

test("messages come in order, those from before the listener too, and a slow taker holds the sender up", async () => {
  const { a, b } = channelPair();
  const taken: number[] = [];
  let sent = 0;
  const sending = (async () => {
    for (let n = 0; n < 20; n++) {
      await a.send(bytes(n));
      sent = n + 1;
    }
  })();
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  assert.ok(sent < 10, `${sent} were let through to an end that takes nothing`);
  b.onMessage(async (message) => {
    await Promise.resolve();
    taken.push(message[0] ?? -1);
  });
  await sending;
  while (taken.length < 20) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    taken,
    Array.from({ length: 20 }, (_, n) => n),
  );
});

test("a road that ends tells both ends why, once, and lets no sender wait", async () => {
  const { a, b, cut } = channelPair();
  const ends: string[] = [];
  a.onEnd((why) => ends.push(`a ${why}`));
  b.onEnd((why) => ends.push(`b ${why}`));
  a.close();
  cut();
  assert.deepEqual(ends, ["b closed", "a closed"]);
  for (let n = 0; n < 20; n++) await a.send(bytes(n));
  b.onEnd((why) => ends.push(`late ${why}`));
  assert.equal(ends.at(-1), "late closed");
});
