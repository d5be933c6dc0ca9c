/** What people do to messages: reactions and taking back, in every browser, and who may. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Act } from "../../../worker/contract/entries.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoBrowsers } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
  await firefox.send({ chat: BOB, text: "see you at six" });
  await bob.waitForTexts(ALICE, ["see you at six"]);
  await chrome.waitForTexts(BOB, ["see you at six"]);
});

afterEach(() => fixture.end());

/** The reactions to the first message of a conversation: whose, and which. */
async function reactions(who: TestBrowser, chat: BareJid): Promise<string> {
  const [item] = await who.items(chat);
  return (item?.reactions ?? [])
    .map(({ own, emojis }) => `${own ? "own" : "theirs"} ${emojis.join("")}`)
    .toSorted()
    .join(", ");
}

async function waitForReactions(who: TestBrowser, chat: BareJid, expected: string): Promise<void> {
  await until(
    async () => (await reactions(who, chat)) === expected,
    async () => `expected ${expected}, is ${await reactions(who, chat)}`,
  );
}

async function react(who: TestBrowser, chat: BareJid, emojis: readonly string[]): Promise<void> {
  const [item] = await who.items(chat);
  assert.deepEqual(await who.engine.react({ key: item?.key ?? "", emojis }), { ok: true, value: { done: true } });
}

async function bodyIn(who: TestBrowser, chat: BareJid): Promise<string> {
  const [item] = await who.items(chat);
  return item?.body.kind === "text" ? item.body.text : (item?.body.reason ?? "nothing");
}

async function retract(who: TestBrowser, chat: BareJid): Promise<void> {
  const [item] = await who.items(chat);
  assert.deepEqual(await who.engine.retract({ key: item?.key ?? "" }), { ok: true, value: { done: true } });
}

/** An act that some server, or somebody, delivers to an account. */
function forge(to: BareJid, sender: BareJid, chat: BareJid, act: Act): void {
  fixture.object(to).deliver({ chat, sender, originId: crypto.randomUUID(), act, content: { kind: "none" } });
}

const firstOf = (jid: BareJid) => fixture.texts(jid, jid === ALICE ? BOB : ALICE)[0]?.client ?? "";

