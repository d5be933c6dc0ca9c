/**
 * What one object can take and what it costs: messages in and out per second with and without browsers attached, rows
 * and requests for each, memory. Real Prosody; Bob is a plain client, so only Alice's object is measured.
 */
import { startDevWorker } from "../../tools/dev-worker.ts";
import { ALICE as ALICE_JID, BOB as BOB_JID, browserOf } from "../account/people.ts";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { BOB, type Stack, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import type { Meter } from "./meter.ts";
import { median, quantile, table } from "./samples.ts";

const BASE_PORT = 16_920;
const MESSAGES = 1_000;
const ROUNDS = 3;
/** Under way at once, as the engine has them (`web/engine/sending/submit.ts`). */
const AT_ONCE = 8;
const POLL_MS = 20;
const SETTLE_MS = 1_000;
const LOOK_EVERY_MS = 4 * 60_000;
const LIMIT_MS = 120_000;
const TEXT = "x".repeat(80);

type Run = { readonly perSecond: number; readonly meter: Meter };

/** Its own stack: the object is wrapped with a meter. */
export async function measureSession(): Promise<string> {
  const stack = await startStack({
    name: "bench-session",
    basePort: BASE_PORT,
    endpoint: "starttls",
    entry: "test/bench/entry.ts",
    start: startDevWorker,
  });
  try {
    return await measure(stack);
  } finally {
    await stack.stop();
  }
}

async function measure(stack: Stack): Promise<string> {
  const first = await browserOf(stack, ALICE_JID);
  const bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB.name, BOB.password);
  const idle = await residentMegabytes();
  const lines: string[][] = [["messages", "a second", "spread", "rows written", "rows read", "statements", "requests"]];
  const add = (name: string, runs: readonly Run[]) => lines.push([name, ...cells(runs)]);
  const rounds = async (take: () => Promise<Run>): Promise<readonly Run[]> => {
    const runs: Run[] = [];
    for (let round = 0; round < ROUNDS; round += 1) runs.push(await take());
    return runs;
  };
  add("in, 1 browser", await rounds(() => inwards(stack, bob)));
  add("out, 1 browser", await rounds(() => outwards(stack, first, 1)));
  add(`out, 1 browser, ${AT_ONCE} at once`, await rounds(() => outwards(stack, first, AT_ONCE)));
  const more = [];
  for (let n = 1; n < 10; n += 1) more.push(await browserOf(stack, ALICE_JID));
  add("in, 10 browsers", await rounds(() => inwards(stack, bob)));
  add("out, 10 browsers", await rounds(() => outwards(stack, first, 1)));
  for (const browser of [first, ...more]) browser.detach();
  await sleep(SETTLE_MS);
  add("in, none attached", await rounds(() => inwards(stack, bob)));
  const full = await residentMegabytes();
  const [size] = await stack.objectRows(ALICE_JID, "select count(*) as entries from entries");
  const looks = await lookingIn(stack, bob);
  bob.close();
  return [
    table(lines),
    looks,
    `rows, statements and requests for each message; ${MESSAGES} messages a round, ${ROUNDS} rounds, medians [least-most]`,
    `workerd: ${idle} MB with one browser attached, ${full} MB with ${String(size?.["entries"])} entries in the log.`,
  ].join("\n");
}

/** Bob writes as fast as the server takes it; done when the last one is in the log. */
async function inwards(stack: Stack, bob: PlainClient): Promise<Run> {
  const run = crypto.randomUUID();
  return timed(stack, async () => {
    for (let n = 1; n <= MESSAGES; n += 1) {
      bob.send(
        `<message xmlns='jabber:client' to='${ALICE_JID}' type='chat' id='${run}-${n}'><body>${TEXT}</body></message>`,
      );
    }
    await logged(stack, `${run}-${MESSAGES}`);
  });
}

/** A browser sends so many at once, then the next ones; done when the server has acknowledged all. */
async function outwards(stack: Stack, browser: ScriptedBrowser, atOnce: number): Promise<Run> {
  return timed(stack, async () => {
    for (let sent = 0; sent < MESSAGES; sent += atOnce) {
      const batch = Array.from({ length: atOnce }, () =>
        browser.send(BOB_JID, { kind: "clear", text: TEXT, exposed: false }),
      );
      for (const reply of await Promise.all(batch)) if (!reply.ok) throw new Error(`send: ${reply.error.kind}`);
    }
    for (const end = Date.now() + LIMIT_MS; Date.now() < end; await sleep(POLL_MS)) {
      const waiting = await stack.objectRows(ALICE_JID, "select 1 from outbox where failed = 0 limit 1");
      if (waiting.length === 0) return;
    }
    throw new Error("the server did not acknowledge what was sent");
  });
}

