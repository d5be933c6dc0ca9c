/** RFC 7395 §3.3.3 in real workerd: each message of a WebSocket has one element, also where it is heard piece by piece. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../e2e/waiting.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { SpokenLine } from "./spoken-line.ts";

const PORT = await claimPorts();
const NOT_WELL_FORMED = [{ kind: "server-error", detail: "not-well-formed" }];
const LONG = 900_000;
const MANY = 4;

const message = (text: string) =>
  `<message xmlns='jabber:client' from='eve@localhost/x' type='chat'><body>${text}</body></message>`;

let line: SpokenLine;
before(async () => {
  line = await SpokenLine.lay(PORT);
});
after(async () => line?.strike());

const bodies = async () =>
  (await line.runtime.seen()).stanzas.flatMap((stanza) => /<body>(\S+?) ?<\/body>/.exec(stanza)?.[1] ?? []);

async function fault() {
  await until("the stream has ended", async () => (await line.runtime.seen()).closed.length > 0);
  return (await line.runtime.seen()).closed;
}

for (const [what, length] of [
  ["short", 1],
  ["long", 20_000],
] as const) {
  const pad = "x".repeat(length);
  const behind = message(`behind-${pad}`);

  test(`T48: a ${what} message of two elements ends the stream, the second is not heard`, async () => {
    await line.open();
    line.say(message(`first-${pad}`) + behind, behind);
    assert.deepEqual(await fault(), NOT_WELL_FORMED);
    assert.deepEqual(await bodies(), [`first-${pad}`]);
  });

  test(`T48: a ${what} message of half an element ends the stream, what could complete it is not heard`, async () => {
    await line.open();
    const half = message(`half-${pad}`);
    line.say(half.slice(0, -3), half.slice(-3), behind);
    assert.deepEqual(await fault(), NOT_WELL_FORMED);
    assert.deepEqual(await bodies(), []);
  });
}

test("S1: long messages are heard piece by piece, whole and in their order", async () => {
  await line.open();
  const texts = Array.from({ length: MANY }, (_, n) => [`${n}-${"é🎈".repeat(LONG / 6)}`, `short-${n}`]).flat();
  line.say(...texts.map(message));
  await until("all have come", async () => (await line.runtime.count()) >= texts.length);
  assert.deepEqual(await bodies(), texts);
  await line.runtime.close();
});

test("a connection that ends behind a long message has still brought it", async () => {
  await line.open();
  const texts = [`whole-${"x".repeat(LONG)}`, "last"];
  line.say(...texts.map(message));
  line.cut();
  assert.equal((await fault())[0]?.kind, "connection-lost");
  assert.deepEqual(await bodies(), texts);
});
