/**
 * Everything an end-to-end test needs, on loopback: one Prosody and one Worker with its objects in real workerd, each
 * with a state of its own that ends with the test.
 */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RESTING } from "../durable/connection/resting.ts";
import "../tools/end-with-signals.ts";
import { type DevWorker, type DevWorkerOptions, startDevWorker } from "../tools/dev-worker.ts";
import { inProject } from "../tools/project.ts";
import { BUNDLE_VARIABLE, bundleWorker } from "../tools/worker-bundle.ts";
import { ONE_REQUEST } from "./one-request.ts";
import { startPlainWorker } from "./plain-worker.ts";
import { claimPorts } from "./xmpp-server/ports.ts";
import { startXmppServer, type XmppServer } from "./xmpp-server/prosody.ts";
import type { Account } from "./xmpp-server/accounts.ts";

const SECRET_BYTES = 32;
const TEST_ENTRY = "test/plain-entry.ts";

export type StackOptions = {
  /** For the name of the temporary folder. */
  readonly name: string;
  /** The first of five ports: STARTTLS, direct TLS, HTTP of the XMPP server; page, inspector. Default: `claimPorts`. */
  readonly basePort?: number;
  /** How the Worker reaches the XMPP server. */
  readonly endpoint: "starttls" | "tls" | "ws";
  /** Default: alice (`wonderland`) and bob (`builder`). */
  readonly accounts?: readonly Account[];
  /** All accounts are mutual contacts, or those of these names. Default: all. */
  readonly friends?: boolean | readonly string[];
  /** Module the Worker starts from, within the project. Default: `test/plain-entry.ts`, the real one and a way to reset objects. */
  readonly entry?: string;
  /**
   * How the Worker is started. Default: in workerd alone, which is there at once and serves the page as it lies on the disk, with
   * its headers. What is about that is given `startDevWorker` (`wrangler dev`), whose asset server is that of a deployment; so
   * is what has an `entry` of its own, which knows of no page.
   */
  readonly start?: (options: DevWorkerOptions) => Promise<DevWorker>;
  /** Folder of a built page. Default: `dist/web`. */
  readonly page?: () => Promise<string>;
  /** Pages that are opened are those of another release, which nobody can mend any more: axe does not look at them. */
  readonly olderPages?: true;
  /** Global lines of Prosody configuration. */
  readonly xmppConfig?: string;
  /** Prosody modules to leave out. */
  readonly withoutModules?: readonly string[];
  /** Prosody modules beside those of every test. */
  readonly withModules?: readonly string[];
  /** Variables in place of those in wrangler.toml, e.g. another `XMPP_ENDPOINTS`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** PEM files of further authorities to trust. */
  readonly authorities?: readonly string[];
};

