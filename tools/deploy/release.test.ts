import assert from "node:assert/strict";
import { test } from "node:test";
import { changeBetween, type Release, releaseIn, thisRelease } from "./release.ts";

const NOW: Release = { version: "1.2.0", commit: "abc", contract: 3, object: 8, browser: 5 };

test("D15: nothing that people notice is nothing said", () => {
  assert.deepEqual(changeBetween({ ...NOW, version: "1.1.0", commit: "abb" }, NOW), { kind: "none" });
});

const changes: readonly (readonly [name: string, there: Release | undefined, says: RegExp, kind: string])[] = [
  ["another contract loads pages anew", { ...NOW, contract: 2 }, /contract 3 \(2 before\).*load anew/, "notice"],
  ["two contracts on may fail in words", { ...NOW, contract: 1 }, /Nothing is lost/, "notice"],
  ["new steps of the objects have no way back", { ...NOW, object: 6 }, /2 more step.*no way back/, "notice"],
  ["a newer database in browsers is said", { ...NOW, browser: 4 }, /database in browsers/, "notice"],
  ["newer tables than ours are not deployed over", { ...NOW, object: 9 }, /Older code/, "harm"],
  ["a newer database in browsers neither", { ...NOW, browser: 6 }, /Older code/, "harm"],
  ["an unknown release is said to be unknown", undefined, /cannot be seen/, "notice"],
];
for (const [name, there, says, kind] of changes) {
  test(`D15: ${name}`, () => {
    const change = changeBetween(there, NOW);
    assert.equal(change.kind, kind);
    if (change.kind !== "none") assert.match([change.words].flat().join("\n"), says);
  });
}

test("D15: what a Worker says of its release is read, whatever else may stand there", () => {
  assert.deepEqual(releaseIn({ RELEASE: JSON.stringify({ ...NOW, names: "0123" }) }), { ...NOW, names: "0123" });
  for (const text of ["", "0.1", "{}", '{"version":"1"}']) assert.equal(releaseIn({ RELEASE: text }), undefined);
});

test("D15: this folder knows what it would deploy", async () => {
  const { contract, object, browser, version } = await thisRelease();
  assert.ok(contract >= 3 && object >= 8 && browser >= 5 && version !== "");
});
