/** The Worker and its objects in a real workerd on this machine, by `wrangler dev`. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessGroup, type Program, startGroup } from "./process-group.ts";
import { inProject, packaged, quietEnvironment, ROOT } from "./project.ts";

const START_TIMEOUT_MS = 180_000;
const POLL_MS = 50;
const ANSWER_TIMEOUT_MS = 10_000;
/** A runtime on one machine knows no jurisdictions, whatever a deployment's settings in wrangler.toml say. */
const HERE = { JURISDICTION: "none", LOCATION: "auto" } as const;

export type DevWorkerOptions = {
  readonly port: number;
  readonly inspectorPort: number;
  /** Folder of the objects' databases, logs and notes; made if missing. */
  readonly persist: string;
  /** File with lines `NAME=value`: NAME_SECRET and COOKIE_SECRET. */
  readonly secrets: string;
  /** Plain variables, in place of those in wrangler.toml. */
  readonly variables: Readonly<Record<string, string>>;
  /** PEM files of authorities to trust beside the public ones. */
  readonly authorities: readonly string[];
  /** Folder of a built page, in place of the one in wrangler.toml. */
  readonly page?: string | undefined;
  /** A bundle made before, run as it is; without it wrangler bundles the source and watches it. */
  readonly bundle?: string;
};

export type DevWorker = { readonly url: string; readonly log: string; readonly group: ProcessGroup };

/**
 * Starts it and waits until the page answers.
 * @throws with the last lines of its log when it ends or does not answer within three minutes.
 */
export async function startDevWorker(options: DevWorkerOptions): Promise<DevWorker> {
  await mkdir(options.persist, { recursive: true });
  return launchWorker(options, {
    ...packaged("wrangler", commandLine(options)),
    env: {
      ...quietEnvironment(options.persist),
      WRANGLER_CI_DISABLE_CONFIG_WATCHING: "true",
      NODE_EXTRA_CA_CERTS: await authoritiesFile(options),
    },
  });
}

/** A program that serves the Worker at `port`; waits and throws as `startDevWorker` does. */
export async function launchWorker(
  { persist, port }: Pick<DevWorkerOptions, "persist" | "port">,
  program: Pick<Program, "file" | "args" | "env">,
): Promise<DevWorker> {
  const log = join(persist, "worker.log");
  const group = await startGroup({ ...program, cwd: ROOT, log });
  const url = `http://localhost:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (group.running() && Date.now() < deadline) {
    if (await answers(url)) return { url, log, group };
    await sleep(POLL_MS);
  }
  await group.kill();
  throw new Error(`The Worker does not start:\n${await lastLines(log)}`);
}

function commandLine(options: DevWorkerOptions): readonly string[] {
  return [
    "dev",
    ...(options.bundle === undefined ? [] : [options.bundle, "--no-bundle"]),
    ...["--config", inProject("wrangler.toml"), "--local"],
    ...(options.page === undefined ? [] : ["--assets", options.page]),
    ...["--ip", "127.0.0.1", "--port", `${options.port}`, "--inspector-port", `${options.inspectorPort}`],
    ...["--persist-to", options.persist, "--env-file", options.secrets],
    ...["--show-interactive-dev-session=false", "--log-level", "warn"],
    ...Object.entries({ ...HERE, ...options.variables }).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
  ];
}

/** The runtime reads one file; what the person had set before stays trusted. */
async function authoritiesFile({ persist, authorities }: DevWorkerOptions): Promise<string | undefined> {
  const before = process.env["NODE_EXTRA_CA_CERTS"];
  if (authorities.length === 0) return before;
  const files = before === undefined || before === "" ? authorities : [before, ...authorities];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const path = join(persist, "authorities.pem");
  await writeFile(path, texts.join("\n"));
  return path;
}

async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await reply.arrayBuffer();
    return reply.ok;
  } catch {
    // Refused or cut: it is not up yet.
    return false;
  }
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, "utf8");
  return text.trim().split("\n").slice(-20).join("\n");
}
