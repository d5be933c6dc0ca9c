/** This release's page with an object of another release: it says so, loses nothing, and loads anew by itself. */
import assert from "node:assert/strict";
import { CONTRACT_VERSION } from "../../worker/contract/version.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "other-release", endpoint: "starttls" });

/** When the document of this tab was loaded; undefined in the moment between two documents. */
const loaded = (person: Person) => person.page.evaluate(() => performance.timeOrigin).catch(() => undefined);
const line = (person: Person) =>
  person.page
    .evaluate(() => document.querySelector("[data-testid=connection]")?.textContent ?? "")
    .catch(() => "between two documents");

/** Until the tab shows another document than the one of that time. */
const loadsAnew = (person: Person, before: number | undefined) =>
  until("the page loads anew", async () => {
    const now = await loaded(person);
    return now !== undefined && now !== before;
  });

/** The object comes back as another release: its sockets end, as at a deployment. */
async function deploy(contract: number): Promise<void> {
  await story.stack.setContract(contract);
  await story.outage(() => story.stack.resetObject("alice@localhost"));
}

let alice: Person;

story.test("an older page says so and stays while somebody writes", async () => {
  await story.signedIn(BOB, { called: "bob" });
  alice = await story.signedIn(ALICE, { called: "alice" });
  await alice.openChat("bob");
  await alice.types("half a thought");
  const before = await loaded(alice);
  await deploy(CONTRACT_VERSION + 1);
  await until("the page says that it is older", async () => (await line(alice)).includes("new version"));
  assert.equal(await loaded(alice), before, "what was being written is still there");
});

story.test("what was written is sent, then the new page is loaded, once", async () => {
  const before = await loaded(alice);
  await alice.send("half a thought, ended");
  await loadsAnew(alice, before);
  const after = await loaded(alice);
  await alice.sees("half a thought, ended");
  await until("it meets the same object again", async () => (await line(alice)).includes("new version"));
  assert.equal(await loaded(alice), after, "it does not load again and again");
});

story.test("Load now loads at once", async () => {
  const before = await loaded(alice);
  await alice.press("Load now");
  await loadsAnew(alice, before);
});

story.test("an older object is named as what it is", async () => {
  await deploy(CONTRACT_VERSION - 1);
  await until("the page says who is older", async () => (await line(alice)).includes("being updated"));
});

story.test("of one release again, nothing is said", async () => {
  await deploy(CONTRACT_VERSION);
  await until("the line is gone", async () => (await line(alice)) === "");
});
