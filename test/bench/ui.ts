/**
 * How long somebody on a slow computer waits for the page itself: from the key to the own bubble, and from the press on a
 * conversation to its newest messages. The page's processor is slowed down four times.
 */
import type { CDPSession, Page } from "puppeteer-core";
import { PythonPeer } from "../interop/python-peer.ts";
import { Person } from "../e2e/person.ts";
import { ALICE, BOB, type Stack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { median, quantile, table } from "./samples.ts";

const SLOWER = 4;
/** Messages in each conversation. */
const LENGTH = 300;
const ROUNDS = 30;
/** Code is compiled, fonts are there. */
const WARM_UP = 5;
const PAUSE_MS = 300;
const GOALS = { bubble: [50, 50], open: [100, 250] } as const;

/** Prints the table. `other`: a second contact of alice's. */
export async function measureUi(stack: Stack, other: Account): Promise<string> {
  const alice = await Person.open(stack, { called: "alice" });
  const contacts = await Promise.all([BOB, other].map((account) => PythonPeer.start(stack, account)));
  try {
    await alice.signIn(ALICE);
    for (const contact of contacts) {
      for (let n = 1; n <= LENGTH; n += 1)
        await contact.command("plain", { to: `${ALICE.name}@localhost`, text: textOf(n) });
    }
    const names = [BOB, other].map(({ name }) => name);
    for (const name of names) {
      await alice.seesChat(`${name}@localhost`, { preview: textOf(LENGTH) });
      await alice.openChat(name);
      await alice.press("Jump to the newest message");
      await alice.sees(textOf(LENGTH));
    }
    const open = (round: number) => openingMs(alice.page, `${names[round % 2]}@localhost`, textOf(LENGTH));
    const write = (round: number) => bubbleMs(alice.page, `written ${round}`);
    const session = await alice.page.createCDPSession();
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const measured = async (act: (round: number) => Promise<number>) => {
      const work = await repeat(workOf(session, act));
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      const waits = await repeat(act);
      await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
      return { work, waits };
    };
    // In this order: what is written becomes the newest message of its conversation.
    const opening = await measured(open);
    const writing = await measured(write);
    await session.detach();
    return table([
      [`processor ${SLOWER} times slower, ${LENGTH} messages`, "median", "95 %", "goal", ""],
      rowOf("press on a conversation → its newest messages", opening.waits, GOALS.open),
      rowOf("key → own bubble", writing.waits, GOALS.bubble),
      // A crowded machine makes waits longer, not this: what the page's own thread has to do for it.
      rowOf(`the page's own work for the first, times ${SLOWER}`, opening.work, GOALS.open),
      rowOf(`and for the second, times ${SLOWER}`, writing.work, GOALS.bubble),
    ]);
  } finally {
    for (const contact of contacts) await contact.close();
    await alice.close();
  }
}

const textOf = (n: number) => `Message ${n} of many. ${"A few more words. ".repeat(n % 7)}`.trim();

async function repeat(take: (round: number) => Promise<number>): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const ms = await take(round);
    if (round >= WARM_UP) samples.push(ms);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return samples;
}

/** Milliseconds of the page's thread that an act costs, as many times as the processor is slower. */
function workOf(session: CDPSession, act: (round: number) => Promise<number>): (round: number) => Promise<number> {
  const spent = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1_000;
  };
  return async (round) => {
    const before = await spent();
    await act(round);
    return ((await spent()) - before) * SLOWER;
  };
}

function rowOf(name: string, samples: readonly number[], [most, rarely]: readonly [number, number]): readonly string[] {
  const [middle, late] = [median(samples), quantile(samples, 0.95)];
  const verdict = middle <= most && late <= rarely ? "met" : "MISSED";
  return [name, `${middle.toFixed(0)} ms`, `${late.toFixed(0)} ms`, `${most} / ${rarely} ms`, verdict];
}

/** Until the frame after the one in which the newest message stands. */
function openingMs(page: Page, jid: string, newest: string): Promise<number> {
  return page.evaluate(
    async (chat, text) => {
      const stands = () => [...document.querySelectorAll(".message .words")].at(-1)?.textContent === text;
      const began = performance.now();
      document.querySelector<HTMLElement>(`[role=option][data-jid="${chat}"]`)?.click();
      const selected = () => document.querySelector(`[data-jid="${chat}"][aria-selected=true]`) !== null;
      do await new Promise(requestAnimationFrame);
      while (!selected() || !stands());
      await new Promise((resolve) => setTimeout(resolve));
      return performance.now() - began;
    },
    jid,
    newest,
  );
}

function bubbleMs(page: Page, text: string): Promise<number> {
  return page.evaluate(async (words) => {
    const area = document.querySelector<HTMLTextAreaElement>(".composer textarea");
    if (area === null) throw new Error("There is no composer");
    area.value = words;
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
    const stands = () => [...document.querySelectorAll(".message .words")].at(-1)?.textContent === words;
    const began = performance.now();
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    do await new Promise(requestAnimationFrame);
    while (!stands());
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - began;
  }, text);
}
