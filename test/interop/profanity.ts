/**
 * Bob uses Profanity, which is driven through a terminal as a person does: keys go in, the screen is read. Outside
 * `npm test`: a terminal tells by its picture alone when it is done.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, BOB, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";

const run = promisify(execFile);
const WITHIN_MS = 30_000;
const DEVICE_LIST = "eu.siacs.conversations.axolotl.devicelist";

class Profanity {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<Profanity> {
    const folder = await mkdtemp(join(tmpdir(), "alcove-profanity-"));
    const profanity = new Profanity(folder);
    // A home of its own: keys and settings of the person at this machine are left alone.
    const command = `env HOME=${folder} XDG_CONFIG_HOME=${folder}/config XDG_DATA_HOME=${folder}/data LC_ALL=C.UTF-8 profanity`;
    await profanity.#tmux("-f", "/dev/null", "new-session", "-d", "-x", "160", "-y", "50", command);
    await profanity.shows(/Profanity/);
    return profanity;
  }

  async types(line: string): Promise<void> {
    await this.#tmux("send-keys", "-l", line);
    await this.#tmux("send-keys", "Enter");
  }

  async shows(pattern: RegExp): Promise<void> {
    const look = async () => pattern.test(await this.screen());
    await until(`Profanity shows ${pattern}`, look, { withinMs: WITHIN_MS, describe: () => this.screen() });
  }

  async screen(): Promise<string> {
    return this.#tmux("capture-pane", "-p");
  }

  async close(): Promise<void> {
    await this.#tmux("kill-server");
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    return (await run("tmux", ["-S", join(this.#folder, "tmux"), ...args])).stdout;
  }
}

/** On Prosody 0.12 Profanity 0.13 waits for an error of former times before it makes its list: there is one already. */
async function makeDeviceList(url: string): Promise<void> {
  const client = await PlainClient.signIn(url, BOB.name, BOB.password);
  client.send(
    `<iq xmlns='jabber:client' type='set' id='list'><pubsub xmlns='http://jabber.org/protocol/pubsub'>` +
      `<publish node='${DEVICE_LIST}'><item id='current'><list xmlns='eu.siacs.conversations.axolotl'/></item></publish>` +
      `</pubsub></iq>`,
  );
  await client.until("list");
  client.close();
}

const stack = await startStack({ name: "profanity", endpoint: "starttls", start: startDevWorker });
let bob: Profanity | undefined;
let alice: Person | undefined;
try {
  await makeDeviceList(stack.xmpp.endpoints.ws);
  bob = await Profanity.start();
  const port = new URL(stack.xmpp.endpoints.starttls).port;
  await bob.types(`/connect ${BOB.name}@localhost server 127.0.0.1 port ${port} tls trust`);
  await bob.shows(/password/i);
  await bob.types(BOB.password);
  await bob.shows(/logged in/i);
  await bob.types("/omemo gen");
  await bob.shows(/generated|Generat/);
  await bob.types("/omemo trustmode blind");
  alice = await Person.open(stack, { called: "alice" });
  await alice.signIn(ALICE);
  await alice.openChat("bob");
  await alice.isEncryption("ready", "on");
  await alice.send("from Alcove to Profanity");
  await bob.types("/msg alice@localhost");
  await bob.types("/omemo start");
  await bob.shows(/from Alcove to Profanity/);
  await bob.types("from Profanity to Alcove");
  const seen = await alice.sees("from Profanity to Alcove");
  assert.equal(seen.encrypted, true, "it came encrypted");
  await alice.send("and back again");
  await bob.shows(/and back again/);
  process.stdout.write("Alcove and Profanity read each other, encrypted both ways.\n");
} finally {
  await bob?.close();
  await alice?.close();
  await stack.stop();
}
