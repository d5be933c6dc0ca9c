/** Reactions and messages that are taken back: alice in two browsers and bob in one, encrypted. */
import { ALICE, BOB } from "../stack.ts";
import { choose, reacts, seesReactions } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "reactions", endpoint: "starttls" });

let a: Person;
let b: Person;
let bob: Person;

const lines = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("li.message")].map(({ dataset }) => dataset["reason"] ?? "text").join(),
  );

story.test("alice, in two browsers, and bob have a conversation", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), b.openChat("bob"), bob.openChat("alice")]);
  await a.send("the rope is packed");
  await Promise.all([a, b, bob].map((who) => who.sees("the rope is packed")));
});

story.test(
  "bob is told once that servers see reactions; then he reacts by the menu, and alice sees it in both browsers",
  async () => {
    await reacts(bob, "the rope is packed", "👍");
    await bob.reads(/Servers see reactions/);
    await bob.press("React");
    await seesReactions(bob, "the rope is packed", "👍 from you");
    for (const who of [a, b]) await seesReactions(who, "the rope is packed", "👍 from Bob");
  },
);

story.test("alice joins in by pressing it, and takes hers off in her other browser", async () => {
  await a.clicks(".reaction");
  await a.press("React");
  for (const who of [a, b]) await seesReactions(who, "the rope is packed", "👍 2 from you and Bob");
  await seesReactions(bob, "the rope is packed", "👍 2 from you and Alice");
  for (const who of [a, b, bob]) await story.looksAt(who);
  await b.clicks(".reaction");
  for (const who of [a, b]) await seesReactions(who, "the rope is packed", "👍 from Bob");
  await seesReactions(bob, "the rope is packed", "👍 from you");
});

story.test(
  "what alice has answered in one browser is not asked in the other; switched off in one, none is offered there",
  async () => {
    await b.clicks(".reaction");
    for (const who of [a, b]) await seesReactions(who, "the rope is packed", "👍 2 from you and Bob");
    await a.opensSettings();
    await a.turns("reactions", false);
    await a.page.keyboard.press("Escape");
    await b.opensSettings();
    await until("it is off in B", () =>
      b.page.evaluate(
        () => document.querySelector<HTMLInputElement>('[data-setting="reactions"] input')?.checked === false,
      ),
    );
    await b.turns("reactions", true);
    for (const who of [a, b]) await who.openChat("bob");
    await b.clicks(".reaction");
    for (const who of [a, b]) await seesReactions(who, "the rope is packed", "👍 from Bob");
  },
);

story.test("what was reacted is there after a reload", async () => {
  await b.page.reload();
  await b.openChat("bob");
  await seesReactions(b, "the rope is packed", "👍 from Bob");
});

story.test("alice deletes the message: nobody sees it any more, and bob may look at what it said", async () => {
  await choose(a, "the rope is packed", "Delete for everyone");
  await a.clicks("dialog ::-p-aria(Delete[role='button'])");
  for (const who of [a, b, bob])
    await until(`it is gone for ${who.called}`, async () => (await lines(who)) === "retracted");
  await bob.clicks(".covered");
  await until("bob sees what it said", async () => {
    const words = await bob.page.evaluate(() => document.querySelector(".covered-words")?.textContent);
    return words === "the rope is packed";
  });
  await a.page.reload();
  await a.openChat("bob");
  await until("it stays so", async () => (await lines(a)) === "retracted");
});
