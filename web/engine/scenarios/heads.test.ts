/** Browsers of one account compare what they were told (S12). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { Entry, MessageEntry } from "../../../worker/contract/entries.ts";
import type { BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import { HASTY, type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, Fixture, readersOf } from "../testing/fixture.ts";

/** Several blocks. */
const MANY = 200;

let fixture: Fixture;
let first: TestBrowser;
let second: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture(HASTY);
  first = await fixture.browser(ALICE);
  second = await fixture.browser(ALICE, "Firefox");
});

afterEach(() => {
  mock.timers.reset();
  return fixture.end();
});

/** A message without a text of this browser to the other one, which carries what it was told. */
async function hasTold(by: TestBrowser, upTo = 0): Promise<void> {
  await until(async () => {
    const row = (await by.rows("meta")).find(({ name }) => name === "blocks");
    return row?.name === "blocks" && (row.toldUpTo ?? -1) >= upTo;
  });
  await until(async () => (await by.rows("outbox")).length === 0);
}

const isTold = (of: TestBrowser) => of.engine.snapshot().notices.filter(({ kind }) => kind === "differs");

/** So much is said that the browsers have something to compare, and both have compared. */
async function compare(distort?: (entry: Entry) => Entry | undefined): Promise<void> {
  const lied = (to: BrowserId) => to === second.remote.browser;
  if (distort) fixture.object(ALICE).distort = (entry, to) => (lied(to) ? distort(entry) : entry);
  for (let at = 0; at < MANY; at += 1) {
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "clear", text: `text ${at}` } });
  }
  await hasTold(first);
  await hasTold(second);
  const { acknowledged, log } = fixture.object(ALICE);
  await until(() => [first, second].every(({ remote }) => acknowledged.get(remote.browser) === log.length));
}

const isText = (entry: Entry, text: string) =>
  entry.kind === "message" && entry.content.kind === "clear" && entry.content.text === text;

describe("what the browsers of an account were told", () => {
  it("S12: is compared in messages to each other alone, and nothing is said where it is the same", async () => {
    await compare();
    assert.deepEqual([...isTold(first), ...isTold(second)], []);
    const heads = fixture
      .sent(ALICE, ALICE)
      .filter(({ content }) => content.kind === "omemo" && !content.omemo.payload);
    const readers = heads.flatMap(({ content }) => (content.kind === "omemo" ? readersOf(content.omemo) : []));
    assert.ok(readers.every((device) => device === first.device || device === second.device));
  });

  const lies: Readonly<Record<string, (entry: Entry) => Entry | undefined>> = {
    "nothing in the place of a message": (entry) => (isText(entry, "text 9") ? undefined : entry),
    "nothing in the place of a whole block": (entry) => (entry.seq > 64 && entry.seq <= 96 ? undefined : entry),
    "another text": (entry) =>
      isText(entry, "text 9") ? ({ ...entry, content: { kind: "clear", text: "a lie" } } as Entry) : entry,
    "another place": (entry) => (isText(entry, "text 9") ? ({ ...entry, position: -5 } as Entry) : entry),
    "another conversation": (entry) =>
      isText(entry, "text 9") ? ({ ...entry, chat: CAROL, sender: CAROL } as Entry) : entry,
    "something else in the place of a message": (entry) =>
      isText(entry, "text 9")
        ? ({ id: entry.id, seq: entry.seq, kind: "read", chat: BOB, position: 0 } as Entry)
        : entry,
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`S12: ${what} for one of them is found out, and told`, async () => {
      await compare(lie);
      await until(() => isTold(first).length > 0 || isTold(second).length > 0);
    });
  }

  it("S12: is not compared with a device that nobody has allowed: it accuses nobody", async () => {
    const third = fixture.unsigned("Somebody else's");
    await third.signIn(ALICE, { allowed: false });
    await third.send({ chat: ALICE, text: "a note" });
    for (const by of [first, second]) await until(async () => (await by.texts(ALICE)).at(-1) === "a note");
    const lied = (to: BrowserId) => to === third.remote.browser;
    fixture.object(ALICE).distort = (entry, to) =>
      lied(to) && isText(entry, "text 9") ? ({ ...entry, position: -5 } as Entry) : entry;
    await compare();
    await hasTold(third);
    await Promise.all([first, second].map((browser) => fixture.hasReadAll(browser)));
    assert.deepEqual([...isTold(first), ...isTold(second)], []);
  });

  it("S12: is the same for a browser for which the log began anew", async () => {
    await compare();
    second.remote.cut();
    const { epoch } = fixture.object(ALICE);
    fixture.object(ALICE).epoch = `${epoch}.1`;
    second.remote.mend();
    const { acknowledged, log } = fixture.object(ALICE);
    await until(() => acknowledged.get(second.remote.browser) === log.length);
    assert.deepEqual([...isTold(first), ...isTold(second)], []);
  });

  const HOUR_MS = 60 * 60 * 1_000;
  const DAY_MS = 24 * HOUR_MS;
  const isSealed = (entry: Entry): entry is MessageEntry => entry.kind === "message" && entry.content.kind === "omemo";

  function texts(count: number, at: number): void {
    for (let number = 0; number < count; number += 1) {
      const content = { kind: "clear", text: `text ${number}` } as const;
      fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, at: at + number, content });
    }
  }
  async function haveRead(...browsers: readonly TestBrowser[]): Promise<void> {
    const { acknowledged, log } = fixture.object(ALICE);
    await until(() => browsers.every(({ remote }) => acknowledged.get(remote.browser) === log.length));
  }
  /** Later, when others are told again, something more is said. */
  async function compareLater(ms: number): Promise<void> {
    mock.timers.enable({ apis: ["Date"], now: Date.now() + ms });
    second.remote.mend();
    texts(70, Date.now());
    for (const browser of [first, second]) await hasTold(browser, 6);
    await haveRead(first, second);
    assert.deepEqual([...isTold(first), ...isTold(second)], []);
  }

  it("S12: is not said to differ by a browser that was away while some of it grew too old to be compared", async () => {
    texts(70, Date.now() - 24 * DAY_MS);
    await haveRead(first, second);
    second.remote.cut();
    texts(70, Date.now() - 29 * DAY_MS);
    await haveRead(first);
    await compareLater(5 * DAY_MS);
  });

  it("S12: is not said to differ where ciphertext was pruned before one of them has read it", async () => {
    texts(70, Date.now());
    await haveRead(first, second);
    second.remote.cut();
    const omemo = { sid: 7 as DeviceId, iv: "AAAAAAAAAAAAAAAA", payload: "AAAA", keys: [] };
    const object = fixture.object(ALICE);
    for (let at = 0; at < 70; at += 1) object.deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo } });
    await haveRead(first);
    object.log = object.log.map((entry) =>
      isSealed(entry) && entry.sender === BOB
        ? { ...entry, content: { kind: "omemo", omemo: { ...omemo, payload: "" } } }
        : entry,
    );
    await compareLater(7 * HOUR_MS);
  });
});
