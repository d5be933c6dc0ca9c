/** What a person chooses in one of their browsers, and what the others make of it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Choice } from "../../../worker/contract/choices.ts";
import { settingsOf } from "../../../worker/shared/choices.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoBrowsers } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome } = await twoBrowsers());
  await firefox.engine.start({ address: BOB });
  await chrome.engine.start({ address: BOB });
});

afterEach(() => fixture.end());

const chosenIn = (browser: TestBrowser) =>
  browser.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.choices ?? {};
const settingsIn = (browser: TestBrowser) => settingsOf(browser.engine.snapshot().settings ?? []);
const choose = (browser: TestBrowser, ...choices: readonly Choice[]) => browser.engine.choose({ choices });

const PINNED: Choice = { chat: BOB, name: "pinned", value: true };

describe("what was chosen in one browser", () => {
  it("is so in the other one, and stays when it is opened without a network", async () => {
    assert.deepEqual(await choose(firefox, PINNED, { name: "typing", value: false }), {
      ok: true,
      value: { done: true },
    });
    await until(() => chosenIn(chrome).pinned === true && settingsIn(chrome).typing === false);
    chrome.remote.unplug();
    await chrome.crash();
    assert.deepEqual(chosenIn(chrome), { pinned: true });
    assert.equal(settingsIn(chrome).typing, false);
    await choose(firefox, { chat: BOB, name: "pinned" });
    chrome.remote.plug();
    await until(() => chosenIn(chrome).pinned === undefined);
  });

  it("is so here at once, waits for the network, and outlives the tab", async () => {
    firefox.remote.unplug();
    assert.deepEqual(await choose(firefox, PINNED), { ok: true, value: { done: true } });
    assert.deepEqual(chosenIn(firefox), { pinned: true });
    await firefox.crash();
    assert.deepEqual(chosenIn(firefox), { pinned: true });
    assert.deepEqual(chosenIn(chrome), {});
    firefox.remote.plug();
    await until(() => chosenIn(chrome).pinned === true);
  });

  it("stands against what the other chose before it, for both", async () => {
    await Promise.all([
      choose(firefox, { chat: BOB, name: "muted", value: "always" }),
      choose(chrome, { chat: BOB, name: "muted", value: 1_800_000_000_000 }),
    ]);
    const { value } = fixture.object(ALICE).choices?.all.find(({ name }) => name === "muted") ?? {};
    await until(() => [firefox, chrome].every((browser) => chosenIn(browser).muted === value));
  });

  it("tells each choice by itself: what the other has chosen otherwise for the same conversation stays", async () => {
    await choose(firefox, PINNED);
    await choose(chrome, { chat: BOB, name: "muted", value: "always" });
    for (const browser of [firefox, chrome]) await until(() => Object.keys(chosenIn(browser)).length === 2);
  });
});

describe("an object that cannot take it", () => {
  it("refuses it in words, and everything is as it was", async () => {
    await choose(firefox, { chat: BOB, name: "muted", value: "always" });
    fixture.object(ALICE).choiceFailure = { kind: "too-large" };
    assert.deepEqual(await choose(firefox, { chat: BOB, name: "muted" }), { ok: false, error: { kind: "too-large" } });
    assert.deepEqual(chosenIn(firefox), { muted: "always" });
  });

  it("is of the release before: it waits for the next one", async () => {
    const object = fixture.object(ALICE);
    object.choices = undefined;
    firefox.remote.cut();
    firefox.remote.mend();
    assert.deepEqual(await choose(firefox, PINNED), { ok: true, value: { done: true } });
    assert.deepEqual(chosenIn(firefox), { pinned: true });
    object.choices = { revision: 0, all: [] };
    firefox.remote.cut();
    firefox.remote.mend();
    await until(() => object.choices?.all.length === 1);
    firefox.remote.cut();
  });

  it("refuses one of those that waited: the others are told, and what is chosen now is not held against them", async () => {
    const object = fixture.object(ALICE);
    const take = object.choose.bind(object);
    object.choose = (choices, seen) =>
      choices.some(({ name }) => name === "typing") || choices.length > 60
        ? { ok: false, error: { kind: "too-large" } }
        : take(choices, seen);
    firefox.remote.unplug();
    await choose(firefox, { name: "typing", value: false });
    for (let n = 0; n < 80; n += 1)
      await choose(firefox, { chat: `person${n}@b.example` as typeof BOB, name: "pinned", value: true });
    await choose(firefox, PINNED);
    firefox.remote.plug();
    assert.deepEqual(await choose(firefox, { chat: BOB, name: "muted", value: "always" }), {
      ok: true,
      value: { done: true },
    });
    await until(() => object.choices?.all.length === 82);
    assert.deepEqual(chosenIn(firefox), { pinned: true, muted: "always" });
    assert.equal(settingsIn(firefox).typing, true, "what it refuses is as it was");
  });

  it("has a full storage: who sits there is told; what was chosen without it comes later", async () => {
    const object = fixture.object(ALICE);
    firefox.remote.unplug();
    await choose(firefox, PINNED);
    object.choiceFailure = { kind: "storage-full" };
    firefox.remote.plug();
    const failure = await choose(firefox, { name: "typing", value: false });
    assert.deepEqual(failure, { ok: false, error: { kind: "storage-full" } });
    object.choiceFailure = undefined;
    firefox.remote.cut();
    firefox.remote.mend();
    await until(() => chosenIn(chrome).pinned === true);
    assert.equal(settingsIn(firefox).typing, true);
  });
});

describe("an older copy of the object's storage", () => {
  it("learns again what was chosen since, from whoever has heard of it", async () => {
    const object = fixture.object(ALICE);
    await choose(firefox, { chat: BOB, name: "muted", value: "always" });
    const copy = object.choices;
    await choose(firefox, PINNED, { chat: BOB, name: "muted" });
    await until(() => chosenIn(chrome).pinned === true);
    firefox.remote.cut();
    chrome.remote.cut();
    object.choices = copy;
    chrome.remote.mend();
    await until(() => object.choices?.all.length === 1 && object.choices.all[0]?.name === "pinned");
    // The other one comes later, and what was chosen meanwhile stands.
    await choose(chrome, { chat: BOB, name: "pinned" });
    firefox.remote.mend();
    await until(() => chosenIn(firefox).pinned === undefined);
    assert.deepEqual(object.choices?.all, []);
  });
});
