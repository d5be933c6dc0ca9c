/** Looking for what was said: in every conversation, in each own browser, without a server, and never what was deleted. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { choose, edits } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { readText } from "./screen.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const story = Story.stage({ name: "search-e2e", endpoint: "starttls", accounts: [ALICE, BOB, CAROL] });
const FIELD = "Search conversations and messages";

let alice: Person;
let other: Person;
let bob: Person;
let carol: PythonPeer;

/** What stands in the place of the list, a line for each message. */
const found = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll(".search .hit")].map((hit) =>
      [hit.querySelector("b"), hit.querySelector(".hit-words")].map((part) => part?.textContent ?? "").join(": "),
    ),
  );

async function finds(who: Person, words: string, ...expected: readonly string[]): Promise<void> {
  await who.fill(FIELD, words);
  await until(
    `${who.called} finds ${JSON.stringify(expected)} by “${words}”`,
    async () => JSON.stringify(await found(who)) === JSON.stringify(expected),
    { describe: () => found(who) },
  );
}

const GREETING = "Bob: Viele Grüße from the harbour";
const HERS = "Bob: You: The harbour café opens at nine";
const CAROLS = "Carol: Meet me at the harbour, https://harbour.example/map";
const ROOMS = "Harbour walk: bob: we walk to the harbour at noon";

story.test("U17: words are found in every conversation and room, whatever their case and accents", async () => {
  [alice, bob, carol] = await Promise.all([
    story.signedIn(ALICE, { called: "alice" }),
    story.signedIn(BOB, { called: "bob" }),
    story.peer(CAROL),
  ]);
  other = await story.signedIn(ALICE, { called: "alice in another browser", browser: "firefox" });
  await bob.newChat("alice@localhost");
  await bob.isEncryption("ready", "on");
  await bob.send("Viele Grüße from the harbour");
  await alice.openChat("bob");
  await alice.sees("Viele Grüße from the harbour");
  await alice.send("The harbour café opens at nine");
  await alice.send("A secret that goes again, harbour");
  await bob.sees("A secret that goes again, harbour");
  await carol.send("alice@localhost", "Meet me at the harbour, https://harbour.example/map");
  await alice.openChat("carol");
  await alice.sees("Meet me at the harbour, https://harbour.example/map");
  await alice.press("New chat");
  await alice.press("New private room…");
  await alice.fill("Name", "Harbour walk");
  await alice.press("Create room");
  await alice.reads(/Nobody else can read in Harbour walk yet/);
  await alice.press("More");
  await alice.press("Members");
  await alice.press("Add a member…");
  await alice.fill("Address", "bob@localhost");
  await alice.press("Add member");
  await alice.reads(/bob@localhost/);
  await alice.press("Back");
  await until("bob is asked in", async () => (await bob.chats()).some(({ relation }) => relation === "request"));
  const asked = (await bob.chats()).find(({ relation }) => relation === "request");
  await bob.clicks(`[data-jid="${asked?.jid}"]`);
  await bob.press("Accept");
  await bob.isEncryption("ready", "on");
  await bob.send("we walk to the harbour at noon");
  await alice.sees("we walk to the harbour at noon");
  await finds(alice, "grusse", GREETING);
  await finds(alice, "CAFE nine", HERS);
  await finds(alice, '"nine harbour"');
  await finds(alice, "harbour from:bob ", ROOMS, GREETING);
});

story.test("U17: filters bound it, each as a chip", async () => {
  await alice.press("Clear the search");
  await finds(alice, "harbour in:carol ", CAROLS);
  await alice.reads(/In carol/);
  await alice.press("Clear the search");
  await finds(alice, "has:link ", CAROLS);
  await alice.press("Remove: With a link");
  await finds(alice, "harbour before:2020 ");
  await alice.press("Clear the search");
});

story.test("U17: it leads to the place, and from the conversation's menu it is bound to it", async () => {
  await finds(alice, "grusse", GREETING);
  await alice.page.keyboard.press("ArrowDown");
  await alice.page.keyboard.press("Enter");
  await alice.seesTitle("Bob");
  await alice.sees("Viele Grüße from the harbour");
  await until("it has the focus", () =>
    alice.page.evaluate(() => document.activeElement?.textContent?.includes("Viele Grüße") === true),
  );
  assert.deepEqual(await found(alice), [GREETING], "what was found is still there");
  await alice.press("Clear the search");
  await alice.press("More");
  await alice.press("Search in this conversation");
  await alice.reads(/In Bob/);
  await finds(alice, "nine", HERS);
  await alice.press("Clear the search");
});

story.test("U17: what was deleted is found nowhere, what was corrected by what it says now", async () => {
  await alice.openChat("bob");
  await choose(alice, "A secret that goes again, harbour", "Delete for everyone");
  await alice.press("Delete");
  await bob.openChat("alice");
  await edits(bob, "Viele Grüße from the harbour", "Viele Grüße from the lighthouse");
  await alice.sees("Viele Grüße from the lighthouse");
  for (const who of [alice, bob, other]) {
    await finds(who, "secret goes");
    await finds(
      who,
      "lighthouse",
      who === bob ? "Alice: You: Viele Grüße from the lighthouse" : "Bob: Viele Grüße from the lighthouse",
    );
    await finds(who, "grusse harbour");
    await who.press("Clear the search");
  }
});

story.test("U17: another own browser finds the same, after a reload with the server down", async () => {
  await finds(other, "harbour", ROOMS, CAROLS, HERS);
  await other.reads(/Searching .* → today on this browser/);
  await until("the page is kept", () =>
    other.page.evaluate(async () => navigator.serviceWorker.controller !== null && (await caches.keys()).length > 0),
  );
  await story.outage(async () => {
    await story.stack.killWorker();
    await other.reload();
    await other.reads(/You are offline|Alcove cannot be reached/);
    await finds(other, "harbour", ROOMS, CAROLS, HERS);
    await story.stack.startWorker();
  });
  await other.isConnected();
});

story.test(
  "U17: Ctrl+K leads to people, rooms and messages by a few letters, and to whom there is nothing with yet",
  async () => {
    const switches = async (typed: string, title: string) => {
      await alice.page.keyboard.down("Control");
      await alice.page.keyboard.press("k");
      await alice.page.keyboard.up("Control");
      await alice.fill("Person, room or message", typed);
      await until("something fits", () =>
        alice.page.evaluate(() => document.querySelector(".switcher-list [role=option]") !== null),
      );
      await alice.page.keyboard.press("Enter");
      await alice.seesTitle(title);
    };
    await switches("ha wa", "Harbour walk");
    await switches("car", "Carol");
    await switches("lighthouse", "Bob");
    await switches("dave@localhost", "dave@localhost");
    assert.notEqual(await readText(alice.page, "main"), undefined);
  },
);
