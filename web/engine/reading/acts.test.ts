/** Whose act counts about which message: what a server, a room or somebody in it could have written. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Act, MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoPeople } from "../testing/fixture.ts";

const ROOM = "room@rooms.example" as BareJid;

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice } = await twoPeople());
});

afterEach(() => fixture.end());

type From = Pick<MessageEntry, "chat" | "sender"> & Partial<Pick<MessageEntry, "occupant" | "position" | "archive">>;

const byBob: From = { chat: BOB, sender: BOB };
const inRoom = (sender: BareJid): From => ({ chat: ROOM, sender, occupant: { nick: "bob" } });
const archived = (id: string): From => ({ ...inRoom(BOB), archive: { by: ROOM, id } });
const hidden = (id?: string): From => ({
  ...{ chat: ROOM, sender: ROOM },
  occupant: { nick: "bob", ...(id !== undefined && { id }) },
});

function says(from: From, originId: string | undefined, text: string): void {
  const named = originId === undefined ? {} : { originId };
  fixture.object(ALICE).deliver({ ...from, ...named, content: { kind: "clear", text } });
}

function does(from: From, act: Act): void {
  fixture.object(ALICE).deliver({ ...from, originId: crypto.randomUUID(), act, content: { kind: "none" } });
}

const reacts = (from: From, id: string, ...emojis: readonly string[]) =>
  does(from, { kind: "reactions", of: { id }, emojis });
const takesBack = (from: From, id: string) => does(from, { kind: "retraction", of: { id } });

/** What is shown of each message: its text or why there is none, then the reactions to it. */
async function shown(chat: BareJid): Promise<readonly string[]> {
  await fixture.hasReadAll(alice);
  return (await alice.items(chat)).map(({ body, reactions = [] }) =>
    [body.kind === "text" ? body.text : body.reason, ...reactions.flatMap(({ emojis }) => emojis)].join(" "),
  );
}

describe("a message of a room", () => {
  it("T20: is taken out of sight by the room itself, and by nobody in it", async () => {
    says(archived("a1"), "m1", "hello");
    const act: Act = { kind: "moderation", of: { id: "a1" }, by: "carol", reason: "adverts" };
    does(inRoom(CAROL), act);
    does({ chat: ROOM, sender: CAROL }, act);
    does(hidden("o2"), act);
    assert.deepEqual(await shown(ROOM), ["hello"]);
    does({ chat: ROOM, sender: ROOM }, act);
    assert.deepEqual(await shown(ROOM), ["moderated"]);
    const [item] = await alice.items(ROOM);
    assert.deepEqual([item?.covered, item?.moderator, item?.moderatedWhy], ["hello", "carol", "adverts"]);
  });

  it("T20: is taken back by whoever wrote it, and by nobody of the same name", async () => {
    says(inRoom(BOB), "m1", "hello");
    says(archived("a2"), undefined, "without an id");
    says({ ...archived("a3"), sender: ALICE }, undefined, "ours");
    for (const id of ["m1", "a2", "a3"]) does(inRoom(CAROL), { kind: "retraction", of: { id, to: BOB } });
    assert.deepEqual(await shown(ROOM), ["hello", "without an id", "ours"]);
    takesBack(inRoom(BOB), "m1");
    takesBack(inRoom(ALICE), "a3");
    assert.deepEqual(await shown(ROOM), ["retracted", "without an id", "retracted"]);
  });

  it("T20: that hides addresses is taken back under the same id of the room, and without one by nobody", async () => {
    says(hidden("o1"), "m1", "hello");
    says(hidden(), "m2", "nameless");
    takesBack(hidden("o2"), "m1");
    takesBack(hidden(), "m1");
    takesBack(hidden(), "m2");
    assert.deepEqual(await shown(ROOM), ["hello", "nameless"]);
    takesBack(hidden("o1"), "m1");
    assert.deepEqual(await shown(ROOM), ["retracted", "nameless"]);
  });

  it("T21: that hides addresses has the reactions of each of its ids apart, whatever they are called", async () => {
    says(hidden("o1"), "m1", "hello");
    reacts(hidden("o2"), "m1", "👍");
    reacts(hidden("o3"), "m1", "🎉");
    reacts(hidden("o2"), "m1", "🙏");
    assert.deepEqual(await shown(ROOM), ["hello 🎉 🙏"]);
  });

  it("keeps the reactions of the last 200 people", async () => {
    says(archived("a1"), "m1", "hello");
    for (let n = 0; n < 201; n += 1) reacts(inRoom(`p${n}@a.example` as BareJid), "a1", `${n}`);
    const [line = ""] = await shown(ROOM);
    const reactions = line.split(" ").slice(1);
    assert.deepEqual([reactions.length, reactions[0], reactions.at(-1)], [200, "1", "200"]);
  });

  it("T21: whoever takes one name after another pushes nobody's reactions out where a room tells no ids", async () => {
    says(archived("a1"), "m1", "hello");
    const called = (nick: string): From => ({ chat: ROOM, sender: ROOM, occupant: { nick } });
    reacts(called("carol"), "a1", "👍");
    for (let n = 0; n < 250; n += 1) reacts(called(`n${n}`), "a1", "👎");
    reacts(hidden("o9"), "a1", "🎉");
    const [line = ""] = await shown(ROOM);
    const reactions = line.split(" ").slice(1);
    assert.deepEqual([reactions.length, reactions.includes("🎉")], [200, true]);
    reacts(called("carol"), "a1", "🙏");
    assert.deepEqual(
      (await shown(ROOM))[0]?.split(" ").slice(1).includes("🙏"),
      true,
      "who is there may change theirs",
    );
    const [row] = await alice.rows("messages");
    const first = row?.reactions?.some(({ actor }) => actor.endsWith("nick n1"));
    assert.deepEqual([first, row?.reactions?.some(({ actor }) => actor.endsWith("nick n249"))], [true, false]);
  });
});

