/** A thousand messages to an account that nobody has open: all of them, once, in their order. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "absence", endpoint: "starttls" });
const MESSAGES = 1_000;
const STEP_PX = 1_500;
const TO = "alice@localhost";

const texts = Array.from({ length: MESSAGES }, (_, index) => `${index + 1} of ${MESSAGES}`);

let a: Person;
let bob: PythonPeer;

/** Scrolls up until the beginning is reached; every text in its order. */
async function readFromNewest(person: Person): Promise<readonly string[]> {
  const read: string[] = [];
  await until(
    "everything was scrolled through",
    async () => {
      const shown = await person.texts();
      const known = read.length === 0 ? -1 : shown.indexOf(read[0] ?? "");
      if (read.length === 0) read.push(...shown);
      else if (known > 0) read.unshift(...shown.slice(0, known));
      await person.page.evaluate((pixels) => {
        document.querySelector(".scroller")?.scrollBy(0, -pixels);
      }, STEP_PX);
      return read[0] === "before";
    },
    { describe: async () => `${read.length} texts from “${read[0]}”` },
  );
  return read;
}

story.test("the newest of a thousand stand on the screen, the list shows the last one and counts them", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await bob.command("plain", { to: TO, text: "before" });
  await a.openChat("bob");
  await a.sees("before");
  await a.leaveChat();
  await story.outage(async () => {
    await a.page.goto("about:blank");
    await story.stack.killWorker();
    for (const text of texts) await bob.command("plain", { to: TO, text });
    await story.stack.startWorker();
    await a.page.goto(story.stack.url);
    await a.seesChat("bob@localhost", { unread: MESSAGES, preview: texts.at(-1) ?? "" });
    await a.isConnected();
  });
  await a.openChat("bob");
  await until("the line above the unread ones is there", async () =>
    (await a.quietLines()).some((words) => words === "New messages"),
  );
});

story.test(
  "U2: it opens at the first of them, and what was seen is no longer counted, in the list nor at the way down",
  async () => {
    const first = () =>
      a.page.evaluate(
        () => document.querySelector("li.unread")?.nextElementSibling?.querySelector(".words")?.textContent,
      );
    await until("the line stands before the first", async () => (await first()) === texts[0]);
    const counts = () =>
      a.page.evaluate(() =>
        ["[role=option] .badge", ".jump .badge"].map((one) => document.querySelector(one)?.textContent ?? ""),
      );
    await until("what is in sight is read, the rest is not", async () => {
      const [row, jump] = await counts();
      return row === jump && Number(row) < MESSAGES && Number(row) > MESSAGES - 60;
    });
    assert.equal(await a.page.title(), `(${(await counts())[0]}) Alcove`);
  },
);

story.test("all of them are there, once and in order, from the last to the first", async () => {
  await a.page.reload();
  await a.isConnected();
  await a.openChat("bob");
  await a.press("Jump to the newest message");
  await a.sees(texts.at(-1) ?? "");
  assert.deepEqual(await readFromNewest(a), ["before", ...texts]);
  await a.seesChat("bob@localhost", { unread: 0 });
});
