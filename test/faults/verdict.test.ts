import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "../../worker/contract/names.ts";
import { type BrowserName, BROWSERS, personOf, token } from "./plan.ts";
import { type BrowserView, type Evidence, halfKept, type Held, judge } from "./verdict.ts";

const written = (["a1", "b1", "a1", "b2"] as const).map((browser, index) => {
  const number = browser === "a1" && index === 2 ? 2 : 1;
  return { browser, number, text: `${token(browser, number)} text` };
});

function viewOf(name: BrowserName): BrowserView {
  const messages = written.map(({ text, browser }, index): Held => {
    const own = personOf(browser) === personOf(name);
    return { id: `${personOf(name)}-${index}` as EntryId, seq: index + 1, position: index + 1, text, own };
  });
  return { name, messages, noticed: [] };
}

const tokens = written.map(({ browser, number }) => token(browser, number));
const whole: Evidence = {
  written,
  browsers: BROWSERS.map(viewOf),
  archives: { alice: tokens, bob: tokens },
  halved: new Set(),
};

/** The evidence with one browser's messages changed. */
function withMessages(name: BrowserName, change: (messages: readonly Held[]) => readonly Held[]): Evidence {
  return {
    ...whole,
    browsers: whole.browsers.map((view) => (view.name === name ? { ...view, messages: change(view.messages) } : view)),
  };
}

const kinds = (evidence: Evidence) => [...new Set(judge(evidence).map(({ kind }) => kind))].sort();

test("a run in which everybody holds everything has no findings", () => {
  assert.deepEqual(judge(whole), []);
});

test("a lost message is found, in one browser or in all", () => {
  assert.deepEqual(judge(withMessages("b2", (messages) => messages.slice(1))), [{ kind: "lost", says: "b2: [a1.1]" }]);
  assert.deepEqual(
    judge(withMessages("a1", (messages) => messages.slice(1)))
      .map(({ kind }) => kind)
      .sort(),
    ["lost", "moved"],
  );
  const nobody = { ...whole, browsers: whole.browsers.map((view) => ({ ...view, messages: view.messages.slice(1) })) };
  assert.equal(judge(nobody).filter(({ kind }) => kind === "lost").length, 4);
});

test("a doubled message is found, and one that nobody wrote", () => {
  const again = (text?: string) => (messages: readonly Held[]) => {
    const [first] = messages;
    assert.ok(first);
    return [...messages, { ...first, id: "x" as EntryId, position: 9, seq: 9, ...(text !== undefined && { text }) }];
  };
  assert.ok(kinds(withMessages("a1", again())).includes("twice"));
  assert.ok(kinds(withMessages("a1", again("[a1.77] who?"))).includes("unknown"));
});

test("a moved message is found: between siblings, within a browser's own, against the archive", () => {
  const exchange = (one: number, other: number) => (messages: readonly Held[]) =>
    messages.map((message, index) => {
      const position = messages[index === one ? other : index === other ? one : index]?.position;
      return { ...message, position: position ?? 0 };
    });
  assert.deepEqual(kinds(withMessages("b2", exchange(0, 1))), ["moved"]);
  assert.deepEqual(kinds(withMessages("b2", exchange(0, 2))), ["against-archive", "disorder", "moved"]);
  assert.deepEqual(kinds(withMessages("a2", exchange(1, 3))), ["against-archive", "moved"]);
});

test("two messages at one place are found", () => {
  const squeezed = (messages: readonly Held[]) => messages.map((message) => ({ ...message, position: 1 }));
  assert.ok(kinds(withMessages("a1", squeezed)).includes("same-place"));
});

test("an archive that was cut or holds a text twice is found", () => {
  assert.deepEqual(kinds({ ...whole, archives: { alice: tokens.slice(1), bob: tokens } }), ["archive-lost"]);
  assert.deepEqual(kinds({ ...whole, archives: { alice: tokens, bob: [...tokens, "[b2.1]"] } }), ["archive-twice"]);
});

test("what a browser noticed counts", () => {
  const [first, ...others] = whole.browsers;
  assert.ok(first);
  assert.deepEqual(kinds({ ...whole, browsers: [{ ...first, noticed: ["a hole after 3"] }, ...others] }), ["noticed"]);
});

test("what a dying server kept for the sender alone is told apart, and only that", () => {
  const [first = "", ...others] = tokens;
  assert.deepEqual(halfKept({ alice: [...others, first], bob: others }), [first]);
  assert.deepEqual(halfKept({ alice: tokens, bob: others }), [], "not the last one: that was no half write");
  assert.deepEqual(halfKept({ alice: others, bob: [...others, first] }), [], "the sender's copy is written first");
  const halved = new Set([first]);
  const without = (messages: readonly Held[]) => messages.slice(1);
  const bobsLost = { ...withMessages("b1", without), halved };
  assert.deepEqual(kinds({ ...bobsLost, archives: { alice: tokens, bob: others } }), ["moved"]);
  assert.ok(kinds({ ...withMessages("a1", without), halved }).includes("lost"), "its sender still has to hold it");
});
