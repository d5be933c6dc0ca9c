/** A correction between being written and having replaced the text: what the page is told meanwhile. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { ClientId } from "../../../worker/contract/names.ts";
import type { MessageItem } from "../protocol/conversations.ts";
import { newClientId } from "../protocol/engine.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});

afterEach(() => fixture.end());

async function said(text: string, about: object = {}): Promise<ClientId> {
  const answer = await bob.send({ chat: ALICE, text, ...about });
  assert.ok(answer.ok);
  await until(async () => (await bob.items(ALICE)).every(({ state }) => state !== "waiting"));
  return answer.value.client;
}

const preview = (): MessageItem["body"] | undefined =>
  bob.engine.snapshot().chats.find(({ jid }) => jid === ALICE)?.last?.body;
const onItsWay = async () => (await bob.items(ALICE)).find(({ edits }) => edits !== undefined);

describe("a correction of ours", () => {
  it("is a row that names the one it corrects while it cannot leave, and no newest message", async () => {
    const first = await said("see you at sx");
    await said("ok?");
    bob.remote.unplug();
    assert.ok((await bob.send({ chat: ALICE, text: "see you at six", replaces: first })).ok);
    const row = await onItsWay();
    assert.deepEqual([row?.edits, row?.state, row?.body], [first, "waiting", { kind: "text", text: "see you at six" }]);
    assert.deepEqual(preview(), { kind: "text", text: "ok?" });
    await bob.crash();
    assert.equal((await onItsWay())?.edits, first, "also for the next engine");
    bob.remote.plug();
    await bob.waitForTexts(ALICE, ["see you at six", "ok?"]);
    await alice.waitForTexts(BOB, ["see you at six", "ok?"]);
    assert.equal(await onItsWay(), undefined);
  });

  it("that has failed can be taken back: the text stands as it was", async () => {
    const first = await said("the truth");
    await alice.waitForTexts(BOB, ["the truth"]);
    // She would put her device back on the list.
    await alice.engine.stop();
    fixture.object(ALICE).devices = [];
    fixture.object(BOB).tell({ type: "devices", jid: ALICE, devices: [] });
    assert.ok((await bob.send({ chat: ALICE, text: "half of it", replaces: first })).ok);
    await until(async () => (await onItsWay())?.state === "failed");
    const { key = "" } = (await onItsWay()) ?? {};
    await bob.engine.expose({ chat: ALICE });
    await bob.engine.retry({ key });
    await until(async () => (await onItsWay())?.state === "failed");
    assert.equal((await onItsWay())?.encrypted, true, "a consent to write in clear is none for it");
    await bob.engine.discard({ key });
    await bob.waitForTexts(ALICE, ["the truth"]);
    assert.deepEqual(preview(), { kind: "text", text: "the truth" });
  });

  it("of an encrypted text is refused where it would leave in clear", async () => {
    const first = await said("the truth");
    await alice.engine.stop();
    fixture.object(ALICE).devices = [];
    fixture.object(BOB).tell({ type: "devices", jid: ALICE, devices: [] });
    await bob.engine.expose({ chat: ALICE });
    const answer = await bob.send({ chat: ALICE, text: "in clear", replaces: first });
    assert.deepEqual(answer, { ok: false, error: { kind: "would-expose" } });
    assert.deepEqual(await bob.texts(ALICE), ["the truth"]);
  });

  it("of what is not ours, or not here, is refused", async () => {
    await said("hello");
    await alice.waitForTexts(BOB, ["hello"]);
    const [theirs] = await alice.items(BOB);
    for (const replaces of [theirs?.key, "nothing"]) {
      const answer = await alice.send({ chat: BOB, text: "changed", ...(replaces && { replaces }) });
      assert.deepEqual(answer, { ok: false, error: { kind: "not-found" } });
    }
    assert.deepEqual(await alice.texts(BOB), ["hello"]);
  });

  it("whose command comes twice, before and after it has arrived, is sent once", async () => {
    const first = await said("one");
    const client = newClientId();
    const command = { chat: ALICE, text: "two", replaces: first, client };
    await bob.send(command);
    await bob.waitForTexts(ALICE, ["two"]);
    await until(async () => (await onItsWay()) === undefined);
    assert.ok((await bob.send(command)).ok);
    assert.equal(await onItsWay(), undefined);
    assert.equal(fixture.object(BOB).sends.filter((one) => one.client === client).length, 1);
  });

  it("of an answer answers what the first text did", async () => {
    await said("where are you?");
    await alice.waitForTexts(BOB, ["where are you?"]);
    const [question] = await alice.items(BOB);
    const sent = await alice.send({
      chat: BOB,
      text: "at the harbor",
      ...(question && { reply: question.key }),
    });
    assert.ok(sent.ok);
    await bob.waitForTexts(ALICE, ["where are you?", "at the harbor"]);
    await until(async () => (await alice.items(BOB))[1]?.state !== "waiting");
    assert.ok((await alice.send({ chat: BOB, text: "at the harbour", replaces: sent.value.client })).ok);
    await bob.waitForTexts(ALICE, ["where are you?", "at the harbour"]);
    const [first, second] = fixture.object(ALICE).sends.filter(({ reply }) => reply !== undefined);
    assert.deepEqual(second?.reply, first?.reply);
    const [asked, answer] = await bob.items(ALICE);
    assert.deepEqual(answer?.quote, { key: asked?.key, outgoing: true, text: "where are you?" });
    assert.equal(answer?.edited, true);
  });
});
