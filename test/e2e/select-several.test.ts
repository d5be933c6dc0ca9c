/** Several messages at once: copied with their names, passed on, deleted here and for everybody; alice in two browsers and bob. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import { choose } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "select-several", endpoint: "starttls" });

let a: Person;
let b: Person;
let bob: Person;

const press = (who: Person, name: string) => who.clicks(`::-p-aria(${name}[role='button'])`);
const count = (who: Person) =>
  who.page.evaluate(() => document.querySelector(".selection [role=status]")?.textContent ?? "");
const words = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll("ol[aria-label='Messages'] .words")].map((one) => one.textContent),
  );

async function counts(who: Person, expected: string): Promise<void> {
  await until(`${who.called} has “${expected}”`, async () => (await count(who)) === expected, {
    describe: () => count(who),
  });
}

/** Presses a message where it says nothing that could be pressed. */
async function presses(who: Person, text: string): Promise<void> {
  const row = await who.page.evaluateHandle(
    (wanted) =>
      [...document.querySelectorAll("ol[aria-label='Messages'] .words")].find((one) => one.textContent === wanted) ??
      document.body,
    text,
  );
  await row.click();
}

story.test("alice, in two browsers, and bob have a conversation", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), b.openChat("bob"), bob.openChat("alice")]);
  for (const text of ["first", "second"]) {
    await a.send(text);
    for (const who of [a, b, bob]) await who.sees(text);
  }
  await bob.send("third");
  for (const who of [a, b, bob]) await who.sees("third");
});

story.test("she has notes of her own", async () => {
  await press(a, "New chat");
  await press(a, "Notes to self");
  await until("her notes are open", () => a.page.evaluate(() => document.querySelector("dialog") === null));
  await a.send("to pass on:");
  await a.sees("to pass on:");
  await a.openChat("bob");
});

story.test("she selects with the menu and presses, and copies what was said with names and times", async () => {
  await choose(a, "first", "Select several…");
  await counts(a, "1 selected");
  await presses(a, "third");
  await counts(a, "2 selected");
  await a.page.evaluate(() => {
    Object.assign(navigator.clipboard, {
      writeText: (text: string) => Promise.resolve(Object.assign(globalThis, { copied: text })),
    });
  });
  await press(a, "Copy with names and times");
  const copied = await a.page.evaluate(() => (globalThis as unknown as { copied: string }).copied);
  assert.match(copied, /^\[[^\]]+\] Alice: first\n\[[^\]]+\] Bob: third$/);
  await until("nothing is selected any more", () =>
    a.page.evaluate(() => document.querySelector(".selection") === null),
  );
});

story.test(
  "she selects a range by keyboard and passes it on to her notes, in order; Escape ends selecting",
  async () => {
    await a.page.evaluate(() => document.querySelector<HTMLElement>("li.message[tabindex='0']")?.focus());
    await a.page.keyboard.down("Shift");
    await a.page.keyboard.press("ArrowUp");
    await a.page.keyboard.press("ArrowUp");
    await a.page.keyboard.up("Shift");
    await counts(a, "3 selected");
    await a.page.keyboard.press("Escape");
    await until("Escape has ended it", () => a.page.evaluate(() => document.querySelector(".selection") === null));
    await choose(a, "first", "Select several…");
    await a.page.keyboard.down("Shift");
    await presses(a, "third");
    await a.page.keyboard.up("Shift");
    await counts(a, "3 selected");
    await press(a, "Forward…");
    await a.page.locator("dialog input[type=search]").fill("alice");
    await a.clicks("dialog .forward-to[data-jid^=alice]");
    await b.openChat("alice");
    for (const text of ["first", "second", "third"]) await b.sees(text);
    assert.deepEqual(await words(b), ["to pass on:", "first", "second", "third"]);
    const clear = await b.page.evaluate(() => document.querySelectorAll("li.message[data-encrypted=false]").length);
    assert.equal(clear, 0, "nothing went in clear");
  },
);

story.test("what is bob's among them can be deleted here alone, her own for everybody", async () => {
  await a.openChat("bob");
  await b.openChat("bob");
  await choose(a, "second", "Select several…");
  await presses(a, "third");
  await press(a, "Delete…");
  await until("the dialog asks", () => a.page.evaluate(() => document.querySelector("dialog .choice") !== null));
  assert.equal(await a.page.evaluate(() => document.querySelectorAll("dialog .choice").length), 1);
  await a.page.keyboard.press("Escape");
  await until("the dialog is gone", () => a.page.evaluate(() => document.querySelector("dialog") === null));
  await presses(a, "third");
  await presses(a, "first");
  await counts(a, "2 selected");
  await press(a, "Delete…");
  await a.clicks("::-p-text(Delete for everyone)");
  for (const who of [a, b, bob])
    await until(
      `${who.called} has them no more`,
      async () => {
        const now = await words(who);
        return !now.includes("first") && !now.includes("second") && now.includes("third");
      },
      { describe: () => words(who) },
    );
});