describe("a reaction", () => {
  it("is seen by the other side and by the own other browser, and is a set that replaces the one before", async () => {
    await react(bob, ALICE, ["👍"]);
    await react(bob, ALICE, ["👍", "🎉"]);
    for (const who of [firefox, chrome]) await waitForReactions(who, BOB, "theirs 👍🎉");
    await react(firefox, BOB, ["❤️"]);
    await waitForReactions(bob, ALICE, "own 👍🎉, theirs ❤️");
    await waitForReactions(chrome, BOB, "own ❤️, theirs 👍🎉");
    await react(chrome, BOB, []);
    for (const who of [firefox, chrome]) await waitForReactions(who, BOB, "theirs 👍🎉");
    await waitForReactions(bob, ALICE, "own 👍🎉");
    assert.equal(firefox.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.unread, 0, "it is no message");
    assert.equal((await firefox.items(BOB)).length, 1);
  });

  it("stands at once without a connection, survives a crash, and leaves when it can", async () => {
    firefox.remote.unplug();
    await react(firefox, BOB, ["👍"]);
    await react(firefox, BOB, ["🙏"]);
    assert.equal(await reactions(firefox, BOB), "own 🙏");
    await firefox.crash();
    assert.equal(await reactions(firefox, BOB), "own 🙏");
    firefox.remote.plug();
    await waitForReactions(bob, ALICE, "theirs 🙏");
    await waitForReactions(chrome, BOB, "own 🙏");
    assert.equal(await reactions(firefox, BOB), "own 🙏");
  });

  it("that comes ahead of its message waits for it", async () => {
    const origin = crypto.randomUUID();
    forge(ALICE, BOB, BOB, { kind: "reactions", of: { id: origin }, emojis: ["👀"] });
    await fixture.hasReadAll(firefox);
    fixture
      .object(ALICE)
      .deliver({ chat: BOB, sender: BOB, originId: origin, content: { kind: "clear", text: "late" } });
    await until(async () => (await firefox.items(BOB)).at(-1)?.reactions?.[0]?.emojis[0] === "👀");
  });

  it("T21: to a message of another conversation changes nothing, and none changes an author", async () => {
    forge(ALICE, CAROL, CAROL, { kind: "reactions", of: { id: firstOf(ALICE), to: ALICE }, emojis: ["👎"] });
    forge(ALICE, BOB, BOB, { kind: "reactions", of: { id: firstOf(ALICE), to: CAROL }, emojis: ["👌"] });
    await waitForReactions(firefox, BOB, "theirs 👌");
    const [item] = await firefox.items(BOB);
    assert.deepEqual([item?.outgoing, item?.author], [true, undefined]);
  });

  it("that the object refuses for good is taken off again", async () => {
    await react(firefox, BOB, ["👍"]);
    await waitForReactions(bob, ALICE, "theirs 👍");
    fixture.object(ALICE).refuses = ({ act }) => act !== undefined;
    await react(firefox, BOB, ["👎"]);
    await waitForReactions(firefox, BOB, "own 👍");
  });

  it("that the server of the other side sends back is taken off again, and nothing of it is left to send", async () => {
    const object = fixture.object(ALICE);
    object.linked = false;
    await react(firefox, BOB, ["👍"]);
    await waitForReactions(chrome, BOB, "own 👍");
    await fixture.hasReadAll(firefox);
    const { id } = object.log.find((entry) => entry.kind === "message" && entry.act !== undefined) ?? {};
    assert.ok(id);
    object.append({ kind: "progress", message: id, state: "failed", failure: { kind: "peer-refused" } });
    await waitForReactions(firefox, BOB, "");
    assert.deepEqual(await firefox.rows("outbox"), []);
  });

  it("that does not arrive is taken off in all own browsers: what stood before it is shown", async () => {
    const object = fixture.object(ALICE);
    const failed = () => {
      const acts = object.log.filter((entry) => entry.kind === "message" && entry.act?.kind === "reactions");
      for (const { id } of acts.slice(-2))
        object.append({ kind: "progress", message: id, state: "failed", failure: { kind: "peer-refused" } });
    };
    await react(firefox, BOB, ["👍"]);
    await waitForReactions(bob, ALICE, "theirs 👍");
    await fixture.hasReadAll(firefox);
    object.linked = false;
    await react(firefox, BOB, ["👎"]);
    await waitForReactions(chrome, BOB, "own 👎");
    await react(firefox, BOB, ["🎉"]);
    await waitForReactions(chrome, BOB, "own 🎉");
    failed();
    await waitForReactions(chrome, BOB, "own 👍");
    await waitForReactions(firefox, BOB, "own 👍");
    assert.deepEqual(await chrome.rows("acts"), []);
  });

  it("that a restored object does not know any more is sent again", async () => {
    const object = fixture.object(ALICE);
    object.linked = false;
    await react(firefox, BOB, ["👍"]);
    await waitForReactions(chrome, BOB, "own 👍");
    await fixture.hasReadAll(firefox);
    object.restore(object.log.length - object.log.findIndex((entry) => entry.kind === "message" && entry.act));
    object.linked = true;
    await firefox.crash();
    await waitForReactions(bob, ALICE, "theirs 👍");
    await until(async () => (await firefox.rows("outbox")).length === 0);
  });

  it("that is refused leaves the one that was taken before it", async () => {
    firefox.remote.unplug();
    await react(firefox, BOB, ["👍"]);
    await react(firefox, BOB, ["👎"]);
    fixture.object(ALICE).refuses = ({ act }) => act?.kind === "reactions" && act.emojis.includes("👎");
    firefox.remote.plug();
    await waitForReactions(bob, ALICE, "theirs 👍");
    await waitForReactions(firefox, BOB, "own 👍");
  });
});

