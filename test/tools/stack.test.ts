import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { startStack, type Stack } from "../stack.ts";

let stack: Stack;

before(async () => {
  stack = await startStack({
    name: "machinery",
    endpoint: "starttls",
    entry: "test/tools/stub-worker.js",
    start: startDevWorker,
  });
});

after(() => stack.stop());

async function visits(): Promise<number> {
  const reply = await fetch(`${stack.url}/api/visit`);
  return ((await reply.json()) as { visits: number }).visits;
}

test("the Worker knows where the XMPP server is", async () => {
  const reply = await fetch(`${stack.url}/api/endpoints`);
  assert.deepEqual(await reply.json(), { localhost: stack.xmpp.endpoints.starttls });
});

test("what an object has stored outlives a killed runtime", async () => {
  assert.equal(await visits(), 1);
  await stack.killWorker();
  await assert.rejects(fetch(stack.url));
  await stack.startWorker();
  assert.equal(await visits(), 2);
  assert.ok((await stack.objectDatabases()).some((path) => path.endsWith(".sqlite")));
});