describe("an act that names a correction", () => {
  const changes = (from: From, originId: string, replaces: string, text: string) =>
    fixture.object(ALICE).deliver({ ...from, originId, replaces, content: { kind: "clear", text } });

  it("T20: is done to the message that was corrected, by whoever may", async () => {
    says(byBob, "m1", "hello");
    changes(byBob, "c1", "m1", "hullo");
    changes(byBob, "c2", "m1", "hallo");
    reacts(byBob, "c1", "👍");
    assert.deepEqual(await shown(BOB), ["hallo 👍"]);
    reacts(byBob, "c2", "🎉");
    assert.deepEqual(await shown(BOB), ["hallo 🎉"]);
    takesBack({ chat: BOB, sender: ALICE }, "c2");
    assert.deepEqual(await shown(BOB), ["hallo 🎉"], "not by us, whose it is not");
    takesBack(byBob, "c1");
    assert.deepEqual(await shown(BOB), ["retracted"]);
  });

  it("T20: finds it by the room's id of the correction, and by its entry", async () => {
    says(archived("a1"), "m1", "hello");
    const { id: entry } = changes(archived("a2"), "c1", "m1", "hullo");
    does(inRoom(CAROL), { kind: "reactions", of: { id: "a2" }, emojis: ["👍"] });
    does(inRoom(ALICE), { kind: "reactions", of: { id: "?", entry }, emojis: ["🎉"] });
    assert.deepEqual(await shown(ROOM), ["hullo 👍 🎉"]);
    does({ chat: ROOM, sender: ROOM }, { kind: "moderation", of: { id: "a2" }, by: "carol" });
    assert.deepEqual(await shown(ROOM), ["moderated"]);
  });

  it("waits for it, and a correction or an answer may name one, too", async () => {
    reacts(byBob, "c1", "👍");
    says(byBob, "m1", "hello");
    changes(byBob, "c1", "m1", "hullo");
    changes(byBob, "c2", "c1", "hallo");
    assert.deepEqual(await shown(BOB), ["hallo 👍"]);
    const reply = { id: "c2", to: BOB };
    fixture.object(ALICE).deliver({ ...byBob, originId: "a", reply, content: { kind: "clear", text: "yes" } });
    await shown(BOB);
    const items = await alice.items(BOB);
    assert.equal(items[1]?.quote?.key, items[0]?.key);
  });

  it("T20: takes the message back that comes behind its own correction", async () => {
    changes(byBob, "c1", "m1", "a secret");
    takesBack(byBob, "c1");
    assert.deepEqual(await shown(BOB), ["retracted"]);
    fixture.object(ALICE).deliver({
      ...{ ...byBob, position: -5 as Position, originId: "m1" },
      content: { kind: "clear", text: "hello" },
    });
    assert.deepEqual(await shown(BOB), ["retracted"]);
    assert.equal((await alice.items(BOB)).length, 1);
  });
});

describe("an act", () => {
  it("that comes late changes nothing of a newer one", async () => {
    says(byBob, "m1", "hello");
    reacts({ ...byBob, position: 900 as Position }, "m1", "🙏");
    reacts({ ...byBob, position: 800 as Position }, "m1", "👍");
    assert.deepEqual(await shown(BOB), ["hello 🙏"]);
  });

  it("of another log counts, whatever its place in that", async () => {
    says(byBob, "m1", "hello");
    reacts({ ...byBob, position: 900 as Position }, "m1", "👍");
    assert.deepEqual(await shown(BOB), ["hello 👍"]);
    fixture.object(ALICE).log.pop();
    fixture.object(ALICE).startEpoch("epoch-2");
    reacts({ ...byBob, position: 800 as Position }, "m1", "🙏");
    await alice.crash();
    await until(async () => (await shown(BOB))[0] === "hello 🙏");
  });

  it("of our own that is on its way counts more than what another browser did before", async () => {
    says(byBob, "m1", "hello");
    const [item] = (await shown(BOB)) && (await alice.items(BOB));
    fixture.object(ALICE).delayOf = () => 2_000;
    await alice.engine.react({ key: item?.key ?? "", emojis: ["🙏"] });
    reacts({ chat: BOB, sender: ALICE }, "m1", "👍");
    assert.deepEqual(await shown(BOB), ["hello 🙏"]);
  });

  it("that waits for its message stands by its place in the log, and for its conversation alone", async () => {
    reacts({ ...byBob, position: 900 as Position }, "m1", "🙏");
    reacts({ ...byBob, position: 800 as Position }, "m1", "👍");
    reacts({ chat: CAROL, sender: CAROL }, "m1", "👎");
    says(byBob, "m1", "hello");
    says({ chat: CAROL, sender: CAROL }, "m2", "good evening");
    assert.deepEqual([await shown(BOB), await shown(CAROL)], [["hello 🙏"], ["good evening"]]);
    assert.equal((await alice.rows("acts")).length, 1);
  });

  for (const [title, conversations, most] of [
    ["waits among 100 of its conversation", 1, 100],
    ["waits among 500 of all", 6, 500],
  ] as const)
    it(`${title}, and the oldest is forgotten`, async () => {
      for (let n = 0; n < most + 1; n += 1) {
        const chat = `contact${n % conversations}@b.example` as BareJid;
        reacts({ ...byBob, chat, sender: chat, position: (n + 1) as Position }, `a${n}`, "👍");
      }
      await fixture.hasReadAll(alice);
      const rows = await alice.rows("acts");
      assert.deepEqual([rows.length, rows.some(({ act }) => act.of.id === "a0")], [most, false]);
    });
});
