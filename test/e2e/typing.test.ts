/** Who is typing, between two pages and with an app of another make; and what others are told of what was read. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { readText } from "./screen.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const story = Story.stage({ name: "typing", endpoint: "starttls", accounts: [ALICE, BOB, CAROL] });
const ALICES = "alice@localhost";
/** Longer than anything of this takes that comes. */
const QUIET_MS = 3_000;

let a: Person;
let b: Person;
let bob: Person;
let carol: PythonPeer;

const head = (who: Person) => readText(who.page, ".head-typing");
const row = (who: Person, jid: string) => readText(who.page, `[data-jid="${jid}"] .row-typing`);
const sees = (who: Person, words: string | undefined) =>
  until(`${who.called} sees ${words ?? "nobody typing"}`, async () => (await head(who)) === words, {
    describe: () => head(who),
  });
/** Whoever stops for ten seconds is typing no more: bob goes on until it was seen wherever it is looked for. */
const typesUntil = (what: string, seen: () => Promise<boolean>) =>
  until(what, async () => {
    await bob.page.keyboard.type(".");
    return seen();
  });
const states = () => carol.events.flatMap(({ event, text }) => (event === "chatstate" ? [text] : []));
const isTold = (...expected: readonly string[]) =>
  carol.until(`is told ${expected.join()}`, () => states().join() === expected.join());

story.test("alice sees in both her browsers that bob is typing, until his message is there", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), bob.openChat("alice")]);
  await bob.isEncryption("ready", "on");
  await bob.types("are you");
  await typesUntil(
    "A's head and B's list say so",
    async () => (await head(a)) === "Bob is typing…" && (await row(b, "bob@localhost")) === "Typing…",
  );
  await bob.send("are you there?");
  await a.sees("are you there?");
  await sees(a, undefined);
});

story.test("what bob takes away again is no typing any more", async () => {
  await bob.types("never mind");
  await typesUntil("A sees it", async () => (await head(a)) === "Bob is typing…");
  await bob.types(" ");
  await sees(a, undefined);
});

story.test("an app of another make is told each change of alice's once, and the end with her message", async () => {
  carol = await story.peer(CAROL);
  await a.openChat("carol");
  await a.isEncryption("ready", "on");
  await a.page.focus("textarea");
  await a.page.keyboard.type("hello, ca", { delay: 30 });
  await isTold("composing");
  await a.openChat("bob");
  await isTold("composing", "paused");
  await a.openChat("carol");
  await a.page.keyboard.type("rol");
  await isTold("composing", "paused", "composing");
  await a.page.keyboard.press("Enter");
  await carol.reads("hello, carol");
  await isTold("composing", "paused", "composing", "active");
});

story.test("and alice sees what it says, wherever she looks", async () => {
  await carol.command("typing", { to: ALICES, text: "composing" });
  await sees(a, "Carol is typing…");
  await until("B's list says so", async () => (await row(b, "carol@localhost")) === "Typing…");
  await carol.command("typing", { to: ALICES, text: "paused" });
  await sees(a, undefined);
});

story.test("nothing of typing is in the log of the account", async () => {
  // Her own browsers may tell each other something meanwhile; of carol there is nothing.
  const ofCarol = () => story.stack.objectRows(ALICES, "select kind, detail from entries where chat like 'carol%'");
  const before = await ofCarol();
  assert.ok(before.length > 0);
  await carol.command("typing", { to: ALICES, text: "composing" });
  await sees(a, "Carol is typing…");
  await carol.command("typing", { to: ALICES, text: "active" });
  await sees(a, undefined);
  assert.deepEqual(await ofCarol(), before);
});

story.test("turned off in one browser it is off in the other, nobody is told, and nobody is shown", async () => {
  await b.opensSettings();
  await a.opensSettings();
  await b.turns("typing", false);
  await until("A shows it", () =>
    a.page.evaluate(() => document.querySelector<HTMLInputElement>("[data-setting=typing] input")?.checked === false),
  );
  await a.openChat("carol");
  const before = states().length;
  await a.page.focus("textarea");
  await a.page.keyboard.type("hidden", { delay: 30 });
  await carol.command("typing", { to: ALICES, text: "composing" });
  await sleep(QUIET_MS);
  assert.equal(states().length, before);
  assert.equal(await head(a), undefined);
  await a.page.keyboard.press("Enter");
  await carol.reads("hidden");
  assert.equal(states().length, before, "the message says nothing of it either");
  await b.turns("typing", true);
  await a.page.keyboard.type("seen", { delay: 30 });
  await carol.until("is told again", () => states().length === before + 1);
});

story.test("who does not tell what arrived and was read does not, in any browser; then alice does again", async () => {
  await b.turns("receipts", false);
  await b.turns("markers", false);
  await a.openChat("bob");
  await bob.send("are you reading this?");
  await a.sees("are you reading this?");
  await sleep(QUIET_MS);
  await bob.isMarked("are you reading this?", "sent");
  await b.turns("receipts", true);
  await bob.send("and did this arrive?");
  await bob.isMarked("and did this arrive?", "delivered");
  await b.turns("markers", true);
  await bob.send("now I know");
  await bob.isMarked("now I know", "read");
});