describe("what is asked of a browser", () => {
  it("is each reaction once, and as many as one person may give", async () => {
    const many = Array.from({ length: LIMITS.emojis + 5 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    await react(firefox, BOB, ["👍", "👍"]);
    assert.equal(await reactions(firefox, BOB), "own 👍");
    await react(firefox, BOB, many);
    assert.equal(await reactions(firefox, BOB), `own ${many.slice(0, LIMITS.emojis).join("")}`);
    await waitForReactions(bob, ALICE, `theirs ${many.slice(0, LIMITS.emojis).join("")}`);
  });

  it("is undone where two in a row are refused: what stood before both is shown again", async () => {
    await react(firefox, BOB, ["👍"]);
    await waitForReactions(chrome, BOB, "own 👍");
    await waitForReactions(bob, ALICE, "theirs 👍");
    firefox.remote.unplug();
    await react(firefox, BOB, ["👎"]);
    await react(firefox, BOB, ["🙏"]);
    fixture.object(ALICE).refuses = ({ act }) => act !== undefined;
    firefox.remote.plug();
    await waitForReactions(firefox, BOB, "own 👍");
  });

  it("is not to take back before it has arrived", async () => {
    const notFound = { ok: false, error: { kind: "not-found" } } as const;
    firefox.remote.unplug();
    const waiting = await firefox.send({ chat: BOB, text: "still here" });
    assert.ok(waiting.ok);
    assert.deepEqual(await firefox.engine.retract({ key: waiting.value.client }), notFound);
  });
});

describe("a message that is taken back", () => {
  it("is gone where it was taken back, covered in all other browsers, and its reactions are gone", async () => {
    await react(bob, ALICE, ["👍"]);
    await waitForReactions(firefox, BOB, "theirs 👍");
    await retract(firefox, BOB);
    assert.equal(await bodyIn(firefox, BOB), "retracted");
    for (const [who, chat] of [
      [chrome, BOB],
      [bob, ALICE],
    ] as const)
      await until(async () => (await bodyIn(who, chat)) === "retracted");
    const [item] = await bob.items(ALICE);
    assert.deepEqual([item?.covered, item?.reactions], ["see you at six", undefined]);
    await until(async () => !JSON.stringify(await firefox.rows("messages")).includes("see you"));
    assert.deepEqual(bob.engine.snapshot().chats.find(({ jid }) => jid === ALICE)?.last?.body, {
      kind: "reason",
      reason: "retracted",
    });
  });

  it("T20: stays where somebody else asks for it, and takes no change any more", async () => {
    const act = { kind: "retraction", of: { id: firstOf(ALICE), to: ALICE } } as const;
    forge(ALICE, BOB, BOB, act);
    forge(BOB, CAROL, CAROL, act);
    await fixture.hasReadAll(firefox);
    await fixture.hasReadAll(bob);
    assert.equal(await bodyIn(firefox, BOB), "see you at six");
    assert.equal(await bodyIn(bob, ALICE), "see you at six");
    const [theirs] = await bob.items(ALICE);
    assert.deepEqual(await bob.engine.retract({ key: theirs?.key ?? "" }), { ok: false, error: { kind: "not-found" } });
    await retract(firefox, BOB);
    const [mine] = await firefox.items(BOB);
    const changed = await firefox.send({ chat: BOB, text: "again", ...(mine && { replaces: mine.key }) });
    assert.deepEqual(changed, { ok: false, error: { kind: "not-found" } });
    assert.deepEqual(await firefox.engine.react({ key: mine?.key ?? "", emojis: ["👍"] }), {
      ok: false,
      error: { kind: "not-found" },
    });
  });

  it("is taken back once by two presses", async () => {
    const object = fixture.object(ALICE);
    await Promise.all([retract(firefox, BOB), retract(firefox, BOB)]);
    await until(async () => (await bodyIn(chrome, BOB)) === "retracted");
    await retract(firefox, BOB);
    await fixture.quiet();
    const acts = object.log.filter((entry) => entry.kind === "message" && entry.act?.kind === "retraction");
    assert.equal(acts.length, 1);
  });

  it("does not come back when its log is told again", async () => {
    await retract(firefox, BOB);
    await until(async () => (await bodyIn(chrome, BOB)) === "retracted");
    const entry = fixture.object(ALICE).log.find((one) => one.kind === "message" && one.originId === firstOf(ALICE));
    assert.ok(entry);
    fixture.object(ALICE).tellAgain(entry, {});
    await fixture.hasReadAll(chrome);
    assert.equal(await bodyIn(chrome, BOB), "retracted");
    assert.equal(await bodyIn(firefox, BOB), "retracted");
  });

  it("stays, unseen, until the server has the word, and is gone then, also out of what answers it", async () => {
    const [theirs] = await bob.items(ALICE);
    await bob.send({ chat: ALICE, text: "at six it is", reply: theirs?.key ?? "" });
    await until(async () => (await firefox.items(BOB)).length === 2);
    assert.equal((await firefox.items(BOB))[1]?.quote?.text, "see you at six");
    const object = fixture.object(ALICE);
    object.setLinked(false);
    await retract(firefox, BOB);
    assert.equal(await bodyIn(firefox, BOB), "retracted");
    const unseen = async () => {
      const [item, answer] = await firefox.items(BOB);
      return item?.covered === undefined && answer?.quote?.gone === true && answer.quote.text === undefined;
    };
    assert.ok(await unseen());
    await firefox.crash();
    assert.ok(await unseen());
    assert.ok(JSON.stringify(await firefox.rows("messages")).includes("see you"), "nothing is lost while it may fail");
    await until(async () => (await bodyIn(chrome, BOB)) === "retracted");
    await fixture.hasReadAll(firefox);
    const act = object.log.find((entry) => entry.kind === "message" && entry.act?.kind === "retraction");
    assert.ok(act);
    object.append({ kind: "progress", message: act.id, state: "sent" });
    await until(async () => !JSON.stringify(await firefox.rows("messages")).includes("see you"));
    assert.ok(await unseen());
    await until(async () => (await chrome.items(BOB))[1]?.quote?.gone === true);
  });

  it("that the other side's server refuses after it was accepted is shown again, and says why", async () => {
    const object = fixture.object(ALICE);
    object.linked = false;
    await retract(firefox, BOB);
    await until(async () => (await bodyIn(chrome, BOB)) === "retracted");
    await fixture.hasReadAll(firefox);
    const act = object.log.find((entry) => entry.kind === "message" && entry.act?.kind === "retraction");
    assert.ok(act);
    object.append({ kind: "progress", message: act.id, state: "failed", failure: { kind: "peer-refused" } });
    await until(async () => (await bodyIn(firefox, BOB)) === "see you at six");
    const [item] = await firefox.items(BOB);
    assert.deepEqual(item?.notWithdrawn, { kind: "peer-refused" });
    assert.deepEqual(await firefox.rows("outbox"), []);
    object.linked = true;
    await retract(firefox, BOB);
    await until(async () => !JSON.stringify(await firefox.rows("messages")).includes("see you"));
    assert.equal((await firefox.items(BOB))[0]?.notWithdrawn, undefined);
  });

  it("that does not arrive is shown again in all own browsers, for whoever reads the log later, too", async () => {
    const object = fixture.object(ALICE);
    object.linked = false;
    chrome.remote.unplug();
    const fail = () => {
      const act = object.log.findLast((entry) => entry.kind === "message" && entry.act?.kind === "retraction");
      assert.ok(act);
      object.append({ kind: "progress", message: act.id, state: "failed", failure: { kind: "peer-refused" } });
    };
    await retract(firefox, BOB);
    await until(() => object.log.some((entry) => entry.kind === "message" && entry.act?.kind === "retraction"));
    await fixture.hasReadAll(firefox);
    fail();
    chrome.remote.plug();
    const why = async () => (await chrome.items(BOB))[0]?.notWithdrawn?.kind;
    await until(async () => (await why()) === "peer-refused");
    assert.equal(await bodyIn(chrome, BOB), "see you at six");
    await retract(firefox, BOB);
    await until(async () => (await bodyIn(chrome, BOB)) === "retracted");
    assert.deepEqual([await why(), (await chrome.items(BOB))[0]?.covered], [undefined, undefined], "not settled yet");
    await chrome.crash();
    await fixture.hasReadAll(firefox);
    fail();
    await until(async () => (await bodyIn(chrome, BOB)) === "see you at six");
    object.linked = true;
    await retract(chrome, BOB);
    await until(async () => !JSON.stringify(await chrome.rows("messages")).includes("see you"));
    await until(async () => (await firefox.items(BOB))[0]?.notWithdrawn === undefined);
    assert.equal((await firefox.items(BOB))[0]?.covered, "see you at six");
    assert.deepEqual([...(await firefox.rows("acts")), ...(await chrome.rows("acts"))], [], "nothing waits any more");
  });

  it("that the object refuses for good is shown again as well", async () => {
    fixture.object(ALICE).refuses = ({ act }) => act !== undefined;
    await retract(firefox, BOB);
    await until(async () => (await firefox.items(BOB))[0]?.notWithdrawn !== undefined);
    assert.equal(await bodyIn(firefox, BOB), "see you at six");
  });
});

describe("a message that is corrected", () => {
  it("keeps what stood there before, in every browser, until it is taken back", async () => {
    for (const text of ["see you at seven", "see you at eight"]) {
      const [item] = await firefox.items(BOB);
      assert.ok((await firefox.send({ chat: BOB, text, replaces: item?.key ?? "" })).ok);
      for (const [who, chat] of [
        [firefox, BOB],
        [chrome, BOB],
        [bob, ALICE],
      ] as const)
        await until(async () => (await bodyIn(who, chat)) === text && (await who.items(chat)).length === 1);
    }
    for (const [who, chat] of [
      [firefox, BOB],
      [chrome, BOB],
      [bob, ALICE],
    ] as const) {
      const [item] = await who.items(chat);
      assert.deepEqual(
        item?.earlier?.map(({ text }) => text),
        ["see you at six", "see you at seven"],
      );
    }
    await retract(firefox, BOB);
    await until(async () => !JSON.stringify(await firefox.rows("messages")).includes("see you"));
    assert.equal((await firefox.items(BOB))[0]?.earlier, undefined);
  });
});

describe("a message that is deleted in one browser", () => {
  it("is gone there alone, and does not come back when it is told again", async () => {
    await firefox.send({ chat: BOB, text: "and bring the map" });
    await chrome.waitForTexts(BOB, ["see you at six", "and bring the map"]);
    const items = await firefox.items(BOB);
    await firefox.engine.forget({ keys: [items[1]?.key ?? "", "nothing"] });
    assert.deepEqual((await firefox.items(BOB)).length, 1);
    assert.equal(firefox.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.last?.key, items[0]?.key);
    const entry = fixture.object(ALICE).log.find((one) => one.id === items[1]?.id);
    assert.ok(entry);
    fixture.object(ALICE).tellAgain(entry, {});
    await fixture.hasReadAll(firefox);
    assert.equal((await firefox.items(BOB)).length, 1);
    assert.ok(!JSON.stringify(await firefox.rows("messages")).includes("the map"));
    assert.equal((await chrome.items(BOB)).length, 2);
  });
});
