/**
 * How long somebody on a slow computer waits for the page itself: from the key to the own bubble, and from the press on a
 * conversation to its newest messages. The page's processor is slowed down four times.
 */
import type { Page } from "puppeteer-core";
import { PythonPeer } from "../../interop/python-peer.ts";
import { Person } from "../../e2e/person.ts";
import { until } from "../../e2e/waiting.ts";
import { ALICE, BOB, type Stack } from "../../stack.ts";
import type { Account } from "../../xmpp-server/accounts.ts";
import { isFilled, seed } from "../seeded.ts";
import { budgetRow, type Rows, SLOWER, slowed, workOf } from "./budget.ts";

/** Messages in each conversation. */
const LENGTH = 10_000;
const ROUNDS = 30;
/** Code is compiled, fonts are there. */
const WARM_UP = 5;
const PAUSE_MS = 300;
const FILLED_WITHIN_MS = 60_000;
const NEWEST = "The newest of them all.";
const GOALS = { bubble: [50, 50], open: [100, 250] } as const;

/** `other`: a second contact of alice's. */
export async function measureWaiting(stack: Stack, other: Account): Promise<Rows> {
  const alice = await Person.open(stack, { called: "alice" });
  const contacts = await Promise.all([BOB, other].map((account) => PythonPeer.start(stack, account)));
  try {
    await alice.signIn(ALICE);
    const names = [BOB, other].map(({ name }) => name);
    const database = `alcove:${ALICE.name}@localhost`;
    const jids = names.map((name) => `${name}@localhost`);
    await alice.page.evaluate(seed, database, jids.length * LENGTH, jids);
    await alice.reload();
    await until("all messages are on sheets", () => alice.page.evaluate(isFilled, database), {
      withinMs: FILLED_WITHIN_MS,
    });
    for (const contact of contacts) await contact.command("plain", { to: `${ALICE.name}@localhost`, text: NEWEST });
    for (const name of names) {
      await alice.seesChat(`${name}@localhost`, { preview: NEWEST });
      await alice.openChat(name);
      await alice.sees(NEWEST);
    }
    const open = (round: number) => openingMs(alice.page, `${names[round % 2]}@localhost`, NEWEST);
    const type = (round: number) => letterMs(alice.page, `written ${round}`);
    const press = (round: number) => bubbleMs(alice.page, `written ${round}`);
    const measured = async (...acts: readonly Act[]) => {
      const work = await workOf(alice.page, WARM_UP, () => repeat(acts));
      return { work, waits: await slowed(alice.page, () => repeat(acts)) };
    };
    // In this order: what is written becomes the newest message of its conversation.
    const opening = await measured(open);
    const writing = await measured(type, press);
    return [
      budgetRow(`press on a conversation of ${LENGTH} messages → its newest`, opening.waits[0] ?? [], GOALS.open),
      budgetRow("key → own bubble", writing.waits[1] ?? [], GOALS.bubble),
      // A crowded machine makes waits longer, not this: what the page's own thread has to do for it.
      budgetRow(`the page's own work for the first, times ${SLOWER}`, opening.work.get("opening") ?? [], GOALS.open),
      budgetRow(`and for the second, times ${SLOWER}`, writing.work.get("bubble") ?? [], GOALS.bubble),
      budgetRow(
        `and for all letters before it at once, times ${SLOWER}`,
        writing.work.get("letters") ?? [],
        GOALS.bubble,
      ),
    ];
  } finally {
    for (const contact of contacts) await contact.close();
    await alice.close();
  }
}

type Act = (round: number) => Promise<number>;

/** Of each act in turn, round after round; the samples of each. */
async function repeat(acts: readonly Act[]): Promise<readonly (readonly number[])[]> {
  const samples: readonly number[][] = acts.map(() => []);
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const [n, act] of acts.entries()) {
      const ms = await act(round);
      if (round >= WARM_UP) samples[n]?.push(ms);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return samples;
}

/** Until the frame in which the newest message stands has been painted. */
function openingMs(page: Page, jid: string, newest: string): Promise<number> {
  return page.evaluate(
    async (chat, text) => {
      const stands = () => [...document.querySelectorAll(".message .words")].at(-1)?.textContent === text;
      const began = performance.mark("opening begins").startTime;
      document.querySelector<HTMLElement>(`[role=option][data-jid="${chat}"]`)?.click();
      const selected = () => document.querySelector(`[data-jid="${chat}"][aria-selected=true]`) !== null;
      do await new Promise(requestAnimationFrame);
      while (!selected() || !stands());
      await new Promise((resolve) => setTimeout(resolve));
      return performance.mark("opening stands").startTime - began;
    },
    jid,
    newest,
  );
}

/** Until what was typed stands in the composer. */
function letterMs(page: Page, text: string): Promise<number> {
  return page.evaluate(async (words) => {
    const area = document.querySelector<HTMLTextAreaElement>(".composer textarea");
    if (area === null) throw new Error("There is no composer");
    const began = performance.mark("letters begins").startTime;
    area.value = words;
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    return performance.mark("letters stands").startTime - began;
  }, text);
}

/** Until a message of one's own has been painted. A key comes between frames: in one, it would be that frame and the next. */
function bubbleMs(page: Page, text: string): Promise<number> {
  return page.evaluate(async (words) => {
    const area = document.querySelector<HTMLTextAreaElement>(".composer textarea");
    if (area === null) throw new Error("There is no composer");
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve));
    const stands = () => [...document.querySelectorAll(".message .words")].at(-1)?.textContent === words;
    const began = performance.mark("bubble begins").startTime;
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    do await new Promise(requestAnimationFrame);
    while (!stands());
    await new Promise((resolve) => setTimeout(resolve));
    return performance.mark("bubble stands").startTime - began;
  }, text);
}
