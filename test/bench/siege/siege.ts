/**
 * One account under siege: everything that strangers, servers and thieves can throw at its object, one after the other,
 * while its owner goes on writing. Prints how long a send waits for its answer and for the owner's other browser, before
 * each attack and during it, and whether anything was lost or came twice.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type DevWorkerOptions, startDevWorker } from "../../../tools/dev-worker.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { ALICE, BOB, browserOf } from "../../account/people.ts";
import type { ScriptedBrowser } from "../../scripted-browser.ts";
import { type Stack, startStack } from "../../stack.ts";
import { startPlainWorker } from "../../plain-worker.ts";
import { quantile, table } from "../samples.ts";
import { AMOUNTS, type Attack, type Target } from "./attacker.ts";
import { Contact } from "./contact.ts";
import { memoryOf } from "./memory.ts";
import { Owner, type Sent, textOf } from "./owner.ts";

const BASE_PORT = 16_940;
const COMPONENT_PORT = BASE_PORT + 10;
const DOMAIN = "siege.localhost";
const SECRET = "siege";
const EVE = `eve@${DOMAIN}`;
const QUIET_MS = 3_000;
const LAST_MS = 60_000;
/** Who waits longer than so many times what they wait in peace is held up. */
const HELD_UP = 3;

export type SiegeOptions = {
  /** Names of attacks; all of them where there are none. */
  readonly only: readonly string[];
  /** Behind `wrangler dev` instead of workerd alone. */
  readonly wrangler: boolean;
  /** The object speaks with the server over a WebSocket instead of TCP. */
  readonly websocket: boolean;
};

const NAMES = {
  passwords: `${AMOUNTS.passwords} wrong passwords`,
  sockets: `${AMOUNTS.sockets} sockets with a copied cookie`,
  big: "a stanza of 10 MB",
  deep: `${AMOUNTS.deep} stanzas ${AMOUNTS.depth} deep`,
  devices: `${AMOUNTS.lists} device lists of ${AMOUNTS.devices}`,
  strangers: `${AMOUNTS.strangers} strangers`,
  room: `a room of ${AMOUNTS.occupants}`,
  roster: `a roster of ${AMOUNTS.contacts}, after the server was away`,
} as const;

type Name = keyof typeof NAMES;

/** Its own stack: with a component, large stanzas, and a roster that was there before. */
export async function measureSiege({ only, wrangler, websocket }: SiegeOptions): Promise<string> {
  const all = Object.keys(NAMES) as readonly Name[];
  const unknown = only.filter((name) => !all.some((known) => known === name));
  if (unknown.length > 0) return `There is no attack called ${unknown.join(", ")}; there are ${all.join(", ")}.`;
  let pid = 0;
  const start = async (options: DevWorkerOptions) => {
    const worker = await (wrangler ? startDevWorker : startPlainWorker)(options);
    pid = worker.group.pid;
    return worker;
  };
  const stack = await startStack({
    name: "bench-siege",
    basePort: BASE_PORT,
    endpoint: websocket ? "ws" : "starttls",
    start,
    xmppConfig: [
      `component_ports = { ${COMPONENT_PORT} }`,
      "component_stanza_size_limit = 32 * 1024 * 1024",
      `Component "${DOMAIN}"`,
      `  component_secret = "${SECRET}"`,
    ].join("\n"),
  });
  try {
    await giveRoster(stack, 1);
    return await besiege(
      stack,
      all.filter((name) => only.length === 0 || only.includes(name)),
      () => memoryOf(pid),
    );
  } finally {
    await stack.stop();
  }
}

async function besiege(stack: Stack, names: readonly Name[], memory: () => Promise<number>): Promise<string> {
  const owner = new Owner(await browserOf(stack, ALICE), await browserOf(stack, ALICE), BOB);
  const watching = owner.watch();
  const contact = await Contact.signIn(stack, ALICE);
  const attacker = startAttacker({
    url: stack.url,
    account: ALICE,
    headers: owner.sees.headers,
    component: { port: COMPONENT_PORT, domain: DOMAIN, secret: SECRET },
  });
  const lines: string[][] = [
    [
      "",
      "answer before",
      "during",
      "at most",
      "other browser before",
      "during",
      "at most",
      "sends",
      "",
      "MB",
      "own lag",
    ],
  ];
  const lag = monitorEventLoopDelay({ resolution: 5 });
  try {
    for (const name of names) {
      const [megabytes, kinds] = [await memory(), owner.sees.entries.length];
      const before = await owner.writeDuring(sleep(QUIET_MS));
      lag.reset();
      lag.enable();
      const begun = performance.now();
      let became = "";
      const attack = async () => {
        became = await attackBy(name, { stack, owner, contact, attacker: attacker.attack });
      };
      const during = await owner.writeDuring(attack());
      const took = performance.now() - begun;
      lag.disable();
      const grown = `${megabytes.toFixed(0)} → ${(await memory()).toFixed(0)}`;
      lines.push([
        NAMES[name],
        ...cellsOf(before, during),
        `${during.length}`,
        heldUp(before, during),
        grown,
        ms(lag.max / 1e6),
      ]);
      const came = kindsOf(owner.sees.entries.slice(kinds));
      // It takes minutes; whoever waits sees how far it is, and what it has come to if it ends here.
      process.stderr.write(`${lines.at(-1)?.join(" | ")}  (${took.toFixed(0)} ms; ${became}; ${came})\n`);
    }
    const lost = contact.lost(owner);
    const own = owner.sees.entries
      .flatMap((entry) => textOf(entry) ?? [])
      .filter((text) => /^(?:owner|bob) /.test(text));
    return [
      "Median and 95 % of what the owner waits, in ms; held up: more than three times as long as in peace.",
      table(lines),
      `The owner sent ${owner.sent.length}, refused ${owner.refused.length}, sent again ${owner.again}, not seen by the other browser ${owner.unseen}; ` +
        `of ${contact.said} by a contact ${lost} are missing; twice ${own.length - new Set(own).size}.`,
    ].join("\n");
  } finally {
    contact.close();
    await attacker.stop();
    owner.leave();
    await watching;
  }
}

