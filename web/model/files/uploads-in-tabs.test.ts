import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { ClientId } from "../../../worker/contract/names.ts";
import { Browser, endAll, given, KEPT, Kept, photo, PREPARED, PUT, turn } from "../testing/upload-browser.ts";

afterEach(endAll);

test("words that are left out in another tab do not go either", async () => {
  const browser = new Browser();
  const kept = new Kept();
  const one = given({ browser, kept });
  const two = given({ browser, kept });
  await one.sends({ caption: "at the lake" });
  await turn();
  await two.conversation.sending.discard(two.conversation.sending.items[1]?.key ?? "");
  await turn();
  assert.deepEqual([one.conversation.sending.items.length, two.conversation.sending.items.length], [1, 1]);
  await one.answer({ put: PUT });
  assert.deepEqual(
    one.sent.map(({ text }) => text),
    ["aesgcm://x"],
  );
});

/** Answers for a lock when it is let. */
class SlowBrowser extends Browser {
  answersLocks: () => void = () => undefined;
  readonly #lets = new Promise<void>((resolve) => {
    this.answersLocks = resolve;
  });

  override tab() {
    const tab = super.tab();
    const alone: typeof tab.alone = async (...asked) => {
      await this.#lets;
      return tab.alone(...asked);
    };
    return { ...tab, alone };
  }
}

test("a file that was just chosen stays when what is kept is read before the lock is answered, unless it is stopped", async () => {
  for (const stopped of [false, true]) {
    const browser = new SlowBrowser();
    const { uploads, conversation, first, answer, sent } = given({ browser });
    uploads.send(conversation, { file: photo(), prepared: PREPARED, quality: "smaller" }, true);
    const key = first()?.key as ClientId;
    assert.ok(key);
    await uploads.resume();
    assert.equal(first()?.key, key);
    if (stopped) browser.tab().say({ kind: "stopped", client: key });
    await turn();
    browser.answersLocks();
    await turn();
    if (stopped) assert.equal(first(), undefined);
    else {
      await answer(KEPT);
      await answer({ put: PUT });
    }
    assert.deepEqual(
      sent.map(({ client }) => client),
      stopped ? [] : [key],
    );
  }
});

test("what the server has is sent also where its bytes are nowhere any more", async () => {
  const kept = new Kept();
  const before = given({ kept });
  await before.sends({}, true, { kept: false });
  const key = before.first()?.key as ClientId;
  before.uploads.end();
  kept.change(key, { put: PUT });
  const { uploads, sent } = given({ kept });
  await uploads.resume();
  await turn();
  assert.deepEqual(
    sent.map(({ client }) => client),
    [key],
  );
});

test("another tab shows the file and how far it is, and what is pressed there is done by the one that brings it", async () => {
  const browser = new Browser();
  const kept = new Kept();
  const one = given({ browser, kept });
  const two = given({ browser, kept });
  await one.sends();
  await turn();
  const key = one.first()?.key ?? "";
  assert.equal(two.first()?.key, key);
  assert.equal(two.first()?.seen?.name, "Ferien.JPG");
  await one.answer({ done: 300, total: 916 });
  assert.deepEqual(two.uploads.of(key)?.value, { done: 300, total: 916 });
  await one.answer({ failure: { kind: "file", detail: "slow" } });
  await turn();
  assert.deepEqual(two.first()?.failure, { kind: "file", detail: "slow" });
  await two.conversation.sending.retry(key);
  await turn();
  assert.deepEqual([one.first()?.state, two.first()?.state], ["waiting", "waiting"]);
  assert.deepEqual(one.kinds(), ["keep", "put", "put"]);
  await two.conversation.sending.discard(key);
  await turn();
  await turn();
  assert.deepEqual([one.first(), two.first(), kept.rows], [undefined, undefined, []]);
  assert.ok(!two.kinds().includes("put"));
});