export interface Stack {
  /** Origin of the page, `http://localhost:<port>`; the same after every restart. */
  readonly url: string;
  readonly xmpp: XmppServer;
  /** File with what the Worker printed. */
  readonly workerLog: string;
  /** File with NAME_SECRET and COOKIE_SECRET, a line each. */
  readonly secrets: string;
  /** Ends the Worker in order. */
  stopWorker(): Promise<void>;
  /** SIGKILL to wrangler and every workerd at once. */
  killWorker(): Promise<void>;
  /** Again, on the same databases. */
  startWorker(): Promise<void>;
  /** `killWorker`, then `startWorker`. */
  restartWorker(): Promise<void>;
  /** Makes an account's object lose its memory and sockets (`ctx.abort()`), as a crash would. Needs `test/entry.ts`. */
  resetObject(bareJid: string): Promise<void>;
  /** When the object's alarm rings, milliseconds since 1970; undefined where none is armed. */
  objectAlarm(bareJid: string): Promise<number | undefined>;
  /** Lets the object's alarm ring now. False where none is armed: then nothing happens. */
  ringAlarm(bareJid: string): Promise<boolean>;
  /** The object's alarm is gone, as after six failures in a row; its memory is, too. */
  loseAlarm(bareJid: string): Promise<void>;
  /** The object's alarm rings by itself after so many milliseconds. False where none is armed: then nothing happens. */
  hurryAlarm(bareJid: string, milliseconds: number): Promise<boolean>;
  /** Names one life of the object in memory; asking wakes it. */
  objectLife(bareJid: string): Promise<string>;
  /** Sets the clock of the Worker and all objects this far ahead. */
  setClock(aheadMs: number): Promise<void>;
  /** How long it takes until a hidden page lets its account rest, and so on (`durable/connection/resting.ts`). */
  setResting(times: Partial<typeof RESTING>): Promise<void>;
  /** How long a stream stays after the last browser has left. */
  setGrace(milliseconds: number): Promise<void>;
  /** How long a resumed stream may take to answer (`durable/link/management/proving.ts`); a killed Worker forgets it. */
  setProving(withinMs: number): Promise<void>;
  /** Every object says from its next `hello` on that it speaks this contract. */
  setContract(contract: number): Promise<void>;
  /** Rows of a query on the object's own tables. */
  objectRows(bareJid: string, query: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Paths of the objects' SQLite files, write-ahead logs included. */
  objectDatabases(): Promise<readonly string[]>;
  /** Ends everything and removes the state. `ALCOVE_KEEP=1` keeps the folder and prints where it is. */
  stop(): Promise<void>;
}

export const ALICE = { name: "alice", password: "wonderland" } as const;
export const BOB = { name: "bob", password: "builder" } as const;

/** @throws when something it needs is missing, a port is taken or a part does not start. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const basePort = options.basePort ?? (await claimPorts());
  const state = await mkdtemp(join(tmpdir(), `alcove-${options.name}-`));
  const persist = join(state, "worker");
  const secrets = join(state, "secrets.env");
  await mkdir(persist);
  await writeFile(secrets, `NAME_SECRET=${secret()}\nCOOKIE_SECRET=${secret()}\n`, { mode: 0o600 });

  const [server, bundling] = await Promise.allSettled([
    startXmppServer({
      state: join(state, "xmpp"),
      basePort,
      accounts: options.accounts ?? [ALICE, BOB],
      friends: options.friends ?? true,
      config: options.xmppConfig ?? "",
      withoutModules: options.withoutModules ?? [],
      withModules: options.withModules ?? [],
    }),
    bundleOf(options.entry ?? TEST_ENTRY, join(state, "bundle")),
  ]);
  const abandon = async (reason: unknown): Promise<never> => {
    if (server.status === "fulfilled") await server.value.stop();
    await rm(state, { recursive: true, force: true });
    throw reason;
  };
  if (server.status === "rejected") return abandon(server.reason);
  if (bundling.status === "rejected") return abandon(bundling.reason);
  const xmpp = server.value;
  const bundle = bundling.value;
  const endpoint = xmpp.endpoints[options.endpoint];

  const page = await options.page?.().catch(abandon);

  const start = options.start ?? (options.entry === undefined ? startPlainWorker : startDevWorker);
  const launch = (): Promise<DevWorker> =>
    start({
      port: basePort + 3,
      inspectorPort: basePort + 4,
      persist,
      secrets,
      variables: {
        XMPP_ENDPOINTS: JSON.stringify({ [xmpp.domain]: endpoint }),
        ALLOWED_DOMAINS: "*",
        ...options.variables,
      },
      authorities: [xmpp.ca, ...(options.authorities ?? [])],
      bundle,
      page,
    });
  let worker = await launch().catch(abandon);

  const startWorker = async () => {
    worker = await launch();
  };
  const ask = async <T>(what: string, bareJid: string, body?: string): Promise<T> => {
    const url = `${worker.url}/api/test/${what}?account=${encodeURIComponent(bareJid)}`;
    const reply = await fetch(url, { method: "POST", body: body ?? null, headers: ONE_REQUEST });
    if (!reply.ok) throw new Error(`${what}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as T;
  };
  const killWorker = () => worker.group.kill();
  return {
    url: worker.url,
    xmpp,
    workerLog: worker.log,
    secrets,
    stopWorker: () => worker.group.stop(),
    killWorker,
    startWorker,
    restartWorker: async () => {
      await killWorker();
      await startWorker();
    },
    resetObject: async (bareJid) => {
      const { reset } = await ask<{ reset: boolean }>("reset", bareJid);
      if (!reset) throw new Error(`The object of ${bareJid} was not reset.`);
    },
    objectAlarm: async (bareJid) => (await ask<{ alarm: number | null }>("alarm", bareJid)).alarm ?? undefined,
    ringAlarm: async (bareJid) => (await ask<{ rang: boolean }>("ring", bareJid)).rang,
    loseAlarm: async (bareJid) => {
      await ask("lose-alarm", bareJid);
      await ask("reset", bareJid);
      await ask("lose-alarm", bareJid);
    },
    hurryAlarm: async (bareJid, milliseconds) =>
      (await ask<{ armed: boolean }>("hurry", bareJid, String(milliseconds))).armed,
    objectLife: async (bareJid) => (await ask<{ life: string }>("life", bareJid)).life,
    setClock: async (aheadMs) => {
      await ask("clock", "clock@localhost", String(aheadMs));
    },
    setResting: async (times) => {
      await ask("resting", "clock@localhost", JSON.stringify(times));
    },
    setGrace: async (milliseconds) => {
      await ask("grace", "clock@localhost", String(milliseconds));
    },
    setProving: async (withinMs) => {
      await ask("proving", "clock@localhost", String(withinMs));
    },
    setContract: async (contract) => {
      await ask("contract", "clock@localhost", String(contract));
    },
    objectRows: async (bareJid, query) =>
      (await ask<{ rows: readonly Readonly<Record<string, unknown>>[] }>("rows", bareJid, query)).rows,
    objectDatabases: () => databasesIn(persist),
    stop: async () => {
      // Nothing of it is kept, and workerd would wait for every socket that is open.
      await worker.group.kill();
      await xmpp.stop();
      if (process.env["ALCOVE_KEEP"] === "1") console.error(`Kept: ${state}`);
      else await rm(state, { recursive: true, force: true });
    },
  };
}

/** One bundle serves a whole run of `npm test`. A file that is run by itself makes its own, of the source as it is. */
async function bundleOf(entry: string, folder: string): Promise<string> {
  const made = process.env[BUNDLE_VARIABLE];
  return made !== undefined && entry === TEST_ENTRY ? made : bundleWorker(inProject(entry), folder);
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

async function databasesIn(persist: string): Promise<readonly string[]> {
  const files = await readdir(persist, { recursive: true });
  return files.filter((file) => /\.sqlite(-wal)?$/.test(file)).map((file) => join(persist, file));
}
