/**
 * One Prosody on loopback: for tests, which pause, kill and restart it, and for the demo of `npm start`. Its state is a
 * folder; starting again on the same folder is the same server with the same accounts and archive.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PATIENCE_MS } from "../e2e/waiting.ts";
import { ONE_REQUEST } from "../one-request.ts";
import { type Account, replacePassword, writeAccount, writeFriendships } from "./accounts.ts";
import { issueCertificate, makeAuthority } from "./certificates.ts";
import { busyPorts } from "./ports.ts";

/** It writes files when it ends; killed in the middle it would have lost some. */
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** It answers nothing while it is paused: nobody waits for that without an end. */
const ANSWER_TIMEOUT_MS = 20_000;
const HERE = fileURLToPath(new URL(".", import.meta.url));

export type XmppServerOptions = {
  /** Folder of everything it keeps; made if missing. */
  readonly state: string;
  /** STARTTLS; + 1 is direct TLS, + 2 is HTTP (WebSocket, upload, sessions). */
  readonly basePort: number;
  readonly accounts: readonly Account[];
  /** All accounts are mutual contacts, or those of these names. */
  readonly friends?: boolean | readonly string[];
  /** Global lines of Prosody configuration, e.g. `disable_sasl_mechanisms = { "SCRAM-SHA-1" }`. */
  readonly config?: string;
  /** Modules to leave out, e.g. `["pep"]`. */
  readonly withoutModules?: readonly string[];
  /** Modules beside them, e.g. `["register_ibr"]`. */
  readonly withModules?: readonly string[];
  /** How Prosody is started, where it is not on the PATH (a container engine). */
  readonly command?: XmppServerCommand;
};

/** Turns the environment Prosody shall see into a command line; it must stay in the foreground. */
export type XmppServerCommand = (settings: {
  readonly environment: Readonly<Record<string, string>>;
  readonly configFile: string;
  /** Folders it reads or writes, at the same path inside. */
  readonly folders: { readonly state: string; readonly project: string };
  readonly ports: readonly number[];
}) => { readonly file: string; readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> };

type Endpoints = { readonly starttls: string; readonly tls: string; readonly ws: string };

/** Control of one server. Every promise settles when the thing is done, not when it was asked for. */
export interface XmppServer {
  readonly domain: "localhost";
  readonly endpoints: Endpoints;
  /** Origin of its own modules (`modules/`). */
  readonly http: string;
  /** PEM certificate of the authority that signed the server's. */
  readonly ca: string;
  readonly state: string;
  /** Process id while it runs. */
  pid(): number | undefined;
  /** Freezes the process: its sockets stay open and answer nothing. */
  pause(): void;
  resume(): void;
  /** Ends it in order: streams are closed, files written. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Again, on the same state. */
  start(): Promise<void>;
  /** Settles when the process ends, for whatever reason. */
  ended(): Promise<void>;
  /** Full JIDs bound now, also those that wait to be resumed (XEP-0198). */
  sessions(bareJid: string): Promise<readonly string[]>;
  /** How often a resource was bound for the account since the server started; resuming (XEP-0198) binds none. */
  binds(bareJid: string): Promise<number>;
  /** Makes another account; also while it runs. */
  register(name: string, password: string): Promise<void>;
  /** Takes effect at the next start. */
  setPassword(name: string, password: string): Promise<void>;
}

/**
 * Makes certificates, accounts and rosters where they are missing, starts Prosody and waits until it answers.
 * @throws when Prosody or openssl is missing, a port is taken, or it does not answer.
 */
