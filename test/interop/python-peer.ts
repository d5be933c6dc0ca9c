/** Drives `omemo-client.py`: a contact (or another app of alice's own) whose OMEMO is not ours; or `plain-client.py`. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { PATIENCE_MS, patience } from "../e2e/waiting.ts";
import type { Stack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const LAST_EVENTS = 8;

/** What the client told; which fields are there depends on `event`. */
export type PeerEvent = {
  readonly event: string;
  readonly n?: number;
  readonly error?: string;
  readonly what?: string;
  readonly why?: string;
  readonly from?: string;
  readonly to?: string;
  readonly jid?: string;
  readonly text?: string;
  readonly id?: string;
  /** Of what was sent. */
  readonly ids?: readonly string[];
  /** The id of the message that this one corrects, or answers. */
  readonly replaces?: string;
  readonly reply?: string;
  /** The id of the message that was reacted to, or taken back. */
  readonly of?: string;
  readonly emojis?: readonly string[];
  /** What the sender wants to be told of it. */
  readonly asks?: readonly string[];
  readonly jids?: readonly string[];
  readonly encrypted?: boolean;
  readonly device?: number;
  readonly devices?: readonly number[];
  readonly fingerprint?: string;
  readonly xml?: string | null;
  /** Of the account's bookmarks (XEP-0402), by room: attributes, nickname and password, and what else stands there. */
  readonly bookmarks?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly errors?: readonly string[];
};

export type PeerOptions = {
  /** Name of the resource and of the device. Default: `python`. */
  readonly resource?: string;
  /** The number of a new device, which must not be on the list; default: any. */
  readonly device?: number;
  /** A client that knows nothing of OMEMO. */
  readonly withoutOmemo?: boolean;
  /** `plain-client.py`: everything by slixmpp's own code. */
  readonly plain?: boolean;
};

type Process = ChildProcessByStdio<Writable, Readable, null>;

export class PythonPeer {
  readonly jid: string;
  readonly events: PeerEvent[] = [];
  readonly #stack: Stack;
  readonly #account: Account;
  readonly #options: PeerOptions;
  readonly #folder: string;
  readonly #waiting = new Set<() => void>();
  #process: Process | undefined;
  #commands = 0;

  private constructor(stack: Stack, account: Account, options: PeerOptions, folder: string) {
    this.jid = `${account.name}@${stack.xmpp.domain}`;
    this.#stack = stack;
    this.#account = account;
    this.#options = options;
    this.#folder = folder;
  }

  /** Signs in with a device of its own; settles when that is published. */
  static async start(stack: Stack, account: Account, options: PeerOptions = {}): Promise<PythonPeer> {
    const folder = await mkdtemp(join(tmpdir(), `alcove-peer-${account.name}-`));
    const peer = new PythonPeer(stack, account, options, folder);
    await peer.signIn();
    return peer;
  }

  /** Comes back with the same device. */
  async signIn(): Promise<void> {
    const before = this.events.length;
    const port = new URL(this.#stack.xmpp.endpoints.starttls).port;
    const child = spawn(
      "/usr/bin/python3",
      [
        // No compiled copies beside the source.
        "-B",
        script(this.#options.plain === true ? "plain-client.py" : "omemo-client.py"),
        ...["--jid", this.jid, "--password", this.#account.password, "--port", port, "--ca", this.#stack.xmpp.ca],
        ...["--data", this.#folder, "--resource", this.#options.resource ?? "python"],
        ...(this.#options.device === undefined ? [] : ["--device", String(this.#options.device)]),
        ...(this.#options.withoutOmemo === true ? ["--without-omemo"] : []),
      ],
      { stdio: ["pipe", "pipe", process.env["ALCOVE_LOUD"] === "1" ? "inherit" : "ignore"] },
    ) as Process;
    this.#process = child;
    // A command to a client that has ended is told by the command itself.
    child.stdin.on("error", () => this.#wake());
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.events.push(JSON.parse(line) as PeerEvent);
      this.#wake();
    });
    child.once("exit", () => this.#wake());
    await this.until("is signed in", () => this.events.slice(before).some(({ event }) => event === "ready"));
  }

  /** Ends the client; its device stays in the list. */
  async signOut(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exit = once(child, "exit");
    child.stdin.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    await exit;
    clearTimeout(timer);
  }

  /** Ends the client and forgets its keys. */
  async close(): Promise<void> {
    await this.signOut();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get device(): number {
    return this.#ready.device ?? 0;
  }

  /** 64 hexadecimal digits. */
  get fingerprint(): string {
    return this.#ready.fingerprint ?? "";
  }

  get #ready(): PeerEvent {
    const ready = this.events.find(({ event }) => event === "ready");
    if (ready === undefined) throw new Error(`${this.jid} has not signed in`);
    return ready;
  }

  /** Sends a text encrypted for everybody's devices. */
  async send(to: string, text: string): Promise<void> {
    const { errors = [] } = await this.command("send", { to, text });
    if (errors.length > 0) throw new Error(`${this.jid} could not encrypt for all: ${errors.join("; ")}`);
  }

  /** Does what the client's own list of commands says. @throws with the client's words when it fails. */
  async command(what: string, args: Readonly<Record<string, string>> = {}): Promise<PeerEvent> {
    const n = ++this.#commands;
    this.#process?.stdin.write(`${JSON.stringify({ n, do: what, ...args })}\n`);
    const answer = await this.until(`has done ${what}`, () => this.events.find((event) => event.n === n));
    if (answer.event === "failed") throw new Error(`${this.jid}: ${what}: ${answer.error}`);
    return answer;
  }

  /** Texts that came in, in their order; with `from` only those of one account. */
  texts(from?: string): readonly string[] {
    return this.#messages(from).map(({ text = "" }) => text);
  }

  /** Waits for a decrypted text. */
  async reads(text: string, from?: string): Promise<void> {
    await this.until(`reads “${text}”`, () => this.texts(from).includes(text));
  }

  /** Whether every text came encrypted. */
  allEncrypted(): boolean {
    return this.#messages().every(({ encrypted }) => encrypted === true);
  }

  #messages(from?: string): readonly PeerEvent[] {
    return this.events.filter((event) => event.event === "message" && (from === undefined || event.from === from));
  }

  /** Waits for something among the events. @throws with the newest events when it does not come. */
  async until<T>(what: string, look: () => T | undefined | false, withinMs = patience()): Promise<T> {
    const end = Date.now() + withinMs;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      const left = end - Date.now();
      if (left <= 0) {
        const last = this.events.slice(-LAST_EVENTS).map((event) => JSON.stringify(event));
        throw new Error(`${this.jid} ${what}: not within ${withinMs} ms. Last events:\n${last.join("\n")}`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.#waiting.add(wake);
      });
    }
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
