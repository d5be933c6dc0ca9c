/** The runtime as a process: started on a data folder, watched, ended in order. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { askStatus, drain } from "./control.ts";
import type { Folders } from "./folders.ts";

const START_MS = 30_000;
const POLL_MS = 50;
/** Time for the last answers to leave once nothing runs any more. */
const LAST_BYTES_MS = 300;

export interface Runtime {
  /** Settles when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /**
   * What was asked is answered, then it ends. Browsers see their sockets end and come back by themselves; connections to
   * XMPP servers are cut without a goodbye, so that the servers keep the sessions for being resumed (XEP-0198 §5).
   */
  stop(): Promise<void>;
}

/** @returns the words that say so where a server runs on that folder already */
export async function alreadyRunning({ control, pid }: Folders): Promise<string | undefined> {
  if ((await askStatus(control)) === undefined) return undefined;
  const number = (await readFile(pid, "utf8").catch(() => "?")).trim();
  return `A server runs on this data folder already (process ${number}). Two at once would destroy what is kept there.`;
}

/**
 * Ctrl-C reaches every process of a terminal. This one hears it and ends the runtime in order; the runtime itself must not
 * hear it, so it begins with what it inherits from a shell that ignores it (POSIX `trap`). Its group stays that of its
 * parent: whoever ends the group with SIGKILL ends both.
 */
const DEAF = `trap "" INT HUP; exec "$@"`;

/**
 * Starts `program` and waits until it answers.
 * @param secrets for its environment, which has nothing else
 * @throws in words when it ends or does not answer within 30 s
 */
export async function startRuntime(
  program: string,
  folders: Folders,
  secrets: Readonly<Record<string, string>>,
): Promise<Runtime> {
  const args = ["serve", folders.runtime, "--experimental", "--import-path=/"];
  const child = spawn("/bin/sh", ["-c", DEAF, "sh", program, ...args], {
    env: { ...secrets },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = hasEnded(child);
  await once(child, "spawn");
  await writeFile(folders.pid, `${child.pid}\n`);
  process.once("exit", () => child.kill("SIGKILL"));
  const running = () => child.exitCode === null && child.signalCode === null;
  for (const end = Date.now() + START_MS; running() && Date.now() < end; await sleep(POLL_MS))
    if ((await askStatus(folders.control)) !== undefined) return { ended, stop: () => stop(child, ended, folders) };
  child.kill("SIGKILL");
  throw new Error("The server does not start. What workerd says about it stands above.");
}

async function stop(child: ChildProcess, ended: Promise<void>, { control }: Folders): Promise<void> {
  await drain(control);
  // It ends at once where no socket is open; sockets would keep it for ever.
  child.kill("SIGTERM");
  await Promise.race([ended, sleep(LAST_BYTES_MS)]);
  child.kill("SIGKILL");
  await ended;
}

function hasEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}
