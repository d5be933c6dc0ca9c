/**
 * One account under siege: everything that strangers, servers and thieves can throw at its object, one after the other,
 * while its owner goes on writing. Prints how long a send waits for its answer and for the owner's other browser, and
 * whether anything was lost or came twice.
 */
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Entry } from "../../worker/contract/entries.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { RawClient } from "../raw-client.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";
import { Component } from "./component.ts";
import { PLAIN } from "./plain-worker.ts";
import { quantile, table } from "./samples.ts";

const BASE_PORT = 16_940;
const COMPONENT_PORT = BASE_PORT + 10;
const DOMAIN = "siege.localhost";
const SECRET = "siege";
const ALICE_JID = "alice@localhost" as BareJid;
const BOB_JID = "bob@localhost" as BareJid;
const EVE = `eve@${DOMAIN}`;
const ROSTER = 10_000;
const OCCUPANTS = 5_000;
const DEVICES = 5_000;
const STRANGERS = 2_000;
const PASSWORDS = 200;
const SOCKETS = 1_000;
const AT_ONCE = 10;
const EVERY_MS = 40;
const LEAST_MS = 3_000;
const LAST_MS = 20_000;

type Sent = { readonly text: string; readonly at: number; answeredAt?: number; seenAt?: number };

/** Two browsers of Alice: one writes, the other one sees it. */
class Owner {
  readonly #writes: ScriptedBrowser;
  readonly #sees: ScriptedBrowser;
  readonly sent: Sent[] = [];
  readonly refused: string[] = [];
  #looked = 0;

  constructor(writes: ScriptedBrowser, sees: ScriptedBrowser) {
    this.#writes = writes;
    this.#sees = sees;
  }

  /** Writes until what is under way has ended, and for a while at least; answers with what was sent meanwhile. */
  async writeDuring(what: Promise<unknown>): Promise<readonly Sent[]> {
    const first = this.sent.length;
    const begun = performance.now();
    let over = false;
    const ended = what.finally(() => {
      over = true;
    });
    const answers: Promise<void>[] = [];
    while (!over || performance.now() - begun < LEAST_MS) {
      answers.push(this.#send());
      await sleep(EVERY_MS);
      this.#look();
    }
    await Promise.all([ended, ...answers]);
    for (const end = Date.now() + LAST_MS; Date.now() < end && this.unseen > 0; await sleep(10)) this.#look();
    return this.sent.slice(first);
  }

  get unseen(): number {
    return this.sent.filter(({ seenAt }) => seenAt === undefined).length;
  }

  async #send(): Promise<void> {
    const sent: Sent = { text: `owner ${this.sent.length}`, at: performance.now() };
    this.sent.push(sent);
    const answer = await this.#writes.send(BOB_JID, { kind: "clear", text: sent.text, exposed: false });
    if (answer.ok) sent.answeredAt = performance.now();
    else this.refused.push(answer.error.kind);
  }

  #look(): void {
    const now = performance.now();
    for (; this.#looked < this.#sees.entries.length; this.#looked += 1) {
      const text = textOf(this.#sees.entries[this.#looked]);
      const sent = text === undefined ? undefined : this.sent.find((one) => one.text === text && !one.seenAt);
      if (sent) sent.seenAt = now;
    }
  }
}

/** Its own stack: with a component, large stanzas, and a roster that was there before. */
export async function measureSiege(): Promise<string> {
  const stack = await startStack({
    name: "bench-siege",
    basePort: BASE_PORT,
    endpoint: "starttls",
    ...PLAIN,
    xmppConfig: [
      `component_ports = { ${COMPONENT_PORT} }`,
      "component_stanza_size_limit = 32 * 1024 * 1024",
      `Component "${DOMAIN}"`,
      `  component_secret = "${SECRET}"`,
    ].join("\n"),
  });
  try {
    return await besiege(stack);
  } finally {
    await stack.stop();
  }
}

async function besiege(stack: Stack): Promise<string> {
  const component = await Component.open(COMPONENT_PORT, DOMAIN, SECRET);
  const [writes, sees] = [await attached(stack), await attached(stack)];
  const bob = await RawClient.signIn(stack.xmpp.endpoints.ws, BOB);
  const owner = new Owner(writes, sees);
  const lines: string[][] = [
    ["while", "sends", "answer: median", "95 %", "most", "other browser: median", "95 %", "most"],
  ];
  const during = async (name: string, what: () => Promise<unknown>) => {
    const begun = performance.now();
    lines.push([name, ...cellsOf(await owner.writeDuring(what()))]);
    // A siege takes minutes; whoever waits sees how far it is, and what it has come to if it ends here.
    process.stderr.write(`${lines.at(-1)?.join("  ")}  (${Math.round(performance.now() - begun)} ms)\n`);
  };
  let said = 0;
  const bobSays = setInterval(() => {
    bob.say(ALICE_JID, `bob ${said}`);
    said += 1;
  }, 200);
  try {
    await during("nothing else", () => sleep(5_000));
    await during(`${PASSWORDS} wrong passwords`, () => wrongPasswords(stack));
    await during(`${SOCKETS} sockets with a copied cookie`, () => copiedCookie(stack, sees));
    await during("a stanza of 10 MB", () => component.message("eve", ALICE_JID, "big", body("x".repeat(10_000_000))));
    await during("a stanza 100,000 deep", () =>
      component.message("eve", ALICE_JID, "deep", `${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`),
    );
    const open = component.ended ? await Component.open(COMPONENT_PORT, DOMAIN, SECRET) : component;
    await during(`${STRANGERS} strangers`, () => strangers(open));
    await during(`a room of ${OCCUPANTS}`, () => enter(open, writes));
    await during(`a roster of ${ROSTER}, after the server was away`, () => bigRoster(stack, writes));
    const again = await Component.open(COMPONENT_PORT, DOMAIN, SECRET);
    await during(`20 device lists of ${DEVICES}`, () => deviceLists(again));
    again.close();
  } finally {
    clearInterval(bobSays);
  }
  await bob.sync();
  const bobsTexts = Array.from({ length: said }, (_, n) => `bob ${n}`);
  const lost = () => {
    const seen = new Set(sees.entries.map(textOf));
    return bobsTexts.filter((text) => !seen.has(text)).length;
  };
  for (const end = Date.now() + LAST_MS; Date.now() < end && lost() > 0; ) await sleep(100);
  const texts = sees.entries.flatMap((entry) => textOf(entry) ?? []);
  const own = texts.filter((text) => /^(?:owner|bob) /.test(text));
  const [size] = await stack.objectRows(
    ALICE_JID,
    "select count(*) as n from entries where kind = 'message' and chat like '%@siege.localhost'",
  );
  bob.close();
  return [
    table(lines),
    `The owner sent ${owner.sent.length}, refused ${owner.refused.length}, not seen by the other browser ${owner.unseen}; ` +
      `of ${said} by a contact ${lost()} are missing; twice ${own.length - new Set(own).size}.`,
    `Messages of strangers in the log: ${String(size?.["n"])} of ${STRANGERS}.`,
  ].join("\n");
}

