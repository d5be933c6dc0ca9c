/** A new browser reads the old messages: two real browsers, a real server, and people who wrote before it came. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { findTexts } from "./canaries.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const CAROL = { name: "carol", password: "curator" } as const;
const DAVE = { name: "dave", password: "doorman" } as const;
const story = Story.stage({ name: "handed-over", endpoint: "starttls", accounts: [ALICE, BOB, CAROL, DAVE] });
/** Of each of the three; a screen of a conversation holds 50. */
const EACH = 66;
const PATIENCE_MS = 60_000;

let older: Person;
let newer: Person;
const peers = new Map<string, PythonPeer>();

const line = (name: string, n: number) => `${name} wrote ${n}`;

/** What stands in a conversation, without what is each browser's own. */
async function screenOf(person: Person, name: string) {
  await person.openChat(name);
  await person.sees(line(name, EACH));
  return (await person.messages()).map(({ text, own, encrypted }) => ({ text, own, encrypted }));
}

/** Every message that a browser keeps: where it stands, whose it is, what it says. */
function keptIn({ page }: Person): Promise<readonly string[]> {
  return page.evaluate(async () => {
    type Row = { chat: string; position: number; outgoing: boolean; hidden: number; body: { text?: string } };
    const whole = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error("the database was not read"));
      });
    const database = await whole(indexedDB.open("alcove:alice@localhost"));
    const rows = await whole<Row[]>(database.transaction("messages").objectStore("messages").getAll());
    database.close();
    const said = rows.map(({ chat, position, outgoing, hidden, body }) => [
      chat,
      position,
      outgoing,
      hidden,
      body.text,
    ]);
    return said.map((row) => row.join(" ")).sort();
  });
}

story.test("alice has talked with three people in one browser", async () => {
  older = await story.signedIn(ALICE, { called: "alice in A" });
  for (const account of [BOB, CAROL, DAVE]) {
    const { name } = account;
    const peer = await story.peer(account);
    peers.set(name, peer);
    await older.openChat(name);
    await older.send(`hello ${name}`);
    await peer.reads(`hello ${name}`);
  }
  for (const [name, peer] of peers) {
    // Whoever looks at a conversation has read it, so both browsers open it at its newest message.
    await older.openChat(name);
    for (let n = 1; n <= EACH; n += 1) await peer.send("alice@localhost", line(name, n));
    await older.sees(line(name, EACH));
  }
});

story.test("a second browser is let in with the history, and both say how much has come", async () => {
  newer = await story.signedIn(ALICE, { called: "alice in B", others: () => [] });
  await newer.reads(/\b\d{3} \d{3}\b/);
  await older.press("Allow and send history");
  await newer.reads(/Did it show this code\?/);
  await newer.press("Yes, the same");
  const came = await until(
    "B says what has come",
    async () => /(\d+) older messages came from/.exec((await newer.notices()).join("\n"))?.[1],
    { withinMs: PATIENCE_MS },
  );
  assert.equal(Number(came), 3 * (EACH + 1));
  await older.reads(new RegExp(`${3 * (EACH + 1)} older messages went to`));
  for (const who of [older, newer]) await who.press("Got it");
});

story.test("both show the same in every conversation", async () => {
  for (const name of peers.keys()) {
    const [here, there] = [await screenOf(older, name), await screenOf(newer, name)];
    assert.ok(Math.min(here.length, there.length) > 10, `${here.length} and ${there.length} rows of ${name} are drawn`);
    const rows = Math.min(here.length, there.length);
    assert.deepEqual(there.slice(-rows), here.slice(-rows));
  }
  const [all, given] = [await keptIn(older), await keptIn(newer)];
  assert.equal(all.length, 3 * (EACH + 1));
  assert.deepEqual(given, all, "what is not drawn as well, at the same places");
  const beyond = (await newer.quietLines()).filter((words) =>
    /older than this browser|before this browser/i.test(words),
  );
  assert.deepEqual(beyond, []);
});

story.test("nothing that was handed over can be read in the object", async () => {
  const texts = [line("bob", EACH), line("carol", 1), "hello dave"];
  assert.deepEqual(await findTexts(await story.stack.objectDatabases(), texts), []);
});
