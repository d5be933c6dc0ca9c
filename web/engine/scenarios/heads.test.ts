/** Browsers of one account compare what they were told (S12). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Entry } from "../../../worker/contract/entries.ts";
import type { BrowserId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, Fixture, readersOf } from "../testing/fixture.ts";

/** Several blocks. */
const MANY = 200;

let fixture: Fixture;
let first: TestBrowser;
let second: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  first = await fixture.browser(ALICE);
  second = await fixture.browser(ALICE, "Firefox");
});

afterEach(() => fixture.end());

/** A message without a text of this browser to the other one, which carries what it was told. */
async function hasTold(by: TestBrowser): Promise<void> {
  await until(async () => {
    const row = (await by.rows("meta")).find(({ name }) => name === "blocks");
    return row?.name === "blocks" && row.toldUpTo !== undefined;
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
});
