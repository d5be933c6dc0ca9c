/**
 * A history that is handed over while everything goes wrong: what was written, who can read what, and what breaks when comes
 * from one number. Throws unless every row is there once, with its own text or none, and an end that is said.
 */
import assert from "node:assert/strict";
import type { BareJid, EntryId, Position } from "../../../../worker/contract/names.ts";
import type { Handover } from "../../protocol/account.ts";
import type { MessageRow } from "../../store/conversation-rows.ts";
import { BOB, meet, OwnBrowser, row, until } from "./own-browser.ts";

const CHATS = [BOB, "carol@c.example", "dave@d.example", "room@muc.example"].map((chat) => chat as BareJid);
const FAULTS = [
  "cut",
  "close-taker",
  "close-giver",
  "full",
  "pause",
  "pause-there",
  "cancel",
  "cancel-there",
  "revoke",
] as const;
type Fault = (typeof FAULTS)[number];

export type RoundOptions = { readonly messages: number; readonly faults: number };
export type RoundResult = { readonly faults: readonly Fault[]; readonly ends: readonly Handover["state"][] };

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

type Message = { readonly n: number; readonly chat: BareJid; readonly readable: readonly boolean[] };

export async function playRound(seed: number, { messages, faults }: RoundOptions): Promise<RoundResult> {
  const random = randomOf(seed);
  const below = (most: number) => Math.floor(random() * most);
  const said: readonly Message[] = Array.from({ length: messages }, (_, n) => {
    const chat = CHATS[below(CHATS.length)] ?? BOB;
    return { n: n + 1, chat, readable: [random() < 0.8, random() < 0.6, random() < 0.1] };
  });
  const browsers = ["Chrome", "Safari", "Firefox"].map((name, at) => new OwnBrowser(at + 1, name, (at + 1) * 1_000));
  const [chrome, safari, firefox] = browsers as [OwnBrowser, OwnBrowser, OwnBrowser];
  const givers = [chrome, safari];
  for (const [at, browser] of browsers.entries()) {
    await browser.open();
    await browser.put(said.map((message) => rowFor(message, message.readable[at] === true)));
  }
  const revoked = new Set<OwnBrowser>();
  const done: Fault[] = [];
  for (const giver of givers) firefox.reachable.set(giver.device, giver);
  for (const giver of givers) giver.reachable.set(firefox.device, firefox);
  for (const giver of givers) meet(giver, firefox, "allowed-with-history");
  // Decided before anything happens: what comes of it takes its own time.
  const plan = Array.from({ length: faults }, () => ({
    ...{ afterMs: below(15), kind: FAULTS[below(FAULTS.length)] ?? "cut", giver: givers[below(2)] ?? chrome },
    ...{ forMs: below(40), rare: random() < 0.3 },
  }));
  for (const { afterMs, kind, giver, forMs, rare } of plan) {
    await pause(afterMs);
    done.push(kind);
    switch (kind) {
      case "cut":
        firefox.cut();
        break;
      case "close-taker":
      case "close-giver": {
        const browser = kind === "close-taker" ? firefox : giver;
        await browser.close();
        await pause(forMs / 4);
        await browser.open();
        break;
      }
      case "full":
        firefox.full = true;
        await pause(forMs);
        firefox.full = false;
        break;
      case "pause":
      case "pause-there": {
        const [who, role, other] =
          kind === "pause" ? ([firefox, "taking", giver] as const) : ([giver, "giving", firefox] as const);
        if (who.standing(role, other)?.state !== "going") break;
        await who.handovers.act(role, other.device, "pause");
        await pause(forMs / 2);
        if (who.standing(role, other)?.state === "paused") await who.handovers.act(role, other.device, "resume");
        break;
      }
      case "cancel":
      case "cancel-there": {
        const [who, role, other] =
          kind === "cancel" ? ([firefox, "taking", giver] as const) : ([giver, "giving", firefox] as const);
        const { state } = who.standing(role, other) ?? {};
        if (!rare || state !== "going") break;
        await who.handovers.act(role, other.device, "cancel");
        break;
      }
      case "revoke":
        if (!rare || revoked.size > 0) break;
        revoked.add(giver);
        firefox.browsers.splice(0, Infinity, ...givers.filter((one) => !revoked.has(one)).map((one) => one.info));
        firefox.reachable.delete(giver.device);
        giver.reachable.clear();
        firefox.cut();
    }
  }
  const isOpen = (giver: OwnBrowser) => {
    const taking = firefox.standing("taking", giver);
    // Whoever was closed before the person's word was stored has not said it.
    return taking === undefined
      ? !revoked.has(giver) && giver.standing("giving", firefox) !== undefined
      : !isOver(taking);
  };
  const open = () => givers.filter(isOpen);
  await until(
    () => open().length === 0,
    () =>
      `seed ${seed}: ${JSON.stringify(givers.map((giver) => [giver.device, revoked.has(giver), firefox.standing("taking", giver), giver.standing("giving", firefox)]))} after ${done.join(" ")}`,
  );
  const ends = givers.map((giver) => firefox.standing("taking", giver)?.state ?? "waiting");
  await checkRows(
    firefox,
    said,
    givers.filter((_, at) => ends[at] === "finished" || ends[at] === "nothing").map((giver) => givers.indexOf(giver)),
  );
  for (const [at, giver] of givers.entries()) {
    const texts = (await giver.rows()).map(({ body }) => (body.kind === "text" ? body.text : undefined));
    assert.deepEqual(
      texts,
      said.map(({ n, readable }) => (readable[at] ? textOf(n) : undefined)),
      `${giver.name} is as it was`,
    );
  }
  for (const browser of browsers) await browser.close();
  return { faults: done, ends };
}

function isOver({ state }: Handover): boolean {
  return ["finished", "nothing", "cancelled", "cancelled-there", "left"].includes(state);
}

/** `gave`: those that gave all that they have. */
async function checkRows(taker: OwnBrowser, said: readonly Message[], gave: readonly number[]): Promise<void> {
  const rows = await taker.rows();
  assert.deepEqual(
    rows.map(({ id }) => id),
    said.map(({ n }) => `entry-${n}`),
    "each row is there once, where it stood",
  );
  for (const [at, { n, chat, readable }] of said.entries()) {
    const { body, handedBy, chat: where, hidden } = rows[at] ?? assert.fail("no row");
    assert.equal(where, chat);
    if (body.kind === "text") assert.equal(body.text, textOf(n), "with its own text");
    assert.equal(hidden, body.kind === "text" ? 0 : 1);
    if (readable[2]) assert.deepEqual([body.kind, handedBy], ["text", undefined], "what was opened here stays");
    if (gave.some((giver) => readable[giver])) assert.equal(body.kind, "text", `${n} was to be had`);
    else if (!readable[2] && handedBy === undefined) assert.equal(body.kind, "reason");
  }
}

function textOf(n: number): string {
  return `text ${n} ${"word ".repeat(n % 40)}`;
}

function rowFor({ n, chat }: Message, readable: boolean): MessageRow {
  const place = { chat, position: (n * 10) as Position, id: `entry-${n}` as EntryId };
  return row(n, readable ? { ...place, text: textOf(n) } : place);
}