test("what is stopped is brought by no other tab, though its bytes are still kept", async () => {
  for (const stops of ["the tab that brings it", "the other one"] as const) {
    const browser = new Browser();
    const kept = new Kept();
    const one = given({ browser, kept });
    const two = given({ browser, kept });
    await one.sends();
    await turn();
    const key = one.first()?.key ?? "";
    kept.stuck = true;
    await (stops === "the other one" ? two : one).conversation.sending.discard(key);
    await turn();
    assert.deepEqual([one.first(), two.first()], [undefined, undefined], stops);
    // A disk that refuses is an answer, too.
    await one.answer({ failure: { kind: "storage-failed" } });
    await Promise.all([one.uploads.resume(), two.uploads.resume()]);
    await turn();
    assert.equal(kept.rows.length, 1);
    assert.deepEqual([one.first(), two.first()], [undefined, undefined], stops);
    assert.deepEqual([one.kinds(), two.kinds().filter((kind) => kind !== "look")], [["keep", "put", "drop"], []]);
    assert.equal(browser.held, 0);
  }
});

test("where the tab that brings a file goes, the next one goes on with the same bytes under the same name, once", async () => {
  const browser = new Browser();
  const kept = new Kept();
  const one = given({ browser, kept });
  const two = given({ browser, kept });
  await one.sends({ caption: "at the lake" });
  await turn();
  const key = one.first()?.key;
  one.tabs.close();
  await turn();
  await turn();
  assert.deepEqual(
    two.kinds().filter((kind) => kind !== "look"),
    ["put"],
    "nothing is encrypted again",
  );
  await two.answer({ put: PUT });
  await turn();
  assert.deepEqual(
    two.sent.map(({ client, text }) => [client, text]),
    [
      [key, "aesgcm://x"],
      [kept.rows[0]?.caption?.client ?? two.sent[1]?.client, "at the lake"],
    ],
  );
  assert.deepEqual([one.sent, kept.rows], [[], []]);
});

test("a page that begins later takes up what was left, what has failed waits for a press, and one without its bytes says so", async () => {
  const kept = new Kept();
  const before = given({ kept });
  await before.sends();
  await before.sends();
  const [left, failed] = before.conversation.sending.items;
  await before.answer({ failure: { kind: "file", detail: "too-large" } });
  before.uploads.send(before.conversation, { file: photo(), quality: "smaller" }, true);
  await turn();
  before.uploads.end();

  const { uploads, conversation, kinds, answer } = given({ kept });
  await uploads.resume();
  await turn();
  const rows = () => conversation.sending.items.map(({ key, state, failure }) => [key, state, failure?.detail]);
  assert.deepEqual(rows().slice(0, 2), [
    [left?.key, "waiting", undefined],
    [failed?.key, "failed", "too-large"],
  ]);
  assert.deepEqual(rows()[2]?.slice(1), ["failed", "not-kept"]);
  assert.deepEqual(
    kinds().filter((kind) => kind !== "look"),
    ["put"],
  );
  await conversation.sending.retry(failed?.key ?? "");
  await turn();
  assert.deepEqual(
    kinds().filter((kind) => kind !== "look"),
    ["put", "put"],
  );
  await answer({ put: PUT });
});

test("one whose message is with the engine already is told again under the same name, which is one message", async () => {
  const kept = new Kept();
  const before = given({ kept, refuses: [{ kind: "behind" }] });
  await before.sends();
  const key = before.first()?.key as ClientId;
  await before.answer({ put: PUT });
  before.uploads.end();
  kept.change(key, { failure: undefined } as never);
  const { uploads, sent, kinds } = given({ kept });
  await uploads.resume();
  await turn();
  assert.deepEqual(
    kinds().filter((kind) => kind !== "look"),
    [],
    "the server has it",
  );
  assert.deepEqual(
    sent.map(({ client }) => client),
    [key],
  );
  assert.deepEqual(kept.rows, []);
});