/** What one look costs while nobody looks at the one browser (`durable/connection/resting.ts`): with nothing new, and one message. */
async function lookingIn(stack: Stack, bob: PlainClient): Promise<string> {
  const browser = await browserOf(stack, ALICE_JID);
  browser.look(false);
  await stack.setResting({ afterMs: 0, everyMs: LOOK_EVERY_MS });
  const lines: string[][] = [["a look", "rows written", "rows read", "alarms set", "requests", "frames", "awake"]];
  await toRest(stack);
  for (const name of ["nothing new", "nothing new", "a message"]) {
    const before = await meter(stack);
    const run = crypto.randomUUID();
    if (name === "a message")
      bob.send(
        `<message xmlns='jabber:client' to='${ALICE_JID}' type='chat' id='${run}'><body>${TEXT}</body></message>`,
      );
    const begin = await look(stack);
    await toRest(stack);
    const seconds = ((await restedAt(stack)) - begin) / 1_000;
    const after = await meter(stack);
    const of = (key: keyof Meter) => String(after[key] - before[key]);
    lines.push([
      name,
      of("rowsWritten"),
      of("rowsRead"),
      of("alarmsSet"),
      of("requests"),
      of("frames"),
      `${seconds} s`,
    ]);
  }
  browser.detach();
  return table(lines);
}

async function look(stack: Stack): Promise<number> {
  await stack.objectRows(ALICE_JID, "update meta set value = '0' where key = 'rested-at'");
  const begin = Date.now();
  await stack.ringAlarm(ALICE_JID);
  return begin;
}

async function restedAt(stack: Stack): Promise<number> {
  const [row] = await stack.objectRows(ALICE_JID, "select value from meta where key = 'rested-at'");
  return Number(row?.["value"] ?? 0);
}

/** It lets go by its own alarm; the first time by its heartbeat, which would take a while. */
async function toRest(stack: Stack): Promise<void> {
  if ((await restedAt(stack)) === 0) await stack.ringAlarm(ALICE_JID);
  for (const end = Date.now() + LIMIT_MS; (await restedAt(stack)) === 0; await sleep(POLL_MS))
    if (Date.now() > end) throw new Error("it does not rest");
}

async function logged(stack: Stack, id: string): Promise<void> {
  const query = `select 1 from entries where sender = '${BOB_JID}' and origin_id = '${id}'`;
  for (const end = Date.now() + LIMIT_MS; Date.now() < end; await sleep(POLL_MS)) {
    if ((await stack.objectRows(ALICE_JID, query)).length === 1) return;
  }
  throw new Error("what was sent did not reach the log");
}

async function timed(stack: Stack, work: () => Promise<void>): Promise<Run> {
  const before = await meter(stack);
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  await sleep(SETTLE_MS);
  const after = await meter(stack);
  const each = (name: keyof Meter) => (after[name] - before[name]) / MESSAGES;
  return {
    perSecond: (MESSAGES * 1_000) / ms,
    meter: {
      rowsRead: each("rowsRead"),
      rowsWritten: each("rowsWritten"),
      statements: each("statements"),
      alarmsSet: each("alarmsSet"),
      requests: each("requests"),
      frames: each("frames"),
    },
  };
}

async function meter(stack: Stack): Promise<Meter> {
  const reply = await fetch(`${stack.url}/api/test/meter?account=${encodeURIComponent(ALICE_JID)}`, { method: "POST" });
  if (!reply.ok) throw new Error(`meter: ${reply.status}`);
  return (await reply.json()) as Meter;
}

function cells(runs: readonly Run[]): readonly string[] {
  const speeds = runs.map(({ perSecond }) => perSecond);
  const each = (name: keyof Meter) => median(runs.map((run) => run.meter[name])).toFixed(2);
  // Twenty frames from browsers are billed as one request.
  const requests = median(runs.map((run) => run.meter.requests + run.meter.frames / 20)).toFixed(3);
  return [
    median(speeds).toFixed(0),
    `[${quantile(speeds, 0).toFixed(0)}-${quantile(speeds, 1).toFixed(0)}]`,
    each("rowsWritten"),
    each("rowsRead"),
    each("statements"),
    requests,
  ];
}

/** Of all workerd processes together: the runtime, not one object. */
async function residentMegabytes(): Promise<number> {
  let kilobytes = 0;
  for (const pid of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(pid)) continue;
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    if (status.startsWith("Name:\tworkerd")) kilobytes += Number(/VmRSS:\s+([0-9]+)/.exec(status)?.[1] ?? 0);
  }
  return Math.round(kilobytes / 1024);
}
