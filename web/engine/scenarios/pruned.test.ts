/** Ciphertext that the object no longer has (S8), read again by a browser for which the log began anew (S14). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { Entry } from "../../../worker/contract/entries.ts";
import type { Position } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoAcquainted } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoAcquainted());
});

afterEach(() => fixture.end());

/** As `Log.prune` leaves it. */
function pruned(entry: Entry): Entry {
  if (entry.kind !== "message" || entry.content.kind !== "omemo") return entry;
  const { omemo } = entry.content;
  const payload = omemo.payload === undefined ? {} : { payload: "" };
  return { ...entry, content: { kind: "omemo", omemo: { ...omemo, keys: [], ...payload } } };
}

async function beginAnew(): Promise<void> {
  alice.remote.cut();
  const object = fixture.object(ALICE);
  object.epoch = `${object.epoch}.1`;
  alice.remote.mend();
  await fixture.hasReadAll(alice);
}

it("S8, S14: what was pruned meanwhile stands there once, as it was read", async () => {
  await bob.send({ chat: ALICE, text: "long ago" });
  await alice.send({ chat: BOB, text: "an answer" });
  await alice.waitForTexts(BOB, ["hello", "hello too", "long ago", "an answer"]);
  await fixture.hasReadAll(alice);
  const object = fixture.object(ALICE);
  object.log = object.log.map(pruned);
  await beginAnew();
  assert.deepEqual(await alice.texts(BOB), ["hello", "hello too", "long ago", "an answer"]);
  assert.deepEqual(
    alice.engine.snapshot().notices.map(({ kind }) => kind),
    [],
  );
  await bob.send({ chat: ALICE, text: "today" });
  await alice.waitForTexts(BOB, ["hello", "hello too", "long ago", "an answer", "today"]);
});

for (const [what, prunes] of [
  ["that were corrected", false],
  ["that were corrected and pruned", true],
] as const) {
  it(`S8, S14: texts ${what} are read again as they were corrected, and nothing else is said`, async () => {
    await bob.send({ chat: ALICE, text: "frist" });
    await alice.waitForTexts(BOB, ["hello", "hello too", "frist"]);
    await bob.send({ chat: ALICE, text: "first", replaces: (await bob.items(ALICE)).at(-1)?.key });
    await alice.waitForTexts(BOB, ["hello", "hello too", "first"]);
    await alice.send({ chat: BOB, text: "secnd" });
    await bob.waitForTexts(ALICE, ["hello", "hello too", "first", "secnd"]);
    await alice.send({ chat: BOB, text: "second", replaces: (await alice.items(BOB)).at(-1)?.key });
    const texts = ["hello", "hello too", "first", "second"];
    await bob.waitForTexts(ALICE, texts);
    await fixture.hasReadAll(alice);
    const object = fixture.object(ALICE);
    if (prunes) object.log = object.log.map(pruned);
    await beginAnew();
    await bob.send({ chat: ALICE, text: "today" });
    await until(async () => (await alice.texts(BOB)).at(-1) === "today");
    assert.deepEqual(await alice.texts(BOB), [...texts, "today"]);
    assert.deepEqual(alice.engine.snapshot().notices, []);
  });
}

it("S14: a correction in a shorter log counts, though the one before it stood further back in the old log", async () => {
  const clear = (text: string, originId: string, position: number, replaces?: string) =>
    fixture.object(ALICE).deliver({
      chat: CAROL,
      sender: CAROL,
      originId,
      position: position as Position,
      ...(replaces !== undefined && { replaces }),
      content: { kind: "clear", text },
    });
  const told = [clear("one", "c1", 500), clear("two", "c2", 501, "c1")];
  await alice.waitForTexts(CAROL, ["two"]);
  alice.remote.cut();
  const object = fixture.object(ALICE);
  object.log = [];
  object.epoch = "epoch-2";
  for (const [at, entry] of told.entries()) object.append({ ...entry, position: (1 + at) as Position } as Entry);
  alice.remote.mend();
  clear("three", "c3", 3, "c1");
  await alice.waitForTexts(CAROL, ["three"]);
  clear("late", "c4", 2, "c1");
  await fixture.hasReadAll(alice);
  assert.deepEqual(await alice.texts(CAROL), ["three"]);
});