async function attached(stack: Stack): Promise<ScriptedBrowser> {
  const browser = new ScriptedBrowser(stack.url);
  const result = await browser.signIn(ALICE_JID, ALICE.password);
  if (!result.ok) throw new Error(`sign-in: ${result.error.kind}`);
  await browser.attach();
  await browser.live();
  return browser;
}

/** Somebody at a network address of their own. */
class Thief extends ScriptedBrowser {
  readonly #address: string;

  constructor(url: string, address: string) {
    super(url);
    this.#address = address;
  }

  override post<T>(path: string, args: unknown, headers: Record<string, string> = {}): Promise<Result<T>> {
    return super.post(path, args, { ...headers, "cf-connecting-ip": this.#address });
  }
}

async function wrongPasswords(stack: Stack): Promise<void> {
  await inParallel(PASSWORDS, async (n) => {
    await new Thief(stack.url, `192.0.2.${n % 50}`).signIn(ALICE_JID, `guess ${n}`);
  });
}

/** As bare requests to upgrade: the answer is all that counts. */
async function copiedCookie(stack: Stack, owner: ScriptedBrowser): Promise<void> {
  const headers = {
    ...owner.headers,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  await inParallel(SOCKETS, (n) => {
    const asked = request(`${stack.url}/api/live?epoch=&since=${n}&at=`, { headers, agent: false, timeout: 5_000 });
    return new Promise((resolve, reject) => {
      asked.on("response", (answer) => answer.resume().on("end", resolve));
      asked.on("upgrade", () => reject(new Error("a copied cookie was let in")));
      asked.on("timeout", () => asked.destroy());
      asked.on("error", () => resolve());
      asked.end();
    });
  });
}

async function strangers(component: Component): Promise<void> {
  for (let n = 0; n < STRANGERS; n += 1) await component.message(`x${n}`, ALICE_JID, `s${n}`, body(`buy ${n}`));
}

async function enter(component: Component, browser: ScriptedBrowser): Promise<void> {
  component.occupants = OCCUPANTS;
  await browser.call("room", { jid: `big@${DOMAIN}` as BareJid, action: "join", nick: "alice" });
}

/** Prosody reads a roster when somebody signs in; the object's next stream is given it whole. */
async function bigRoster(stack: Stack, browser: ScriptedBrowser): Promise<void> {
  await stack.xmpp.stop();
  const path = join(stack.xmpp.state, "data/localhost/roster/alice.dat");
  const before = await readFile(path, "utf8");
  const items = Array.from(
    { length: ROSTER },
    (_, n) => `  ["${n === 0 ? EVE : `friend${n}@${DOMAIN}`}"] = { subscription = "both", groups = {} },\n`,
  );
  await writeFile(path, before.replace(/\};?\s*$/, `${items.join("")}};\n`));
  await stack.xmpp.start();
  await browser.call("reconnect", {});
  await browser.until(() => browser.link?.state === "live" && browser.link.caughtUp, LAST_MS);
}

async function deviceLists(component: Component): Promise<void> {
  const devices = Array.from({ length: DEVICES }, (_, n) => `<device id='${n + 1}'/>`).join("");
  for (let n = 0; n < 20; n += 1) {
    await component.write(
      `<message from='${EVE}' to='${ALICE_JID}' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='eu.siacs.conversations.axolotl.devicelist'><item id='current'><list xmlns='eu.siacs.conversations.axolotl'>${devices}</list></item></items></event></message>`,
    );
  }
}

async function inParallel(count: number, job: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await job(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

const body = (text: string) => `<body>${text}</body>`;

function textOf(entry: Entry | undefined): string | undefined {
  return entry?.kind === "message" && entry.content.kind === "clear" ? entry.content.text : undefined;
}

function cellsOf(sent: readonly Sent[]): readonly string[] {
  const answers = sent.flatMap(({ at, answeredAt }) => (answeredAt === undefined ? [] : [answeredAt - at]));
  const seen = sent.flatMap(({ at, seenAt }) => (seenAt === undefined ? [] : [seenAt - at]));
  const cells = (samples: readonly number[]) =>
    [0.5, 0.95, 1].map((part) => `${quantile(samples, part).toFixed(0)} ms`);
  return [`${sent.length}`, ...cells(answers), ...cells(seen)];
}
