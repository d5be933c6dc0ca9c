/** A thread of its own for whoever attacks, so that what it works is not what the owner waits for. */
import { request } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { ScriptedBrowser } from "../../scripted-browser.ts";
import { Component } from "./component.ts";

export const AMOUNTS = {
  passwords: 200,
  sockets: 1_000,
  bytes: 10_000_000,
  /** Prosody's own stack ends somewhere above: it drops what is 100,000 deep. One of those is in `guard.test.ts`. */
  depth: 20_000,
  deep: 5,
  strangers: 2_000,
  occupants: 5_000,
  contacts: 10_000,
  devices: 5_000,
  lists: 20,
} as const;

export type Target = {
  readonly url: string;
  readonly account: BareJid;
  /** What the account's own browser sends with each request: a thief has copied it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly component: { readonly port: number; readonly domain: string; readonly secret: string };
};

/** What this thread does; the rest happens at the server (`siege.ts`). */
export type Attack = "passwords" | "sockets" | "big" | "deep" | "strangers" | "devices" | "room";

const AT_ONCE = 10;
const ANSWER_MS = 10_000;
const NS_EVENT = "http://jabber.org/protocol/pubsub#event";
const NS_OMEMO = "eu.siacs.conversations.axolotl";

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

class Attacker {
  readonly #target: Target;
  #component: Component | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Answers, when whoever was attacked has been told everything, with what became of it. */
  async attack(attack: Attack): Promise<string> {
    switch (attack) {
      case "passwords":
        return this.#passwords();
      case "sockets":
        return this.#sockets();
      case "big":
        return this.#big();
      case "deep":
        return this.#deep();
      case "strangers":
        return this.#strangers();
      case "devices":
        return this.#devices();
      case "room":
        // It waits for its guest.
        (await this.#open()).occupants = AMOUNTS.occupants;
        return "";
    }
  }

  close(): void {
    this.#component?.close();
  }

  async #passwords(): Promise<string> {
    const answers = await inParallel(AMOUNTS.passwords, async (n) => {
      const thief = new Thief(this.#target.url, `192.0.2.${n % 50}`);
      const answer = await thief.signIn(this.#target.account, `guess ${n}`);
      return answer.ok ? "let in" : answer.error.kind;
    });
    return counted(answers);
  }

  /** As bare requests to upgrade: the answer is all that counts. */
  async #sockets(): Promise<string> {
    const { url, headers } = this.#target;
    const answers = await inParallel(AMOUNTS.sockets, (n) =>
      answerTo(`${url}/api/live?epoch=&since=${n}&at=`, headers),
    );
    return counted(answers);
  }

  async #big(): Promise<string> {
    const component = await this.#open();
    await component.message("eve", this.#target.account, "big", body("x".repeat(AMOUNTS.bytes)));
    return component.sync();
  }

  async #deep(): Promise<string> {
    const component = await this.#open();
    const inside = "<a>".repeat(AMOUNTS.depth) + "</a>".repeat(AMOUNTS.depth);
    for (let n = 0; n < AMOUNTS.deep; n += 1)
      await component.message("mallory", this.#target.account, `deep${n}`, inside);
    return component.sync();
  }

  async #strangers(): Promise<string> {
    const component = await this.#open();
    for (let n = 0; n < AMOUNTS.strangers; n += 1)
      await component.message(`x${n}`, this.#target.account, `s${n}`, body(`buy ${n}`));
    return component.sync();
  }

  /** Of a contact, over and over: each list is another one. */
  async #devices(): Promise<string> {
    const component = await this.#open();
    for (let list = 0; list < AMOUNTS.lists; list += 1) {
      const devices = Array.from({ length: AMOUNTS.devices }, (_, n) => `<device id='${n + 1 + list}'/>`).join("");
      const items = `<items node='${NS_OMEMO}.devicelist'><item id='current'><list xmlns='${NS_OMEMO}'>${devices}</list></item></items>`;
      await component.write(
        `<message from='eve@${this.#target.component.domain}' to='${this.#target.account}' type='headline'><event xmlns='${NS_EVENT}'>${items}</event></message>`,
      );
    }
    return component.sync();
  }

  async #open(): Promise<Component> {
    const { port, domain, secret } = this.#target.component;
    if (this.#component === undefined || this.#component.ended)
      this.#component = await Component.open(port, domain, secret);
    return this.#component;
  }
}

function answerTo(url: string, own: Readonly<Record<string, string>>): Promise<string> {
  const headers = {
    ...own,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const asked = request(url, { headers, agent: false, timeout: ANSWER_MS });
  return new Promise((resolve) => {
    asked.on("response", (answer) => answer.resume().on("end", () => resolve(`HTTP ${answer.statusCode}`)));
    asked.on("upgrade", (_answer, socket) => {
      socket.destroy();
      resolve("let in");
    });
    asked.on("timeout", () => {
      asked.destroy();
      resolve("no answer");
    });
    asked.on("error", () => resolve("broken off"));
    asked.end();
  });
}

async function inParallel<T>(count: number, job: (n: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) results.push(await job(next++));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

function counted(words: readonly string[]): string {
  return [...new Set(words)].map((word) => `${word} ${words.filter((other) => other === word).length}`).join(", ");
}

const body = (text: string) => `<body>${text}</body>`;

const port = parentPort;
if (port) {
  const attacker = new Attacker(workerData as Target);
  port.on("message", (attack: Attack | "close") => {
    if (attack === "close") attacker.close();
    else
      void attacker.attack(attack).then(
        (became) => port.postMessage({ became }),
        (error: unknown) => port.postMessage({ became: String(error) }),
      );
  });
}
