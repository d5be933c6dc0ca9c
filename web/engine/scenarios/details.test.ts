/** What is said beside an encrypted text (`docs/decisions/sealed-details.md`). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { writeFileDetails } from "../../media/file-details.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { newClientId } from "../protocol/engine.ts";
import { ALICE, BOB, CAROL, type Fixture, twoPeople } from "../testing/fixture.ts";

const TEXT = "aesgcm://files.example/9f2c.jpg";
const DETAILS = writeFileDetails({ name: "canary.jpg", points: { width: 40, height: 30 } }) ?? "";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});

afterEach(() => fixture.end());

const bodyIn = async (who: TestBrowser, chat: BareJid) => (await who.items(chat)).at(-1)?.body;

it("stands with the text in every browser that can read it, and in the line of the list", async () => {
  const second = await fixture.browser(ALICE, "Firefox on Linux");
  await alice.send({ chat: BOB, text: TEXT, details: DETAILS });
  await bob.waitForTexts(ALICE, [TEXT]);
  await second.waitForTexts(BOB, [TEXT]);
  const body = { kind: "text", text: TEXT, details: DETAILS };
  for (const [who, chat] of [
    [alice, BOB],
    [second, BOB],
    [bob, ALICE],
  ] as const) {
    assert.deepEqual(await bodyIn(who, chat), body);
    assert.deepEqual(who.engine.snapshot().chats.find(({ jid }) => jid === chat)?.last?.body, body);
  }
});

it("is nowhere to be read on its way", async () => {
  await alice.send({ chat: BOB, text: TEXT, details: DETAILS });
  await bob.waitForTexts(ALICE, [TEXT]);
  const all = JSON.stringify([fixture.object(ALICE).sends, fixture.object(ALICE).log, fixture.object(BOB).log]);
  assert.ok(fixture.lastText(ALICE, BOB).details !== undefined);
  assert.ok(!all.includes("canary") && !all.includes("files.example"));
});

it("that was lost or changed on the way leaves the text as it is", async () => {
  const made = [];
  for (const at of [0, 1]) {
    fixture.object(ALICE).carries = false;
    await alice.send({ chat: BOB, text: `${TEXT}?${at}`, details: DETAILS });
    await until(() => fixture.texts(ALICE, BOB).length === at + 1);
    made.push(fixture.lastText(ALICE, BOB));
  }
  const [{ details: _lost, ...without }, other] = made as [(typeof made)[0], (typeof made)[0]];
  const content = (omemo: OmemoMessage) => ({ chat: ALICE, sender: ALICE, content: { kind: "omemo", omemo } }) as const;
  fixture.object(BOB).deliver(content(without));
  fixture.object(BOB).deliver(content({ ...other, details: "AAAA" }));
  await bob.waitForTexts(ALICE, [`${TEXT}?0`, `${TEXT}?1`]);
  for (const { body } of await bob.items(ALICE)) assert.ok(body.kind === "text" && body.details === undefined);
});

it("goes with the text when that is deleted here", async () => {
  await alice.send({ chat: BOB, text: TEXT, details: DETAILS });
  await bob.waitForTexts(ALICE, [TEXT]);
  const [item] = await bob.items(ALICE);
  await bob.engine.forget({ keys: [item?.key ?? ""] });
  assert.ok(!JSON.stringify(await bob.rows("messages")).includes("canary"));
  assert.ok(!JSON.stringify(await bob.rows("chats")).includes("canary"));
});

it("that was meant to be encrypted leaves in no other way: where the conversation is in clear it is refused", async () => {
  await alice.engine.start({ address: CAROL });
  await alice.engine.expose({ chat: CAROL });
  await alice.send({ chat: CAROL, text: "in clear" });
  await until(() => fixture.sentInClear(ALICE, CAROL).length === 1);
  const answer = await alice.engine.send({ client: newClientId(), chat: CAROL, text: TEXT, details: "{}" });
  assert.deepEqual(answer, { ok: false, error: { kind: "would-expose" } });
  assert.equal(fixture.sent(ALICE, CAROL).length, 1);
});
