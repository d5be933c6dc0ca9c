/** What alice begins to write, and what she alone calls somebody: in both her browsers, and readable nowhere else. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow, findTexts } from "./canaries.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "sealed-choices", endpoint: "starttls" });

let a: Person;
let b: Person;
let bob: Person;

const DRAFT = "marmalade on the";
const WHOLE = "marmalade on the windowsill";
const NAME = "The lighthouse keeper";

const called = (person: Person) =>
  person.page.evaluate(
    () => document.querySelector("[role=option][data-jid='bob@localhost'] .row-line b")?.textContent ?? "",
  );
const writesThere = (person: Person, text: string) =>
  until(`“${text}” stands in the composer of ${person.called}`, async () => (await person.draft()) === text, {
    describe: () => person.draft(),
  });

story.test("alice, in two browsers, and bob have a conversation", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), bob.openChat("alice")]);
  await a.send("hello");
  await Promise.all([bob.sees("hello"), b.openChat("bob")]);
});

story.test("what she has begun in A stands in B a moment later, is gone on with there, and comes back", async () => {
  await a.types(DRAFT);
  await writesThere(b, DRAFT);
  await b.types(WHOLE);
  await b.leaveChat();
  await a.leaveChat();
  await a.openChat("bob");
  await writesThere(a, WHOLE);
});

story.test("nobody but her browsers can read it: not the object, not the server", async () => {
  await b.clicks(`[role=option][data-jid="bob@localhost"]`, { button: "right" });
  await b.clicks(`::-p-aria(Rename for me…[role="menuitem"])`);
  await b.page.locator("dialog input").fill(NAME);
  await b.clicks("dialog button[type=submit]");
  for (const person of [b, a])
    await until(`${person.called} calls bob so`, async () => (await called(person)) === NAME, {
      describe: () => called(person),
    });
  const [objects, server] = await Promise.all([story.stack.objectDatabases(), filesBelow(story.stack.xmpp.state)]);
  assert.deepEqual(await findTexts([...objects, ...server], [DRAFT, WHOLE, NAME]), []);
  assert.notDeepEqual(await findTexts(objects, ["bob@localhost"]), [], "these are the files");
});

story.test("when she has sent it, it stands in no composer any more", async () => {
  await a.page.focus("textarea");
  await a.page.keyboard.press("Enter");
  await bob.sees(WHOLE);
  await b.clicks(`[role=option][data-jid="bob@localhost"]`);
  await b.sees(WHOLE);
  await writesThere(b, "");
});

story.test("the name is there after a reload, and gone in both when she takes it away", async () => {
  await a.reload();
  await a.isConnected();
  await until("A calls bob so", async () => (await called(a)) === NAME);
  await a.clicks(`[role=option][data-jid="bob@localhost"]`, { button: "right" });
  await a.clicks(`::-p-aria(Rename for me…[role="menuitem"])`);
  await a.page.locator("dialog input").click({ count: 3 });
  await a.page.keyboard.press("Backspace");
  await a.clicks("dialog button[type=submit]");
  for (const person of [a, b])
    await until(`${person.called} calls bob as before`, async () => (await called(person)) !== NAME);
});
