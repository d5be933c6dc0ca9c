import assert from "node:assert/strict";
import { test } from "node:test";
import { newPass, Nodes } from "./node.ts";

const MEANT = { object: "0f".repeat(32), pass: newPass() };

test("a node says to its own deployment alone who is meant", async () => {
  const node = await new Nodes("secret").seal(MEANT);
  assert.match(node, /^[\w-]{96}$/);
  assert.deepEqual(await new Nodes("secret").open(node), MEANT);
  assert.equal(await new Nodes("another secret").open(node), undefined);
});

test("two nodes of one account have nothing in common", async () => {
  const nodes = new Nodes("secret");
  const [one, other] = [await nodes.seal(MEANT), await nodes.seal(MEANT)];
  assert.notEqual(one, other);
  assert.equal(one.includes(MEANT.object.slice(0, 8)), false);
});

test("a forged node is nobody's: changed, cut, made longer, empty, no base64url", async () => {
  const nodes = new Nodes("secret");
  const node = await nodes.seal(MEANT);
  const changed = [...node].map((letter, at) => (at === 40 ? (letter === "A" ? "B" : "A") : letter)).join("");
  for (const forged of [changed, node.slice(1), `${node}AAAA`, "", "!".repeat(96), "A".repeat(96), "ü".repeat(96)])
    assert.equal(await nodes.open(forged), undefined, forged);
});
