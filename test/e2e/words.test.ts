/** What is in the words: styles, emoji, notes to self, what is passed on and deleted here; alice in two browsers and bob. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import { choose, edits, seesReactions } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "words", endpoint: "starttls" });

let a: Person;
let b: Person;
let bob: Person;

const BUS = "the *last* bus is at _seven_";
const draft = (who: Person) => who.page.evaluate(() => document.querySelector("textarea")?.value);
const styled = (who: Person, selector: string) =>
  who.page.evaluate(
    (wanted) => [...document.querySelectorAll(`.words ${wanted}`)].map((one) => one.textContent).join(),
    selector,
  );

story.test("alice, in two browsers, and bob have a conversation", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), b.openChat("bob"), bob.openChat("alice")]);
});

story.test("what alice marks stands out for everybody, and the list shows it without the marks", async () => {
  await a.send(BUS);
  for (const who of [a, b, bob]) {
    await who.sees(BUS);
    assert.equal(await styled(who, "strong"), "*last*");
    assert.equal(await styled(who, "em"), "_seven_");
  }
  const row = () =>
    bob.page.evaluate(() =>
      [...document.querySelectorAll("[role=option] .row-preview")].map((one) => one.textContent).join(),
    );
  await until("bob's list says it in plain words", async () => (await row()).includes("the last bus is at seven"), {
    describe: row,
  });
});

story.test("an emoji is put by its name, and another one found among all of them", async () => {
  await a.page.focus("textarea");
  await a.page.keyboard.type("well done :tada:");
  await until("the name is an emoji", async () => (await draft(a)) === "well done 🎉 ", { describe: () => draft(a) });
  await a.page.keyboard.press("Enter");
  await bob.sees("well done 🎉");
  await choose(bob, BUS, "More reactions");
  const search = await bob.page.locator(".emoji-picker input[type=search]").waitHandle();
  await search.type("rocket");
  await until("a rocket is found", () =>
    bob.page.evaluate(() => document.querySelector("[data-emoji]")?.textContent === "🚀"),
  );
  await bob.page.keyboard.press("Enter");
  // His first to something encrypted.
  await bob.press("React");
  for (const who of [a, b]) await seesReactions(who, BUS, "🚀 from Bob");
});

story.test("what a message said before it was changed is known to both sides", async () => {
  await edits(a, BUS, "the *last* bus is at _eight_");
  for (const who of [b, bob]) {
    await who.sees("the *last* bus is at _eight_");
    await choose(who, "the *last* bus is at _eight_", "Info");
    const earlier = () => who.page.evaluate(() => document.querySelector(".earlier-texts")?.textContent ?? "");
    await until(`${who.called} sees what stood before`, async () => (await earlier()).includes(BUS), {
      describe: earlier,
    });
    await who.page.keyboard.press("Escape");
    await until("the dialog is closed", () => who.page.evaluate(() => document.querySelector("dialog") === null));
  }
});

story.test(
  "alice keeps notes to herself, and passes a message on to them: both her browsers have them, encrypted",
  async () => {
    await a.clicks("::-p-aria(New chat[role='button'])");
    await a.clicks("::-p-aria(Notes to self[role='button'])");
    await until("her notes are open", () => a.page.evaluate(() => document.querySelector("dialog") === null));
    await a.send("call the hut");
    await b.openChat("alice");
    await b.sees("call the hut");
    await a.openChat("bob");
    await choose(a, "well done 🎉", "Forward…");
    await a.clicks("dialog .forward-to[data-jid^=alice]");
    await b.sees("well done 🎉");
    const clear = await b.page.evaluate(() => document.querySelectorAll("li.message[data-encrypted=false]").length);
    assert.equal(clear, 0, "nothing went in clear");
  },
);

story.test("what alice deletes for herself is gone in that browser alone", async () => {
  await a.openChat("bob");
  await choose(a, "well done 🎉", "Delete for me…");
  await a.clicks("dialog ::-p-aria(Delete here[role='button'])");
  const has = (who: Person) =>
    who.page.evaluate(() => [...document.querySelectorAll(".words")].some((one) => one.textContent === "well done 🎉"));
  await until("it is gone in A", async () => !(await has(a)));
  await a.page.reload();
  await a.openChat("bob");
  await a.sees("the *last* bus is at _eight_");
  assert.equal(await has(a), false);
  await b.openChat("bob");
  await b.sees("well done 🎉");
  await bob.openChat("alice");
  await bob.sees("well done 🎉");
});
