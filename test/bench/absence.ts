/**
 * A thousand messages to an account that nobody has open: from the moment its link is live until the newest of them are
 * on the screen. In browser A the account itself was asleep and reads its archive first; B comes when that has happened.
 */
import type { Page } from "puppeteer-core";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB, type Stack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { table } from "./samples.ts";

const MESSAGES = 1_000;
/** For the browser for which the account wakes, for one that comes when it is awake. */
const GOALS_MS = [450, 150] as const;
const ARRIVAL_MS = 180_000;
/** Rows that fit on a screen. */
const SCREENFUL = 15;

type Notes = { line: (readonly [at: number, words: string])[]; newest: number; preview: number };
type NotingWindow = { absence: Notes };

/** Prints the table, for messages in clear and for encrypted ones. `plain` is somebody without OMEMO. */
export async function measureAbsence(stack: Stack, plain: Account): Promise<string> {
  const browsers = [
    await Person.open(stack, { called: "alice in A" }),
    await Person.open(stack, { called: "alice in B" }),
  ];
  try {
    for (const alice of browsers) await alice.signIn(ALICE);
    const rows = [["1,000 messages to a closed account", "newest shown", "goal", "", "in the list", "all read"]];
    for (const { words, account, withoutOmemo } of [
      { words: "in clear", account: plain, withoutOmemo: true },
      { words: "encrypted", account: BOB, withoutOmemo: false },
    ]) {
      const peer = await PythonPeer.start(stack, account, { withoutOmemo });
      const say = (text: string) =>
        withoutOmemo ? peer.command("plain", { to: ADDRESS, text }) : peer.send(ADDRESS, text);
      try {
        await say("see you");
        const texts = await absence(stack, browsers, account.name, say);
        for (const [at, alice] of browsers.entries()) {
          const cells = await comingBack(stack, alice, account.name, texts, GOALS_MS[at] ?? 0);
          rows.push([`${words}, ${alice.called}`, ...cells]);
        }
      } finally {
        await peer.close();
      }
    }
    return table(rows);
  } finally {
    for (const alice of browsers) await alice.close();
  }
}

const ADDRESS = `${ALICE.name}@localhost`;

/** All browsers are closed and the object is gone while somebody writes; the texts. */
async function absence(
  stack: Stack,
  browsers: readonly Person[],
  name: string,
  say: (text: string) => Promise<unknown>,
): Promise<readonly string[]> {
  for (const alice of browsers) {
    // The message moves its row to the top: who presses before that presses another one.
    await until("the first row is that of the message", () => isFirstRow(alice.page, "see you"));
    await alice.openChat(name);
    await alice.sees("see you");
    await alice.isConnected();
    alice.troubles.outage = true;
    await alice.page.goto("about:blank");
  }
  await stack.killWorker();
  const texts = Array.from({ length: MESSAGES }, (_, index) => `${name} writes ${index + 1} of ${MESSAGES}`);
  for (const text of texts) await say(text);
  await stack.startWorker();
  return texts;
}

async function comingBack(
  stack: Stack,
  alice: Person,
  name: string,
  texts: readonly string[],
  goalMs: number,
): Promise<readonly string[]> {
  const script = await alice.page.evaluateOnNewDocument(noteArrivals, texts.slice(-SCREENFUL));
  await alice.page.goto(stack.url);
  await alice.openChat(name);
  const notes = await until(
    "the newest are on the screen and everything is there",
    async () => {
      const noted = await notesOf(alice.page);
      return noted.newest > 0 && noted.line.at(-1)?.[1] === "" ? noted : undefined;
    },
    { withinMs: ARRIVAL_MS, describe: () => notesOf(alice.page) },
  );
  await alice.page.removeScriptToEvaluateOnNewDocument(script.identifier);
  alice.troubles.outage = false;
  const live = notes.line.find(([, words]) => words === "" || /Catching up/.test(words))?.[0] ?? Number.NaN;
  const done = notes.line.at(-1)?.[0] ?? Number.NaN;
  // Where the account was awake they may be there before the line has said so.
  const since = (at: number) => Math.max(0, at - live);
  const shown = since(notes.newest);
  await alice.leaveChat();
  return [
    ms(shown),
    ms(goalMs),
    shown <= goalMs ? "met" : "MISSED",
    ms(since(notes.preview)),
    ms(since(Math.max(done, notes.newest))),
  ];
}

/** Whether the newest conversation ends with this. */
function isFirstRow(page: Page, text: string): Promise<boolean> {
  return page.evaluate(
    (words) => document.querySelector("nav [role=option]")?.textContent?.includes(words) ?? false,
    text,
  );
}

function notesOf(page: Page): Promise<Notes> {
  return page.evaluate(() => (window as unknown as NotingWindow).absence);
}

const ms = (value: number) => `${value.toFixed(0)} ms`;

/** Runs before the page's own script: when the line of the connection changed, when the last texts were all there. */
function noteArrivals(last: readonly string[]): void {
  const notes: Notes = { line: [], newest: 0, preview: 0 };
  (window as unknown as NotingWindow).absence = notes;
  let pressed: HTMLElement | undefined;
  new MutationObserver(() => {
    // It opens at the first unread one where some have come already. Pressed from here: the driver's next look is a wait of its own.
    const down = document.querySelector<HTMLElement>(".jump-button") ?? undefined;
    if (down !== pressed && notes.newest === 0) down?.click();
    pressed = down;
    const now = performance.now();
    if (document.querySelector("nav h1") === null) return;
    const line = document.querySelector("[data-testid=connection]")?.textContent ?? "";
    if (notes.line.at(-1)?.[1] !== line) notes.line.push([now, line]);
    const rows = [...document.querySelectorAll("ol[aria-label='Messages'] > li[data-key] .words")]
      .slice(-last.length)
      .map(({ textContent }) => textContent);
    if (notes.newest === 0 && rows.join("\n") === last.join("\n")) notes.newest = now;
    const newest = last.at(-1) ?? "";
    const previews = [...document.querySelectorAll("nav [role=option] bdi")].map(({ textContent }) => textContent);
    if (notes.preview === 0 && previews.some((words) => words?.includes(newest))) notes.preview = now;
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
