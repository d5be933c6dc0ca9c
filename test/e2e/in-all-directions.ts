/** The shortest story that has everything: each of three writes, the two others read. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import type { Person } from "./person.ts";

export type Cast = { readonly a: Person; readonly b: Person; readonly bob: PythonPeer };

/** alice's browsers and bob write one after the other; everywhere the same texts in the same order, each once. */
export async function writeInAllDirections({ a, b, bob }: Cast): Promise<void> {
  await Promise.all([a.openChat("bob"), b.openChat("bob")]);
  await a.send("one, from A");
  await Promise.all([b.sees("one, from A"), bob.reads("one, from A")]);
  await b.send("two, from B");
  await Promise.all([a.sees("two, from B"), bob.reads("two, from B")]);
  await bob.send("alice@localhost", "three, from bob");
  await Promise.all([a.sees("three, from bob"), b.sees("three, from bob")]);
  await a.send("four, from A again");
  await Promise.all([b.sees("four, from A again"), bob.reads("four, from A again")]);
  const all = ["one, from A", "two, from B", "three, from bob", "four, from A again"];
  await Promise.all([a.seesInOrder(all), b.seesInOrder(all)]);
  for (const person of [a, b]) {
    const rows = await person.messages();
    assert.deepEqual(
      rows.map(({ own, encrypted }) => [own, encrypted]),
      [
        [true, true],
        [true, true],
        [false, true],
        [true, true],
      ],
    );
  }
  assert.deepEqual(bob.texts("alice@localhost"), [all[0], all[1], all[3]]);
  assert.ok(bob.allEncrypted());
}
