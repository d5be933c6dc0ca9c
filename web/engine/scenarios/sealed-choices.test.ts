/** Drafts and own names in every own browser: sealed for them, and for nobody else. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Choice } from "../../../worker/contract/choices.ts";
import { isChoice } from "../../../worker/shared/choices.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, summaryOf, twoBrowsers } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome } = await twoBrowsers());
  await firefox.engine.start({ address: BOB });
  await chrome.engine.start({ address: BOB });
});

afterEach(() => fixture.end());

const write = (browser: TestBrowser, text: string | undefined) =>
  browser.engine.draft({ chat: BOB, draft: text === undefined ? undefined : { text } });
const draftIn = (browser: TestBrowser) => summaryOf(browser, BOB)?.draft?.text;
const name = (browser: TestBrowser, value: string | undefined) =>
  browser.engine.choose({ choices: [{ chat: BOB, name: "name", ...(value !== undefined && { value }) }] });
const nameIn = (browser: TestBrowser) => summaryOf(browser, BOB)?.name;
const kept = (which: string): Choice | undefined =>
  fixture.object(ALICE).choices?.all.find((choice) => choice.chat === BOB && choice.name === which);
const everything = () =>
  JSON.stringify(fixture.network, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
const has = (browser: TestBrowser, text: string | undefined) =>
  until(
    () => draftIn(browser) === text,
    () => `${draftIn(browser)} stands there`,
  );

describe("a draft", () => {
  it("is continued in the other browser, and is over there when it was sent here", async () => {
    await write(firefox, "half a thought");
    await has(chrome, "half a thought");
    assert.ok((summaryOf(chrome, BOB)?.draftFrom ?? 0) > 0);
    await write(chrome, "half a thought, and the other half");
    await has(firefox, "half a thought, and the other half");
    await write(firefox, undefined);
    await has(chrome, undefined);
  });

  it("that was taken away there and written anew in the next moment stands here as it is there", async () => {
    await write(firefox, "first words");
    await has(chrome, "first words");
    await write(chrome, undefined);
    await write(chrome, "first words, and others");
    await chrome.engine.open({ chat: undefined });
    await has(firefox, "first words, and others");
    await fixture.quiet();
    assert.equal(draftIn(firefox), "first words, and others");
  });

  it("canary: nothing of a draft or a name is readable in the object, and its length is a step", async () => {
    await write(firefox, "canary-draft");
    await name(firefox, "canary-name");
    await has(chrome, "canary-draft");
    await until(() => nameIn(chrome) === "canary-name");
    assert.doesNotMatch(everything(), /canary/);
    const before = String(kept("draft")?.value).length;
    await write(firefox, "canary-draft, some words longer");
    await has(chrome, "canary-draft, some words longer");
    assert.equal(String(kept("draft")?.value).length, before);
    for (const choice of fixture.object(ALICE).choices?.all ?? []) assert.ok(isChoice(choice), choice.name);
  });

  it("leaves nothing where there is one browser, and comes when there is a second one", async () => {
    const alone = await fixture.browser("dora@d.example" as typeof ALICE);
    await alone.engine.start({ address: BOB });
    await write(alone, "for later");
    await fixture.quiet();
    assert.deepEqual(fixture.object("dora@d.example" as typeof ALICE).choices?.all, []);
    const second = await fixture.browser("dora@d.example" as typeof ALICE, "Firefox on Linux");
    await has(second, "for later");
  });

  it("that was written and sent at once is told nobody", async () => {
    await write(firefox, "quick");
    await write(firefox, undefined);
    await fixture.quiet();
    assert.equal(kept("draft"), undefined);
  });

  it("written without a network is told when there is one, unless there is a newer one", async () => {
    firefox.remote.unplug();
    await write(firefox, "older");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await write(chrome, "newer");
    await until(() => kept("draft") !== undefined);
    firefox.remote.plug();
    await has(firefox, "newer");
    await fixture.quiet();
    assert.equal(draftIn(chrome), "newer");
  });

  it("outlives the tab in which the pause was not over", async () => {
    firefox.remote.unplug();
    await write(firefox, "just now");
    await firefox.crash();
    firefox.remote.plug();
    await has(chrome, "just now");
  });
});

describe("a name of the person's own", () => {
  it("is theirs in every browser, before all others, until they take it away", async () => {
    assert.deepEqual(await name(firefox, "The hut"), { ok: true, value: { done: true } });
    await until(() => nameIn(chrome) === "The hut");
    assert.equal(summaryOf(chrome, BOB)?.ownName, "The hut");
    await name(chrome, undefined);
    await until(() => nameIn(firefox) === "bob@b.example");
  });
});

describe("an object that lies", () => {
  it("cannot bring back an older draft: it is told the newer one again", async () => {
    const object = fixture.object(ALICE);
    await write(firefox, "first");
    await has(chrome, "first");
    const old = object.choices?.all.find((choice) => choice.name === "draft");
    await write(firefox, "second");
    await has(chrome, "second");
    assert.ok(old !== undefined && object.choices !== undefined);
    object.choices = { revision: object.choices.revision + 1, all: [old] };
    for (const browser of [firefox, chrome]) {
      browser.remote.cut();
      browser.remote.mend();
    }
    await until(() => kept("draft")?.value !== old.value);
    for (const browser of [firefox, chrome]) assert.equal(draftIn(browser), "second");
  });

  it("cannot say that there is none, nor put it into another conversation", async () => {
    const object = fixture.object(ALICE);
    await write(firefox, "stays here");
    await has(chrome, "stays here");
    const value = kept("draft")?.value ?? "";
    const moved = { chat: "carol@c.example" as typeof BOB, name: "draft", value };
    object.choices = { revision: (object.choices?.revision ?? 0) + 1, all: [moved] };
    for (const browser of [firefox, chrome]) {
      browser.remote.cut();
      browser.remote.mend();
    }
    await until(() => kept("draft") !== undefined);
    for (const browser of [firefox, chrome]) {
      assert.equal(draftIn(browser), "stays here");
      assert.equal(summaryOf(browser, "carol@c.example" as typeof BOB)?.draft, undefined);
    }
  });
});

describe("whose browsers", () => {
  it("a new browser is given the key once it is allowed, and reads what was written before it came", async () => {
    await write(firefox, "before you");
    await has(chrome, "before you");
    const phone = fixture.unsigned("Chrome on Android");
    await phone.signIn(ALICE);
    await has(phone, "before you");
  });

  it("a browser that was signed out can read nothing that is written after that", async () => {
    const phone = await fixture.browser(ALICE, "Chrome on Android");
    await write(firefox, "while you were here");
    await has(phone, "while you were here");
    const before = kept("draft")?.value;
    const { id } = fixture.object(ALICE).browsers.find(({ name: called }) => called === "Chrome on Android") ?? {};
    assert.ok(id !== undefined);
    const ring = (await phone.rows("meta")).find((row) => row.name === "sealing");
    const keys = ring?.name === "sealing" ? ring.keys.map((key) => key.id) : [];
    assert.ok(keys.includes(String(before).split(".")[1] ?? ""));
    await firefox.engine.revoke({ browser: id });
    await until(
      () => kept("draft")?.value !== before,
      () => "it was not sealed anew",
    );
    await write(chrome, "after you");
    await has(firefox, "after you");
    assert.ok(!keys.includes(String(kept("draft")?.value).split(".")[1] ?? ""), "under a key that it never had");
  });
});
