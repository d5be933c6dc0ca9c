/** An object that tells again what was told already, as something else (S2); and what it may tell again. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Entry, MessageEntry } from "../../../worker/contract/entries.ts";
import type { Position } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, summaryOf, twoAcquainted } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoAcquainted());
});

afterEach(() => fixture.end());

const isMessage = (entry: Entry): entry is MessageEntry => entry.kind === "message";

function lastOf(by: (entry: MessageEntry) => boolean): MessageEntry {
  return fixture.object(ALICE).log.filter(isMessage).findLast(by) ?? assert.fail("no such message");
}

const hasText = ({ content }: MessageEntry) => content.kind === "omemo" && content.omemo.payload !== undefined;
const bobsText = () => lastOf((entry) => entry.sender === BOB && hasText(entry));
const ownText = () => lastOf((entry) => entry.sender === ALICE && entry.sent !== undefined && hasText(entry));

const noticed = () => alice.engine.snapshot().notices.filter(({ kind }) => kind === "retold");

/** What the screen shows of a conversation, without the mark. */
async function shown(): Promise<unknown> {
  return (await alice.items(BOB)).map((item) => ({ ...item, retold: undefined }));
}

const DAY_MS = 24 * 60 * 60 * 1_000;

describe("S2: a text that is told again under its id", () => {
  const foreign = async () => ({ kind: "omemo", omemo: await fixture.withheld(bob, ALICE, "another") }) as const;
  const lies: Readonly<Record<string, () => Promise<Partial<MessageEntry>> | Partial<MessageEntry>>> = {
    "in another conversation": () => ({ chat: CAROL, sender: CAROL }),
    "in another conversation, by the same writer": () => ({ chat: CAROL }),
    "as our own words": () => ({ sender: ALICE }),
    "at another time": () => ({ at: Date.now() - 3 * DAY_MS }),
    "a moment later": () => ({ at: bobsText().at + 1 }),
    "in another place": () => ({ position: -7 as Position }),
    "with another ciphertext": async () => ({ content: await foreign() }),
    "in clear": () => ({ content: { kind: "clear", text: "I never said that" } }),
    "as what cannot be read": () => ({ content: { kind: "unreadable", why: "malformed" } }),
    "as a correction of something else": () => ({ replaces: ownText().originId ?? "" }),
    "as an answer to something else": () => ({ reply: { id: ownText().originId ?? "" } }),
    "in a room, under somebody's name": () => ({ chat: CAROL, sender: BOB, occupant: { nick: "bob" } }),
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`S2: ${what} is refused, and that is told`, async () => {
      const before = await shown();
      fixture.object(ALICE).tellAgain(bobsText(), await lie());
      await fixture.hasReadAll(alice);
      assert.deepEqual(await shown(), before);
      assert.equal((await alice.items(BOB)).at(-1)?.retold, true);
      assert.deepEqual(
        noticed().map((notice) => "jid" in notice && notice.jid),
        [BOB],
      );
      assert.deepEqual(await alice.texts(CAROL), []);
      assert.equal(summaryOf(alice, CAROL), undefined);
    });
  }

  it("S2: in another log, as something else, is refused, and that is told", async () => {
    const before = await shown();
    const object = fixture.object(ALICE);
    const told = bobsText();
    alice.remote.cut();
    object.epoch = "epoch-2";
    const lie = { ...told, content: { kind: "clear", text: "I never said that" } } as const;
    object.log = object.log.map((entry) => (entry === told ? lie : entry));
    alice.remote.mend();
    await until(() => noticed().length === 1);
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(), before);
  });

  it("S2: that this browser has sent is refused, too", async () => {
    await until(async () => (await alice.items(BOB)).some(({ state }) => state === "read" || state === "sent"));
    const before = await shown();
    fixture.object(ALICE).tellAgain(ownText(), { chat: CAROL });
    fixture.object(ALICE).tellAgain(ownText(), { sender: BOB });
    fixture.object(ALICE).tellAgain(ownText(), { position: 99 as Position });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(), before);
    assert.equal(noticed().length, 1);
    assert.equal(summaryOf(alice, CAROL), undefined);
  });

  it("S2: is told once in a conversation, and again after the person has seen it", async () => {
    for (let time = 0; time < 3; time += 1) fixture.object(ALICE).tellAgain(bobsText(), { chat: CAROL });
    await fixture.hasReadAll(alice);
    assert.equal(noticed().length, 1);
    await alice.engine.dismiss({ notice: noticed()[0]?.key ?? "" });
    await until(() => noticed().length === 0);
    fixture.object(ALICE).tellAgain(bobsText(), { chat: CAROL });
    await fixture.hasReadAll(alice);
    assert.equal(noticed().length, 1);
  });
});

