/** A browser that was let in with the history reads what was written before it came, and asks for what it cannot read later. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Handover } from "../protocol/account.ts";
import type { MessageItem } from "../protocol/conversations.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";

let fixture: Fixture;
let older: TestBrowser;
let bob: TestBrowser;
let newcomer: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  bob = await fixture.browser(BOB);
  older = await fixture.browser(ALICE, "Firefox on Linux");
  newcomer = fixture.unsigned("Chrome on macOS");
});

afterEach(() => fixture.end());

const noticesOf = ({ engine }: TestBrowser) => engine.snapshot().notices;

function handover(browser: TestBrowser): Handover | undefined {
  return noticesOf(browser).find((notice) => notice.kind === "handover");
}

/** The person has compared both screens, and presses Allow with or without the history. */
async function letIn(history: boolean): Promise<void> {
  await newcomer.signIn(ALICE, { allowed: false });
  const joining = () => noticesOf(newcomer).find((notice) => notice.kind === "joining");
  const sheet = () => noticesOf(older).find((notice) => notice.kind === "letting-in");
  await until(() => sheet()?.state === "code" && joining()?.by[0]?.state === "code");
  await older.engine.letIn({ act: "allow", device: newcomer.device, history });
  await until(() => joining()?.by[0]?.state === "asks");
  await newcomer.engine.letIn({ act: "same", device: older.device });
  await until(() => joining() === undefined && !newcomer.awaiting);
}

/** What a person sees of a row. */
function seen({ key: _key, handedBy: _by, quote, state: _state, times: _times, leftOut: _left, ...item }: MessageItem) {
  return { ...item, quote: quote && { ...quote, key: undefined } };
}

async function talk(): Promise<void> {
  await fixture.acquaint(older, bob);
  for (const text of ["one", "two", "thre"]) await older.send({ chat: BOB, text });
  await bob.waitForTexts(ALICE, ["hello", "hello too", "one", "two", "thre"]);
  const last = (await older.items(BOB)).at(-1);
  await older.send({ chat: BOB, text: "three", replaces: last?.key ?? "" });
  await bob.waitForTexts(ALICE, ["hello", "hello too", "one", "two", "three"]);
  const one = (await bob.items(ALICE)).find(({ body }) => body.kind === "text" && body.text === "one");
  await bob.send({ chat: ALICE, text: "to one", reply: one?.key ?? "" });
  await bob.engine.react({ key: one?.key ?? "", emojis: ["👍"] });
  await older.waitForTexts(BOB, ["hello", "hello too", "one", "two", "three", "to one"]);
  await until(async () => (await older.items(BOB)).some(({ reactions }) => reactions !== undefined));
}

describe("a new browser", () => {
  it("reads the old messages, corrections, answers and reactions included, and both say how many came", async () => {
    await talk();
    await letIn(true);
    await until(
      () => handover(newcomer)?.state === "finished" && handover(older)?.state === "finished",
      () => JSON.stringify([handover(newcomer), handover(older)]),
    );
    assert.deepEqual((await newcomer.items(BOB)).map(seen), (await older.items(BOB)).map(seen));
    assert.ok((await newcomer.items(BOB)).every(({ handedBy }) => handedBy === "Firefox on Linux"));
    const { role, done, gaps } = handover(newcomer) ?? assert.fail("nothing is said");
    assert.deepEqual({ role, done, gaps }, { role: "taking", done: 6, gaps: 0 });
    assert.deepEqual([handover(older)?.role, handover(older)?.done], ["giving", 6]);
  });

  it("is given none of the old ones where it was only let in", async () => {
    await talk();
    await letIn(false);
    await older.send({ chat: BOB, text: "now" });
    await newcomer.waitForTexts(BOB, ["now"]);
    assert.equal(handover(newcomer), undefined);
    assert.equal((await newcomer.engine.timeline({ chat: BOB })).beforeDevice, 7);
  });

  it("asks for what was not written to it, without a person", async () => {
    await talk();
    await letIn(true);
    await until(() => handover(newcomer)?.state === "finished");
    // Bob's app has not heard of the new browser.
    const { object } = older.remote;
    const made = await fixture.withheld(bob, ALICE, "only for the older one");
    const keys = made.keys.filter(({ rid }) => rid === older.device);
    object.deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo: { ...made, keys } } });
    const texts = async () => (await newcomer.texts(BOB)).at(-1);
    await until(
      async () => (await texts()) === "only for the older one",
      async () => `is ${await texts()}`,
    );
  });
});