type Field = {
  readonly stack: Stack;
  readonly owner: Owner;
  readonly contact: Contact;
  readonly attacker: (attack: Attack) => Promise<string>;
};

/** Ends when the object has been through all of it: what the contact says last has come. */
async function attackBy(name: Name, { stack, owner, contact, attacker }: Field): Promise<string> {
  let became = "";
  if (name !== "roster") became = await attacker(name);
  else await bigRoster(stack, owner.writes, contact);
  if (name === "room") {
    const room = `big@${DOMAIN}` as BareJid;
    const joined = await owner.writes.call("room", { jid: room, action: "join", nick: "alice" });
    became = joined.ok ? "joined" : joined.error.kind;
  }
  if (name !== "passwords" && name !== "sockets") await contact.through(owner);
  return became;
}

function startAttacker(target: Target) {
  const thread = new Worker(new URL("./attacker.ts", import.meta.url), { workerData: target });
  return {
    attack: (attack: Attack) =>
      new Promise<string>((resolve, reject) => {
        thread.once("message", ({ became }: { readonly became: string }) => resolve(became));
        thread.once("error", reject);
        thread.postMessage(attack);
      }),
    stop: async () => {
      thread.postMessage("close");
      await thread.terminate();
    },
  };
}

/** Prosody reads a roster when somebody signs in; the object's next stream is given it whole. */
async function bigRoster(stack: Stack, browser: ScriptedBrowser, contact: Contact): Promise<void> {
  await stack.xmpp.stop();
  await giveRoster(stack, AMOUNTS.contacts);
  await stack.xmpp.start();
  await contact.again();
  await browser.call("reconnect", {});
  await browser.until(() => browser.link?.state === "live" && browser.link.caughtUp, LAST_MS);
}

/** Eve, and so many others, beside whom there is. */
async function giveRoster({ xmpp }: Stack, contacts: number): Promise<void> {
  const path = join(xmpp.state, "data/localhost/roster/alice.dat");
  const before = await readFile(path, "utf8");
  const jids = Array.from({ length: contacts }, (_, n) => (n === 0 ? EVE : `friend${n}@${DOMAIN}`));
  const items = jids.filter((jid) => !before.includes(jid)).map((jid) => `  ["${jid}"] = ${SUBSCRIBED},\n`);
  await writeFile(path, before.replace(/\};?\s*$/, `${items.join("")}};\n`));
}

const SUBSCRIBED = '{ subscription = "both", groups = {} }';

function cellsOf(before: readonly Sent[], during: readonly Sent[]): readonly string[] {
  return [answersOf, sightsOf].flatMap((of) => [middle(of(before)), middle(of(during)), ms(quantile(of(during), 1))]);
}

function heldUp(before: readonly Sent[], during: readonly Sent[]): string {
  const isHeldUp = [answersOf, sightsOf].some((of) =>
    [0.5, 0.95].some((part) => quantile(of(during), part) > HELD_UP * quantile(of(before), part)),
  );
  return isHeldUp ? "HELD UP" : "";
}

const answersOf = (sent: readonly Sent[]) =>
  sent.flatMap(({ at, answeredAt }) => (answeredAt ? [answeredAt - at] : []));
const sightsOf = (sent: readonly Sent[]) => sent.flatMap(({ at, seenAt }) => (seenAt ? [seenAt - at] : []));
const middle = (samples: readonly number[]) => `${ms(quantile(samples, 0.5))} / ${ms(quantile(samples, 0.95))}`;
const ms = (milliseconds: number) => milliseconds.toFixed(milliseconds < 10 ? 1 : 0);

function kindsOf(entries: Owner["sees"]["entries"]): string {
  const kinds = entries.map((entry) => (entry.kind === "message" ? `message ${entry.content.kind}` : entry.kind));
  return [...new Set(kinds)].map((kind) => `${kind} ${kinds.filter((other) => other === kind).length}`).join(", ");
}
