import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { MessageContent } from "../../../worker/contract/entries.ts";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import { withoutStretch } from "./references.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

const ROOM = "room@rooms.example" as BareJid;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});

afterEach(() => fixture.end());

const clear = (text: string): MessageContent => ({ kind: "clear", text });

async function sends(from: TestBrowser, chat: BareJid, text: string, about: object = {}): Promise<string> {
  const answer = await from.send({ chat, text, ...about });
  assert.ok(answer.ok);
  await until(async () => (await from.items(chat)).every(({ state }) => state !== "waiting"));
  return answer.value.client;
}

/** What the newest send of bob put into the payload and beside it. */
const lastSend = () =>
  fixture.object(BOB).sends.findLast(({ content }) => content.kind === "omemo" && content.omemo.payload);

describe("a correction", () => {
  it("of an encrypted message changes its text where it stands, in both browsers, and travels encrypted", async () => {
    const first = await sends(bob, ALICE, "see you at sx");
    await sends(bob, ALICE, "ok?");
    await alice.waitForTexts(BOB, ["see you at sx", "ok?"]);
    await sends(bob, ALICE, "see you at six", { replaces: first });
    await alice.waitForTexts(BOB, ["see you at six", "ok?"]);
    await bob.waitForTexts(ALICE, ["see you at six", "ok?"]);
    assert.deepEqual(
      (await alice.items(BOB)).map(({ edited }) => edited === true),
      [true, false],
    );
    assert.equal(lastSend()?.replaces, first);
    assert.equal(JSON.stringify(fixture.object(ALICE).log).includes("see you"), false, "no text in clear");
    assert.equal((await bob.rows("outbox")).length, 0, "nothing is left to send again");
  });

  it("of a correction names the first message again, and the newest one stands whatever comes last", async () => {
    const first = await sends(bob, ALICE, "one");
    await sends(bob, ALICE, "two", { replaces: first });
    await sends(bob, ALICE, "three", { replaces: first });
    await alice.waitForTexts(BOB, ["three"]);
    const object = fixture.object(ALICE);
    object.deliver({ chat: BOB, sender: BOB, content: clear("anchor"), originId: "anchor" });
    await alice.waitForTexts(BOB, ["three", "anchor"]);
  });

  it("T17: by somebody else is a message of its own, and the original stays", async () => {
    const object = fixture.object(ALICE);
    object.deliver({ chat: ROOM, sender: BOB, originId: "m1", content: clear("I agree"), occupant: { nick: "bob" } });
    const carol = "carol@c.example" as BareJid;
    object.deliver({
      chat: ROOM,
      sender: carol,
      originId: "m2",
      replaces: "m1",
      content: clear("I refuse"),
      occupant: { nick: "bob" },
    });
    await alice.waitForTexts(ROOM, ["I agree", "I refuse"]);
  });

  it("T17: by the same name in a room that hides addresses counts only under the same id of the room", async () => {
    const object = fixture.object(ALICE);
    const said = (id: string, text: string, occupant: { nick: string; id?: string }, replaces?: string) =>
      object.deliver({
        chat: ROOM,
        sender: ROOM,
        originId: id,
        content: clear(text),
        occupant,
        ...(replaces !== undefined && { replaces }),
      });
    said("m1", "first", { nick: "bob", id: "o1" });
    said("m2", "forged", { nick: "bob", id: "o2" }, "m1");
    said("m3", "nameless", { nick: "bob" }, "m1");
    said("m4", "real", { nick: "robert", id: "o1" }, "m1");
    await alice.waitForTexts(ROOM, ["real", "forged", "nameless"]);
  });

  it("T18: five hundred links that lead to each other and to nothing change nothing and end", async () => {
    const object = fixture.object(ALICE);
    for (let n = 0; n < 500; n += 1)
      object.deliver({ chat: BOB, sender: BOB, originId: `m${n}`, replaces: `m${n + 1}`, content: clear(`${n}`) });
    await until(async () => (await alice.items(BOB)).at(-1)?.body.kind === "text");
    assert.equal(
      (await alice.items(BOB)).some(({ edited }) => edited),
      false,
    );
  });

  it("T19: in clear does not touch an encrypted message", async () => {
    const first = await sends(bob, ALICE, "the truth");
    await alice.waitForTexts(BOB, ["the truth"]);
    fixture
      .object(ALICE)
      .deliver({ chat: BOB, sender: BOB, originId: "forged", replaces: first, content: clear("a lie") });
    await alice.waitForTexts(BOB, ["the truth", "a lie"]);
    assert.deepEqual(
      (await alice.items(BOB)).map(({ encrypted }) => encrypted),
      [true, false],
    );
  });

  it("of another conversation is refused", async () => {
    const object = fixture.object(ALICE);
    object.deliver({ chat: ROOM, sender: BOB, originId: "m1", content: clear("in the room") });
    object.deliver({ chat: BOB, sender: BOB, originId: "m2", replaces: "m1", content: clear("to me") });
    await alice.waitForTexts(BOB, ["to me"]);
    await alice.waitForTexts(ROOM, ["in the room"]);
  });

  it("that is older than the one that stands changes nothing and shows nothing", async () => {
    const object = fixture.object(ALICE);
    object.deliver({ chat: BOB, sender: BOB, originId: "m1", content: clear("one"), position: 10 as Position });
    object.deliver({
      chat: BOB,
      sender: BOB,
      originId: "m3",
      replaces: "m1",
      content: clear("three"),
      position: 12 as Position,
    });
    object.deliver({
      chat: BOB,
      sender: BOB,
      originId: "m2",
      replaces: "m1",
      content: clear("two"),
      position: 11 as Position,
    });
    object.deliver({ chat: BOB, sender: BOB, originId: "m4", content: clear("end"), position: 13 as Position });
    await alice.waitForTexts(BOB, ["three", "end"]);
  });
});

