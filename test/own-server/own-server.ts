/** One's own server as its operator starts it (`tools/serve/`), with a release made of a test's bundle. */
import { mkdir, writeFile } from "node:fs/promises";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type ProcessGroup, startGroup } from "../../tools/process-group.ts";
import { inProject, ROOT } from "../../tools/project.ts";
import { type Sources, writeRelease } from "../../tools/serve/build-release.ts";
import { askStatus } from "../../tools/serve/control.ts";
import { foldersIn } from "../../tools/serve/folders.ts";
import { PARTS } from "../../tools/serve/release.ts";

const run = promisify(execFile);
const START_MS = 180_000;
const STOP_MS = 60_000;
const POLL_MS = 50;

export type OwnServer = {
  readonly group: ProcessGroup;
  /** What it printed. */
  readonly log: string;
};

/** Where a release lies; made of what `sources` names. */
export async function makeRelease(
  folder: string,
  sources: Partial<Sources> & Pick<Sources, "bundle">,
): Promise<string> {
  await writeRelease(
    folder,
    { page: inProject("dist/web"), wrangler: inProject("wrangler.toml"), ...sources },
    "named",
  );
  return folder;
}

/**
 * Starts it and waits until it answers its operator.
 * @param settings text of the configuration, its `data` aside
 * @throws when it ends
 */
export async function startOwnServer(release: string, data: string, settings: string): Promise<OwnServer> {
  const log = `${data}.log`;
  await mkdir(dirname(data), { recursive: true });
  const config = await writeConfig(data, settings);
  const args = [join(release, PARTS.program), "--config", config];
  const group = await startGroup({ file: process.execPath, args, env: process.env, cwd: ROOT, log });
  for (const end = Date.now() + START_MS; group.running() && Date.now() < end; await sleep(POLL_MS))
    if ((await askStatus(foldersIn(data).control)) !== undefined)
      // It lets what it answers come to its end, which takes its time on a busy machine.
      return { group: { ...group, stop: () => group.stop(STOP_MS) }, log };
  await group.kill();
  throw new Error(`One's own server does not start: ${log}`);
}

/**
 * The same server in a terminal of its own (`script`), started again after it has ended.
 * @throws when it does not answer
 */
export async function startInTerminal(release: string, data: string) {
  const command = [process.execPath, join(release, PARTS.program), "--config", `${data}.toml`];
  const args = [
    "--quiet",
    "--return",
    "--flush",
    "--command",
    // Where the shell stays between them (dash does), Ctrl-C ends the shell, and the terminal with it.
    `exec ${command.map((word) => `'${word}'`).join(" ")}`,
    "/dev/null",
  ];
  const child = spawn("script", args, { stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = once(child, "exit").then(([code]) => ({ code: Number(code), printed }));
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(POLL_MS))
    if ((await askStatus(foldersIn(data).control)) !== undefined)
      return { ended, type: (keys: string) => child.stdin.write(keys) };
  child.kill();
  throw new Error(`One's own server does not start in a terminal: ${printed}`);
}

/**
 * A command of the operator's, on a server that `startOwnServer` has started.
 * @returns what it printed
 * @throws with `stdout` when it fails
 */
export async function operate(release: string, data: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(release, PARTS.program), "--config", `${data}.toml`, ...args]);
  return stdout;
}

/** @returns its path */
async function writeConfig(data: string, settings: string): Promise<string> {
  const path = `${data}.toml`;
  // Before the first table.
  await writeFile(path, `data = ${JSON.stringify(data)}\n${settings}`);
  return path;
}
