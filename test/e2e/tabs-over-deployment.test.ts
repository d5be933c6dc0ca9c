/**
 * Tabs of one browser over a deployment: a tab of the last release and one of this release share one engine, whichever of
 * them it belongs to. The object is of this release throughout.
 */
import assert from "node:assert/strict";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { inProject } from "../../tools/project.ts";
import { startPlainWorker } from "../plain-worker.ts";
import { ALICE, BOB } from "../stack.ts";
import { lastReleasePage } from "./last-release.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const folder = await mkdtemp(join(tmpdir(), "alcove-two-pages-"));
const served = join(folder, "page");
after(() => rm(folder, { recursive: true, force: true }));

/** From now on this page is what a browser loads. */
async function serve(page: string): Promise<string> {
  const next = join(folder, "next");
  await cp(page, next, { recursive: true });
  await rm(served, { recursive: true, force: true });
  await rename(next, served);
  return served;
}

const story = Story.stage({
  name: "two-pages",
  endpoint: "starttls",
  start: startPlainWorker,
  page: async () => serve(await lastReleasePage()),
  // The last release's sign-in is of before; `bad-sign-in.test.ts` has what it is told.
  variables: { OLD_SIGN_INS: "translated" },
});

/** What the last release's engine, and the page that asked, say of a call that it does not have; this one answers with a value. */
const UNKNOWN_CALL = /^unexpected failure (?:TypeError: Cannot read properties of undefined \(reading 'bind'\)|Error)$/;

let old: Person;
let anew: Person;
let bob: Person;

/** Both tabs have what each of them writes, and so has the contact. */
async function bothWrite(when: string): Promise<void> {
  for (const [tab, other, text] of [
    [old, anew, `from the older tab, ${when}`],
    [anew, old, `from the newer tab, ${when}`],
  ] as const) {
    await tab.send(text);
    for (const reader of [other, bob]) await reader.sees(text);
  }
  await bob.send(`answer, ${when}`);
  for (const tab of [old, anew]) await tab.sees(`answer, ${when}`);
}

story.test("a tab that is loaded after a deployment goes through the older one that leads", async () => {
  old = await story.signedIn(ALICE, { called: "alice" });
  old.troubles.expected = UNKNOWN_CALL;
  bob = await story.signedIn(BOB, { called: "bob" });
  await Promise.all([old.openChat("bob"), bob.openChat("alice")]);
  await old.send("before");
  await bob.sees("before");
  await serve(inProject("dist/web"));
  anew = await story.secondTab(old);
  anew.troubles.expected = UNKNOWN_CALL;
  await anew.openChat("bob");
  await anew.sees("before");
  await bothWrite("the older leads");
});

story.test("when the older tab loads the new page, the newer one leads, and nothing is there twice", async () => {
  await old.reload();
  await old.openChat("bob");
  await bothWrite("both are new");
  const texts = await anew.texts();
  assert.equal(new Set(texts).size, texts.length);
  await until("both show the same", async () => (await old.texts()).join("\n") === (await anew.texts()).join("\n"));
});

story.test("an older tab goes through a newer one that leads", async () => {
  await serve(await lastReleasePage());
  story.forget(old);
  await old.closeTab();
  old = await story.secondTab(anew);
  await old.openChat("bob");
  await bothWrite("the newer leads");
});