describe("a reply", () => {
  it("shows what it answers, which travels in no message", async () => {
    await sends(bob, ALICE, "where are you?");
    await alice.waitForTexts(BOB, ["where are you?"]);
    const [question] = await alice.items(BOB);
    await sends(alice, BOB, "at the harbour", { reply: question?.key });
    await bob.waitForTexts(ALICE, ["where are you?", "at the harbour"]);
    const text = "where are you?";
    const [asked, answer] = await bob.items(ALICE);
    assert.deepEqual(answer?.quote, { key: asked?.key, outgoing: true, text });
    assert.deepEqual((await alice.items(BOB))[1]?.quote, { key: question?.key, outgoing: false, text });
    assert.equal(JSON.stringify(fixture.object(BOB).log).includes("where are"), false);
  });

  it("of another app loses the lines that only repeat, counted in code points", async () => {
    const object = fixture.object(ALICE);
    object.deliver({ chat: BOB, sender: ALICE, originId: "q", content: clear("coffee? 🙂") });
    const text = "> coffee? 🙂\nyes";
    const quote = { start: 0, end: [..."> coffee? 🙂\n"].length };
    object.deliver({
      chat: BOB,
      sender: BOB,
      originId: "a",
      content: clear(text),
      reply: { id: "q", to: ALICE, quote },
    });
    object.deliver({
      chat: BOB,
      sender: BOB,
      originId: "b",
      content: clear(text),
      reply: { id: "gone", to: ALICE, quote },
    });
    await alice.waitForTexts(BOB, ["coffee? 🙂", "yes", text]);
    const items = await alice.items(BOB);
    assert.deepEqual(
      items.map((item) => item.quote),
      [undefined, { key: items[0]?.key, outgoing: true, text: "coffee? 🙂" }, undefined],
    );
  });

  it("of another app that does not say whose message it answers finds ours", async () => {
    const first = await sends(alice, BOB, "where are you?");
    const object = fixture.object(ALICE);
    object.deliver({ chat: BOB, sender: BOB, originId: "a", content: clear("at home"), reply: { id: first } });
    await alice.waitForTexts(BOB, ["where are you?", "at home"]);
    const quote = { key: first, outgoing: true, text: "where are you?" };
    assert.deepEqual((await alice.items(BOB))[1]?.quote, quote);
  });

  it("T21: quotes nothing of another conversation", async () => {
    const object = fixture.object(ALICE);
    object.deliver({ chat: ROOM, sender: BOB, originId: "q", content: clear("said in the room") });
    object.deliver({ chat: BOB, sender: BOB, originId: "a", content: clear("yes"), reply: { id: "q", to: BOB } });
    await alice.waitForTexts(BOB, ["yes"]);
    assert.equal((await alice.items(BOB))[0]?.quote, undefined);
  });

  it("a stretch beyond the text takes no more than there is", () => {
    assert.equal(withoutStretch("🙂🙂b", { start: 1, end: 2 }), "🙂b");
    assert.equal(withoutStretch("abc", { start: 5, end: 9 }), "abc");
    assert.equal(withoutStretch("abc", { start: 0, end: 9 }), "");
  });
});

describe("receipts", () => {
  const told = (state: "delivered" | "read"): readonly EntryId[] =>
    fixture
      .object(ALICE)
      .receipts.filter((one) => one.state === state)
      .map(({ message }) => message);

  it("what was decrypted is told once, what was read by its newest message", async () => {
    await sends(bob, ALICE, "one");
    await sends(bob, ALICE, "two");
    await alice.waitForTexts(BOB, ["one", "two"]);
    const ids = (await alice.items(BOB)).map(({ id }) => id);
    await until(() => told("delivered").length === 2);
    assert.deepEqual([...told("delivered")].toSorted(), [...ids].toSorted());
    await alice.engine.read({ chat: BOB, position: (await alice.items(BOB))[1]?.position as Position });
    await until(() => told("read").length === 1);
    assert.deepEqual(told("read"), [ids[1]]);
  });

  it("what cannot be told now is told later, also by another engine over the same database", async () => {
    await sends(bob, ALICE, "hello");
    await alice.waitForTexts(BOB, ["hello"]);
    await until(() => told("delivered").length === 1);
    fixture.object(ALICE).linked = false;
    fixture.object(ALICE).tell({ type: "state", state: { link: { state: "off" }, stayOnline: false } });
    await sends(bob, ALICE, "while nobody can be told");
    await alice.waitForTexts(BOB, ["hello", "while nobody can be told"]);
    assert.equal(told("delivered").length, 1);
    fixture.object(ALICE).linked = true;
    await alice.crash();
    await until(() => told("delivered").length === 2);
  });

  it("what could not be decrypted is not told", async () => {
    const omemo = { sid: 4711, iv: "AAAAAAAAAAAAAAAA", keys: [], payload: "AAAA" } as never;
    fixture
      .object(ALICE)
      .deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo }, asks: ["delivered", "read"] });
    await sends(bob, ALICE, "readable");
    await until(() => told("delivered").length === 1);
    const readable = (await alice.items(BOB)).find(({ body }) => body.kind === "text");
    assert.deepEqual(told("delivered"), [readable?.id]);
  });
});