describe("S2: a ciphertext that was opened", () => {
  it("S2: that comes again under another id, in another conversation, is refused", async () => {
    const { content } = bobsText();
    const before = await shown();
    fixture.object(ALICE).deliver({ chat: CAROL, sender: BOB, occupant: { nick: "bob" }, content });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(), before);
    assert.equal(noticed().length, 1);
    assert.deepEqual(await alice.texts(CAROL), []);
  });

  it("S2: that comes again under another id, in its conversation, stays where it is", async () => {
    const { content } = bobsText();
    await bob.send({ chat: ALICE, text: "newer" });
    await until(async () => (await alice.texts(BOB)).at(-1) === "newer");
    const before = await shown();
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await shown(), before);
    assert.equal(noticed().length, 0);
  });

  it("S2: is kept where it belongs, though it was shown elsewhere before it could be opened", async () => {
    await alice.meddle((database) => database.delete("sessions", `${BOB}.${bob.device}`));
    const omemo = await fixture.withheld(bob, ALICE, "for alice alone");
    const content = { kind: "omemo", omemo } as const;
    fixture.object(ALICE).deliver({ chat: CAROL, sender: BOB, occupant: { nick: "bob" }, content });
    await fixture.hasReadAll(alice);
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content });
    await alice.waitForTexts(BOB, ["hello", "hello too", "<no-session>"]);
    assert.equal(noticed().length, 0, "nobody knows which of the two is true");
  });

  it("S2: is not another one's because a server gives both the same archive id", async () => {
    const archive = { by: ALICE, id: "28482" };
    for (const text of ["first", "second"]) {
      const omemo = await fixture.withheld(bob, ALICE, text);
      fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, archive, content: { kind: "omemo", omemo } });
    }
    await alice.waitForTexts(BOB, ["hello", "hello too", "first", "second"]);
    assert.equal(noticed().length, 0);
  });

  it("S2: an old database told anew by another log, in another conversation, is refused as well", async () => {
    const { content } = bobsText();
    const before = await alice.texts(BOB);
    alice.remote.cut();
    fixture.object(ALICE).startEpoch("another");
    fixture.object(ALICE).log = [];
    fixture.object(ALICE).deliver({ chat: CAROL, sender: BOB, occupant: { nick: "bob" }, content });
    alice.remote.mend();
    await until(() => noticed().length === 1);
    assert.deepEqual(await alice.texts(BOB), before);
    assert.deepEqual(await alice.texts(CAROL), []);
  });
});

describe("what may be told again", () => {
  it("S2: by another log: other ids and places, the archive's id, its whole seconds", async () => {
    const told = fixture.object(ALICE).log.filter(isMessage);
    alice.remote.cut();
    fixture.object(ALICE).startEpoch("another");
    fixture.object(ALICE).log = [];
    for (const [at, entry] of told.entries()) {
      const { chat, sender, content, originId } = entry;
      fixture.object(ALICE).deliver({
        ...{ chat, sender, content },
        ...(originId !== undefined && { originId }),
        at: Math.floor(entry.at / 1_000) * 1_000,
        archive: { by: ALICE, id: `a${at}` },
        position: (at - 1_000) as Position,
      });
    }
    alice.remote.mend();
    await fixture.hasReadAll(alice);
    assert.deepEqual(await alice.texts(BOB), ["hello", "hello too"]);
    assert.ok((await alice.items(BOB)).every(({ position, archived }) => position < 0 && archived === true));
    assert.equal(noticed().length, 0);
    assert.ok((await alice.items(BOB)).every(({ retold }) => retold === undefined));
  });

  it("S2: the same page, after a socket was cut before it was acknowledged", async () => {
    await alice.crash();
    await bob.send({ chat: ALICE, text: "and on" });
    await alice.waitForTexts(BOB, ["hello", "hello too", "and on"]);
    assert.equal(noticed().length, 0);
  });
});
