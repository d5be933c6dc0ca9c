/** With every other browser gone, a new one that nobody lets in reads the old messages by the recovery key; a thief does not. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { randomBytes } from "../bytes.ts";
import type { CopyView } from "../protocol/copy.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";
import { COPY_MOST } from "../testing/scripted-copy.ts";

const DONE = { ok: true, value: { done: true } };
let fixture: Fixture;
let older: TestBrowser;
let bob: TestBrowser;
const recovery = randomBytes(16);

beforeEach(async () => {
  fixture = new Fixture();
  fixture.object(ALICE).copy.most = COPY_MOST;
  bob = await fixture.browser(BOB);
  older = await fixture.browser(ALICE, "Firefox on Linux");
});

afterEach(() => fixture.end());

const copyIn = ({ engine }: TestBrowser): CopyView | undefined =>
  engine.snapshot().notices.find((notice): notice is CopyView => notice.kind === "sealed-copy");

const textsIn = async (browser: TestBrowser) =>
  (await browser.items(BOB)).map(({ body }) => (body.kind === "text" ? body.text : `<${body.reason}>`));

/** What was said is in the copy, however many writes that took. */
async function copied(texts: number): Promise<void> {
  const { copy } = fixture.object(ALICE);
  assert.deepEqual(await older.engine.copy({ act: "begin", recovery }), DONE);
  await until(async () => {
    const rows = await older.rows("copies");
    return copy.kept !== undefined && rows.reduce((sum, { records }) => sum + records.length, 0) === texts;
  });
}

describe("the sealed copy of an account", () => {
  it("gives a browser that nobody is there to let in the texts of before, and what is said later is in it, too", async () => {
    await fixture.acquaint(older, bob);
    const first = (await older.items(BOB)).find(({ outgoing }) => outgoing);
    await older.send({ chat: BOB, text: "hello again", replaces: first?.key ?? "" });
    await bob.send({ chat: ALICE, text: "a canary of gold" });
    await until(async () => (await textsIn(older)).includes("a canary of gold"));
    const before = await textsIn(older);
    await copied(before.length);
    await older.engine.stop();
    const newcomer = fixture.unsigned("Chrome on macOS");
    await newcomer.signIn(ALICE, { allowed: false });
    await until(() => copyIn(newcomer)?.news === "offer");
    assert.equal(copyIn(newcomer)?.kept?.name, "Firefox on Linux");
    assert.ok(!(await textsIn(newcomer)).includes("a canary of gold"));
    assert.deepEqual(await newcomer.engine.copy({ act: "open", recovery }), DONE);
    await until(
      () => copyIn(newcomer)?.news === "outcome",
      () => JSON.stringify(copyIn(newcomer)),
    );
    assert.deepEqual(await textsIn(newcomer), before);
    assert.ok(newcomer.awaiting, "it still waits to be let in: the words let nobody write");
  });

  it("is kept up no more by a browser that was signed out, and that comes back as another device", async () => {
    await fixture.acquaint(older, bob);
    await copied((await textsIn(older)).length);
    fixture.object(ALICE).revoke(older.remote.browser);
    await until(() => older.engine.snapshot().session.state === "signed-out");
    await older.signIn(ALICE, { allowed: false });
    await until(() => copyIn(older) !== undefined);
    assert.equal(copyIn(older)?.here, "none");
    assert.ok((await older.rows("meta")).every(({ name }) => name !== "copy"));
    assert.deepEqual(await older.rows("copies"), [], "nor is it known here what stands in it");
  });

  it("gives a thief of the session nothing, and says in the other browser what they want of it", async () => {
    await fixture.acquaint(older, bob);
    await copied((await textsIn(older)).length);
    const thief = fixture.unsigned("Chrome on Windows");
    await thief.signIn(ALICE, { allowed: false });
    const answer = await thief.engine.copy({ act: "open", recovery: randomBytes(16) });
    assert.deepEqual(answer, { ok: false, error: { kind: "copy", detail: "key" } });
    assert.deepEqual(await thief.engine.copy({ act: "end" }), DONE);
    await until(() => copyIn(older)?.news === "ending");
    assert.equal(copyIn(older)?.kept?.ending?.name, "Chrome on Windows");
    assert.deepEqual(await older.engine.copy({ act: "keep" }), DONE);
    await until(() => copyIn(older)?.kept?.ending === undefined);
    assert.ok(fixture.object(ALICE).copy.kept !== undefined);
  });
});
