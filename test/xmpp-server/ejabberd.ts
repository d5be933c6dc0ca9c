/**
 * One ejabberd on loopback, for what it does otherwise than Prosody: by default it stores the passwords themselves and draws
 * another salt for each sign-in. It is started without `ejabberdctl`, so that it needs no port mapper and no user of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findCommand } from "../../tools/provide.ts";
import type { Account } from "./accounts.ts";
import { issueCertificate, makeAuthority } from "./certificates.ts";
import { busyPorts } from "./ports.ts";

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const PORTS = 2;

export type EjabberdOptions = {
  /** Folder of everything it keeps; made if missing. */
  readonly state: string;
  /** STARTTLS; + 1 is HTTP (WebSocket). */
  readonly basePort: number;
  /** Its only domain; reached at `localhost`, and certified for that and for `names`. */
  readonly domain: string;
  readonly names?: readonly string[];
  readonly accounts: readonly Account[];
  /** Of the largest stanza that it takes over TCP; default: any. */
  readonly stanzaBytes?: number;
  /** Of the largest file that it takes (`mod_http_upload`); default: none. */
  readonly fileBytes?: number;
  /** Top-level lines of configuration, e.g. `auth_password_format: scram`. */
  readonly config?: string;
};

export interface Ejabberd {
  readonly endpoints: { readonly starttls: string; readonly ws: string };
  /** PEM certificate of the authority that signed the server's. */
  readonly ca: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Again, on the same state. */
  start(): Promise<void>;
}

/** @throws when ejabberd or openssl is missing, a port is taken, or it does not answer within three minutes. */
export async function startEjabberd(options: EjabberdOptions): Promise<Ejabberd> {
  const { basePort } = options;
  const ca = await prepareState(options);
  let child: ChildProcess | undefined;
  const killWithParent = () => void child?.kill("SIGKILL");

  const start = async (): Promise<void> => {
    const taken = await busyPorts(portsOf(basePort));
    if (taken.length > 0) throw new Error(`Port ${taken.join(", ")} is taken by another program.`);
    child = await launch(options);
    process.once("exit", killWithParent);
    await answering(child, options);
  };
  await start();
  return {
    endpoints: {
      starttls: `starttls://localhost:${basePort}`,
      ws: `ws://localhost:${basePort + 1}/ws`,
    },
    ca,
    start,
    kill: async () => {
      process.off("exit", killWithParent);
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const ended = Promise.race([once(running, "exit"), sleep(STOP_TIMEOUT_MS)]);
      running.kill("SIGKILL");
      await ended;
    },
  };
}

function portsOf(basePort: number): readonly number[] {
  return Array.from({ length: PORTS }, (_, at) => basePort + at);
}

async function prepareState({
  state,
  basePort,
  domain,
  names = [],
  stanzaBytes,
  fileBytes,
  config = "",
}: EjabberdOptions): Promise<string> {
  const certs = join(state, "certs");
  await mkdir(join(state, "database"), { recursive: true });
  const authority = await makeAuthority(certs);
  const files = await issueCertificate(authority, { folder: certs, file: "localhost", names: ["localhost", ...names] });
  const both = await Promise.all([readFile(files.certificate, "utf8"), readFile(files.key, "utf8")]);
  const pem = join(certs, "both.pem");
  await writeFile(pem, both.join(""), { mode: 0o600 });
  const [c2s, http] = portsOf(basePort);
  await writeFile(
    join(state, "ejabberd.yml"),
    `hosts: ["${domain}"]
loglevel: warning
certfiles: ["${pem}"]
auth_method: internal
listen:
  - {port: ${c2s}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, starttls_required: true, max_stanza_size: ${stanzaBytes ?? "infinity"}}
  - {port: ${http}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/ws: ejabberd_http_ws${fileBytes === undefined ? "" : ", /upload: mod_http_upload"}}}
modules:
  mod_caps: {}
  mod_carboncopy: {}
  mod_disco: {}
  mod_mam: {default: always, assume_mam_usage: true}
  mod_ping: {}
  mod_pubsub:
    plugins: [flat, pep]
    force_node_config:
      "eu.siacs.conversations.axolotl.*": {access_model: open}
  mod_roster: {}
  mod_stream_mgmt: {resend_on_timeout: if_offline}
${fileBytes === undefined ? "" : uploads(join(state, "files"), http, fileBytes)}${config}
`,
  );
  return authority.certificate;
}

function uploads(folder: string, port: number | undefined, bytes: number): string {
  return `  mod_http_upload: {access: all, docroot: "${folder}", put_url: "http://localhost:${port}/upload", max_size: ${bytes}}\n`;
}

/** Erlang, and the folder of the distribution's libraries for it: `ejabberdctl` names it. */
async function installed(): Promise<{ readonly erl: string; readonly libraries: string }> {
  const [erl, control] = [await findCommand("erl"), await findCommand("ejabberdctl")];
  if (erl === undefined || control === undefined) throw new Error("ejabberd is missing.");
  const [, libraries] = /^ERL_LIBS=["']([^"']+)["']/m.exec(await readFile(control, "utf8")) ?? [];
  return { erl, libraries: libraries ?? join(dirname(erl), "../lib") };
}

async function launch({ state, domain, accounts }: EjabberdOptions): Promise<ChildProcess> {
  const registered = accounts.map(
    ({ name, password }) => `ejabberd_auth:try_register(${binary(name)}, ${binary(domain)}, ${binary(password)})`,
  );
  const steps = ["{ok, _} = application:ensure_all_started(ejabberd)", ...registered, `io:format("ready~n")`];
  const { erl, libraries } = await installed();
  return spawn(erl, ["-noinput", "-mnesia", "dir", `"${join(state, "database")}"`, "-eval", `${steps.join(", ")}.`], {
    stdio: ["ignore", "ignore", "ignore"],
    env: {
      ...process.env,
      ERL_LIBS: libraries,
      ERL_CRASH_DUMP_BYTES: "0",
      HOME: state,
      EJABBERD_CONFIG_PATH: join(state, "ejabberd.yml"),
      EJABBERD_LOG_PATH: join(state, "ejabberd.log"),
    },
    cwd: state,
  });
}

/** The bytes of a text as Erlang writes them. */
function binary(text: string): string {
  return `<<${[...new TextEncoder().encode(text)].join(",")}>>`;
}

async function answering(child: ChildProcess, { state, basePort }: EjabberdOptions): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    if ((await busyPorts(portsOf(basePort))).length === PORTS) return;
    await sleep(POLL_MS);
  }
  child.kill("SIGKILL");
  const log = await readFile(join(state, "ejabberd.log"), "utf8").catch(() => "");
  throw new Error(`ejabberd does not answer.\n${log.trim().split("\n").slice(-8).join("\n")}`);
}
