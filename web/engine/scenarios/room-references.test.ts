/** Answers and corrections in a private room. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL } from "../testing/fixture.ts";
import { ROOM, roomForTwo, type RoomFixture } from "../testing/room-fixture.ts";

let fixture: RoomFixture;
let alice: TestBrowser;
let bob: TestBrowser;
let carol: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await roomForTwo());
  carol = await fixture.browser(CAROL);
  await fixture.enters(alice, ALICE);
  await fixture.enters(bob, BOB);
  await fixture.enters(carol, CAROL);
});

afterEach(() => fixture.end());

async function says(who: TestBrowser, text: string, about: object = {}): Promise<string> {
  const answer = await who.send({ chat: ROOM, text, ...about });
  assert.ok(answer.ok);
  await until(async () => (await who.items(ROOM)).every(({ state }) => state !== "waiting"));
  return answer.value.client;
}

describe("in a private room", () => {
  it("an answer shows everybody whose words it answers, and a change is one for everybody", async () => {
    const question = await says(alice, "who brings the rope?");
    await bob.waitForTexts(ROOM, ["who brings the rope?"]);
    const [asked] = await bob.items(ROOM);
    const answer = await says(bob, "I di", { reply: asked?.key });
    await alice.waitForTexts(ROOM, ["who brings the rope?", "I di"]);
    await says(bob, "I do", { replaces: answer });
    for (const who of [alice, bob, carol]) await who.waitForTexts(ROOM, ["who brings the rope?", "I do"]);
    const quoteIn = async (who: TestBrowser) => (await who.items(ROOM))[1]?.quote;
    assert.deepEqual(await quoteIn(alice), {
      key: question,
      outgoing: true,
      text: "who brings the rope?",
      author: "alice",
    });
    assert.equal((await quoteIn(carol))?.author, "alice");
    assert.equal((await quoteIn(carol))?.outgoing, false);
    assert.ok((await carol.items(ROOM)).every(({ encrypted }) => encrypted));
  });

  it("T17: what somebody else says in place of a message stands beside it", async () => {
    await says(bob, "I agree");
    await carol.waitForTexts(ROOM, ["I agree"]);
    const [agreed] = await carol.items(ROOM);
    const refused = await carol.send({ chat: ROOM, text: "I refuse", ...(agreed && { replaces: agreed.key }) });
    assert.deepEqual(refused, { ok: false, error: { kind: "not-found" } });
    const { client = "" } = fixture.object(BOB).sends.find(({ chat }) => chat === ROOM) ?? {};
    await says(carol, "I refuse");
    fixture.object(ALICE).deliver({
      chat: ROOM,
      sender: CAROL,
      occupant: { nick: "bob" },
      originId: "forged",
      replaces: client,
      content: { kind: "clear", text: "they refuse" },
    });
    await alice.waitForTexts(ROOM, ["I agree", "I refuse", "they refuse"]);
    assert.ok((await alice.items(ROOM)).every(({ edited }) => edited !== true));
  });
});