export async function startXmppServer(options: XmppServerOptions): Promise<XmppServer> {
  const { state, basePort } = options;
  const ca = await prepareState(options);
  let child: ChildProcess | undefined;

  const signal = (name: NodeJS.Signals) => child?.kill(name);
  const killWithParent = () => void signal("SIGKILL");

  const end = async (name: NodeJS.Signals): Promise<void> => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exit = once(running, "exit");
    running.kill("SIGCONT");
    running.kill(name);
    const timer = setTimeout(() => running.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(timer);
  };

  const start = async (): Promise<void> => {
    const taken = await busyPorts(portsOf(basePort));
    if (taken.length > 0) throw new Error(`Port ${taken.join(", ")} is taken by another program.`);
    child = launch(options);
    process.once("exit", killWithParent);
    child.once("exit", () => process.off("exit", killWithParent));
    await answering(child, basePort, state);
  };

  await start();
  return {
    domain: "localhost",
    endpoints: {
      starttls: `starttls://localhost:${basePort}`,
      tls: `tls://localhost:${basePort + 1}`,
      ws: `ws://localhost:${basePort + 2}/xmpp-websocket`,
    },
    http: `http://localhost:${basePort + 2}`,
    ca,
    state,
    pid: () => (child?.exitCode === null && child.signalCode === null ? child.pid : undefined),
    pause: () => void signal("SIGSTOP"),
    resume: () => void signal("SIGCONT"),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    start,
    ended: async () => {
      if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
    sessions: async (bareJid) => {
      const all = await boundSessions(basePort);
      return all.filter((jid) => jid.startsWith(`${bareJid}/`));
    },
    binds: async (bareJid) => {
      const all = await boundSessions(basePort, "/sessions/binds");
      return all.filter((jid) => jid.startsWith(`${bareJid}/`)).length;
    },
    register: (name, password) => writeAccount(state, { name, password }),
    setPassword: (name, password) => replacePassword(state, { name, password }),
  };
}

/** Ports one server takes: STARTTLS, direct TLS, HTTP. */
export function portsOf(basePort: number): readonly number[] {
  return [basePort, basePort + 1, basePort + 2];
}

async function prepareState(options: XmppServerOptions): Promise<string> {
  const { state, accounts } = options;
  const certs = join(state, "certs");
  await mkdir(join(state, "data"), { recursive: true });
  const ca = join(certs, "ca.crt");
  const known = await stat(join(certs, "localhost.crt")).then(
    () => true,
    () => false,
  );
  if (!known) {
    const authority = await makeAuthority(certs);
    const names = ["localhost", "conference.localhost", "upload.localhost"];
    await issueCertificate(authority, { folder: certs, file: "localhost", names });
  }
  for (const account of accounts) await writeAccount(state, account);
  const { friends = false } = options;
  const isFriend = ({ name }: Account) => (typeof friends === "boolean" ? friends : friends.includes(name));
  await writeFriendships(state, accounts.filter(isFriend));
  await writeFile(join(state, "extra.cfg.lua"), `${options.config ?? ""}\n`);
  return ca;
}

function launch(options: XmppServerOptions): ChildProcess {
  const configFile = join(HERE, "prosody.cfg.lua");
  const environment = {
    XMPP_STATE: options.state,
    XMPP_PORT: `${options.basePort}`,
    XMPP_PLUGINS: join(HERE, "modules"),
    XMPP_WITHOUT: (options.withoutModules ?? []).join(" "),
    XMPP_WITH: (options.withModules ?? []).join(" "),
  };
  const command = (options.command ?? onPath)({
    environment,
    configFile,
    folders: { state: options.state, project: HERE },
    ports: portsOf(options.basePort),
  });
  // A group of its own: Ctrl-C in the terminal reaches whoever started it, and that one stops it in order.
  return spawn(command.file, command.args, {
    stdio: ["ignore", "ignore", "ignore"],
    env: { ...process.env, ...command.env },
    detached: true,
  });
}

const onPath: XmppServerCommand = ({ environment, configFile }) => ({
  file: "prosody",
  args: ["-F", "--config", configFile],
  env: environment,
});

/** Waits for our own module to answer: that is this server and not another one on the same port. */
async function answering(child: ChildProcess, basePort: number, state: string): Promise<void> {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = new Error(`Prosody cannot be started: ${error.message}`);
  });
  child.once("exit", (code, signal) => {
    failure ??= new Error(`Prosody ended at once (${signal ?? code}).`);
  });
  const deadline = Date.now() + PATIENCE_MS;
  while (failure === undefined && Date.now() < deadline) {
    const ready = await boundSessions(basePort).then(
      () => true,
      () => false,
    );
    if (ready && (await busyPorts(portsOf(basePort))).length === portsOf(basePort).length) return;
    await sleep(POLL_MS);
  }
  child.kill("SIGKILL");
  const log = await readFile(join(state, "prosody.log"), "utf8").catch(() => "");
  const last = log.trim().split("\n").slice(-8).join("\n");
  throw failure === undefined
    ? new Error(`Prosody does not answer.\n${last}`)
    : new Error(`${failure.message}\n${last}`);
}

async function boundSessions(basePort: number, path = "/sessions"): Promise<readonly string[]> {
  const reply = await fetch(`http://127.0.0.1:${basePort + 2}${path}`, {
    headers: { ...ONE_REQUEST, host: `localhost:${basePort + 2}` },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (!reply.ok) throw new Error(`The server's list of sessions: ${reply.status}`);
  return (await reply.text()).split("\n").filter((line) => line !== "");
}
