/** What is found of what people said: in each own browser the same, by its latest words, and nothing that was taken back. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { SearchReply } from "../protocol/search.ts";
import { Answering } from "../search/answering.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoBrowsers } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
  await firefox.send({ chat: BOB, text: "Grüße from the pier" });
  await bob.waitForTexts(ALICE, ["Grüße from the pier"]);
  await bob.send({ chat: ALICE, text: "which pier?" });
  for (const who of [firefox, chrome]) await who.waitForTexts(BOB, ["Grüße from the pier", "which pier?"]);
});

afterEach(() => fixture.end());

/** The excerpts, newest first, with what was found in brackets. */
async function found(who: TestBrowser, chat: BareJid, ...words: readonly string[]): Promise<readonly string[]> {
  const { session } = who.engine.snapshot();
  if (session.state !== "signed-in") return assert.fail("nobody is here");
  const replies: SearchReply[] = [];
  who.useDisk();
  const asked = { id: 1, account: session.account, query: { words, chats: [chat] }, limit: 10 };
  await new Answering((reply) => replies.push(reply)).ask(asked);
  const hits = replies[0]?.answer?.hits ?? assert.fail("no answer");
  return hits.map(({ excerpt }) => excerpt.map(({ text, found: is }) => (is ? `[${text}]` : text)).join(""));
}

async function comesTo(who: TestBrowser, chat: BareJid, word: string, ...expected: readonly string[]): Promise<void> {
  await until(
    async () => JSON.stringify(await found(who, chat, word)) === JSON.stringify(expected),
    async () => JSON.stringify(await found(who, chat, word)),
  );
}

it("U17: what was sent and what came is found in every browser that has it", async () => {
  for (const who of [firefox, chrome]) await comesTo(who, BOB, "pier", "which [pier]?", "Grüße from the [pier]");
  assert.deepEqual(await found(bob, ALICE, "grusse", "pier"), ["[Grüße] from the [pier]"]);
});

it("U17: a corrected text is found by what it says now, a retracted one nowhere, also where it may be uncovered", async () => {
  const [own] = await firefox.items(BOB);
  await firefox.send({ chat: BOB, text: "Grüße from the beach", replaces: own?.key ?? "" });
  for (const who of [firefox, chrome]) await comesTo(who, BOB, "beach", "Grüße from the [beach]");
  await comesTo(bob, ALICE, "beach", "Grüße from the [beach]");
  await comesTo(bob, ALICE, "pier", "which [pier]?");
  await firefox.engine.retract({ key: own?.key ?? "" });
  for (const who of [firefox, chrome]) await comesTo(who, BOB, "beach");
  await comesTo(bob, ALICE, "beach");
  await bob.rows("sheets").then((sheets) => assert.doesNotMatch(JSON.stringify(sheets), /beach/));
});

it("U17: what was deleted in one browser is gone from its disk, and still found in the other", async () => {
  await firefox.engine.deleteChat({ chat: BOB });
  assert.deepEqual(await found(firefox, BOB, "pier"), []);
  assert.doesNotMatch(JSON.stringify(await firefox.rows("sheets")), /pier/);
  assert.equal((await found(chrome, BOB, "pier")).length, 2);
});

it("U17: a tab that dies at any moment leaves nothing that is found and not there, or there and not found", async () => {
  for (let round = 0; round < 6; round += 1) {
    await bob.send({ chat: ALICE, text: `round ${round}` });
    await new Promise((resolve) => setTimeout(resolve, round * 2));
    await firefox.crash();
    await until(async () => (await firefox.texts(BOB)).includes(`round ${round}`));
    const texts = (await firefox.texts(BOB)).filter((text) => text.startsWith("round")).toReversed();
    assert.deepEqual(
      (await found(firefox, BOB, "round")).map((text) => text.replace("[round]", "round")),
      texts,
    );
  }
});

it("U17: a page opens around a message that was found, and goes on from there both ways", async () => {
  for (let n = 0; n < 130; n += 1) await bob.send({ chat: ALICE, text: `step ${n}` });
  await until(async () => (await firefox.texts(BOB)).at(-1) === "step 129");
  const page = await firefox.engine.timeline({ chat: BOB });
  const [oldest] = page.items;
  const before = await firefox.engine.timeline({ chat: BOB, before: oldest?.position ?? assert.fail("nothing") });
  const middle = before.items.at(20) ?? assert.fail("too few");
  const around = await firefox.engine.timeline({ chat: BOB, around: middle.key });
  assert.ok(around.items.some(({ key }) => key === middle.key));
  assert.equal(around.newer, true);
  const last = around.items.at(-1)?.position ?? assert.fail("nothing");
  const after = await firefox.engine.timeline({ chat: BOB, after: last });
  const texts = [...around.items, ...after.items].map(({ body }) => (body.kind === "text" ? body.text : ""));
  assert.deepEqual(texts.slice(-2), ["step 128", "step 129"]);
  assert.equal(new Set(texts).size, texts.length);
  assert.equal(after.newer, undefined);
  assert.deepEqual((await firefox.engine.timeline({ chat: ALICE, around: middle.key })).items, []);
  assert.deepEqual((await firefox.engine.timeline({ chat: BOB, around: "gone" })).items, []);
});
