/**
 * How long somebody on a slow computer waits for the page itself: from the key to the own bubble, and from the press on a
 * conversation to its newest messages. The page's processor is slowed down four times.
 */
import type { Page } from "puppeteer-core";
import { Person } from "../e2e/person.ts";
import { ALICE, BOB, type Stack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
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
  const contacts = await Promise.all(
    [BOB, other].map(({ name, password }) => PlainClient.signIn(stack.xmpp.endpoints.ws, name, password)),
  );
  try {
    await alice.signIn(ALICE);
    for (const contact of contacts) {
      for (let n = 1; n <= LENGTH; n += 1)
        contact.send(
          `<message xmlns='jabber:client' to='${ALICE.name}@localhost' type='chat'><body>${textOf(n)}</body></message>`,
        );
    }
    const names = [BOB, other].map(({ name }) => name);
    for (const name of names) {
      await alice.seesChat(`${name}@localhost`, { preview: textOf(LENGTH) });
      await alice.openChat(name);
      await alice.sees(textOf(LENGTH));
    }
    const session = await alice.page.createCDPSession();
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const opened = await repeat((round) => openingMs(alice.page, `${names[round % 2]}@localhost`, textOf(LENGTH)));
    const written = await repeat((round) => bubbleMs(alice.page, `written ${round}`));
    await session.detach();
    return table([
      [`processor ${SLOWER} times slower, ${LENGTH} messages`, "median", "95 %", "goal", ""],
      rowOf("press on a conversation → its newest messages", opened, GOALS.open),
      rowOf("key → own bubble", written, GOALS.bubble),
    ]);
  } finally {
    for (const contact of contacts) contact.close();
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
