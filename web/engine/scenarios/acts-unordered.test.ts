/** What is said about a message before it is here, again, without end, or after the person has deleted it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { EntryId, Position } from "../../../worker/contract/names.ts";
import type { TestBrowser } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice } = await twoPeople());
});

afterEach(() => fixture.end());

type Told = Parameters<ReturnType<Fixture["object"]>["deliver"]>[0];

function bobSays(originId: string, text: string, more: Partial<Told> = {}): void {
  fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, originId, content: { kind: "clear", text }, ...more });
}

async function shown(): Promise<readonly string[]> {
  await fixture.hasReadAll(alice);
  return (await alice.items(BOB)).map(({ body, edited }) => {
    const words = body.kind === "text" ? body.text : body.reason;
    return edited === true ? `${words} (edited)` : words;
  });
}

describe("a correction that comes ahead of its message", () => {
  it("stands by itself until then, and in its place from then on", async () => {
    bobSays("c1", "right", { replaces: "m1", position: 20 as Position, at: 2_000 });
    bobSays("c2", "quite right", { replaces: "m1", position: 21 as Position, at: 3_000 });
    assert.deepEqual(await shown(), ["right", "quite right"]);
    bobSays("m1", "wrong", { position: 5 as Position, at: 1_000 });
    assert.deepEqual(await shown(), ["quite right (edited)"]);
    const [item] = await alice.items(BOB);
    assert.deepEqual(
      item?.earlier?.map(({ text }) => text),
      ["wrong", "right"],
    );
    assert.deepEqual(await alice.rows("acts"), []);
  });

  it("of the same second as another one stands among the earlier texts", async () => {
    bobSays("m1", "one", { at: 1_000 });
    bobSays("c1", "two", { replaces: "m1", at: 5_000 });
    bobSays("c2", "three", { replaces: "m1", at: 5_000 });
    bobSays("c3", "four", { replaces: "m1", at: 5_000 });
    assert.deepEqual(await shown(), ["four (edited)"]);
    const [item] = await alice.items(BOB);
    assert.deepEqual(
      item?.earlier?.map(({ text }) => text),
      ["one", "two", "three"],
    );
  });

  it("of somebody else, or of another conversation, stays by itself", async () => {
    bobSays("c1", "not mine", { replaces: "m1", sender: CAROL });
    fixture.object(ALICE).deliver({
      ...{ chat: CAROL, sender: BOB, originId: "c2", replaces: "m1" },
      content: { kind: "clear", text: "elsewhere" },
    });
    bobSays("m1", "mine");
    assert.deepEqual(await shown(), ["not mine", "mine"]);
  });

  it("and one that corrects it back end, whichever comes first", async () => {
    bobSays("a", "one", { replaces: "b" });
    bobSays("b", "two", { replaces: "a" });
    bobSays("c", "three");
    assert.deepEqual(await shown(), ["two (edited)", "three"]);
  });
});

describe("an answer of another app", () => {
  const quote = { start: 0, end: "> coffee?\n".length };

  it("keeps its words when another log tells it again", async () => {
    bobSays("q", "coffee?");
    bobSays("a", "> coffee?\nyes, at the station", { reply: { id: "q", to: BOB, quote } });
    assert.deepEqual(await shown(), ["coffee?", "yes, at the station"]);
    const object = fixture.object(ALICE);
    alice.remote.cut();
    object.startEpoch("another");
    object.log = object.log.map((entry) => ({ ...entry, id: crypto.randomUUID() as EntryId }));
    alice.remote.mend();
    assert.deepEqual(await shown(), ["coffee?", "yes, at the station"]);
  });

  it("that is corrected without repeating anything keeps all of its new words", async () => {
    bobSays("q", "coffee?");
    bobSays("a", "> coffee?\nyes", { reply: { id: "q", to: BOB, quote } });
    bobSays("c", "yes, at the station", { replaces: "a" });
    assert.deepEqual(await shown(), ["coffee?", "yes, at the station (edited)"]);
    bobSays("d", "> coffee?\nno", { replaces: "a", reply: { id: "q", to: BOB, quote } });
    assert.deepEqual(await shown(), ["coffee?", "no (edited)"]);
  });
});

describe("a message that was deleted here", () => {
  it("takes no new text when its author changes it: nothing of that is kept", async () => {
    bobSays("m1", "secret");
    bobSays("m2", "other");
    assert.deepEqual(await shown(), ["secret", "other"]);
    const [item] = await alice.items(BOB);
    await alice.engine.forget({ keys: [item?.key ?? ""] });
    bobSays("c1", "secret, again", { replaces: "m1" });
    bobSays("c2", "secret, once more", { replaces: "m1" });
    assert.deepEqual(await shown(), ["other"]);
    assert.ok(!JSON.stringify(await alice.rows("messages")).includes("secret"));
  });
});

describe("a flood", () => {
  const MESSAGES = 1_000;

  async function rowsRead(act: () => void): Promise<number> {
    const looks = mock.method(IDBIndex.prototype, "getAll");
    act();
    await fixture.hasReadAll(alice);
    looks.mock.restore();
    return looks.mock.calls.reduce(
      (rows, { result }) => rows + (result?.readyState === "done" ? result.result.length : 0),
      0,
    );
  }

  it("of messages under one id has each looked for among all of them once a page", async () => {
    for (let n = 0; n < MESSAGES; n += 1) bobSays("x", `text ${n}`);
    await fixture.hasReadAll(alice);
    const rows = await rowsRead(() => {
      for (let n = 0; n < 100; n += 1) bobSays("x", `more ${n}`);
    });
    assert.ok(rows < 20 * MESSAGES, `${rows} rows are read`);
  });

  it("of retractions, of many messages or of one, looks for their answers once a page", async () => {
    for (let n = 0; n < MESSAGES; n += 1) bobSays(`m${n}`, `text ${n}`);
    await fixture.hasReadAll(alice);
    const takesBack = (id: string, n: number) =>
      bobSays(`r${id}${n}`, "", { act: { kind: "retraction", of: { id } }, content: { kind: "none" } });
    const rows = await rowsRead(() => {
      for (let n = 0; n < 100; n += 1) takesBack(`m${n}`, n);
      for (let n = 0; n < 100; n += 1) takesBack("m0", n);
    });
    assert.ok(rows < 20 * MESSAGES, `${rows} rows are read`);
    const gone = (await alice.rows("messages")).filter((row) => JSON.stringify(row).includes('"retracted"'));
    assert.equal(gone.length, 100);
  });
});
