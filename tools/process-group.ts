/** A program together with everything it starts: one process group, ended as a whole. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";

const STOP_TIMEOUT_MS = 5_000;

export interface ProcessGroup {
  /** Process id of the leader, which is the number of the group too. */
  readonly pid: number;
  running(): boolean;
  /** Settles when the leader has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /**
   * Asks the leader to end (SIGTERM), then removes what is left of the group.
   * @param withinMs whoever has not ended by then is ended at once. Default: 5 s, for workerd waits for every open socket
   */
  stop(withinMs?: number): Promise<void>;
  /** Ends all of it at once (SIGKILL), as a crash or a power cut would. */
  kill(): Promise<void>;
}

export type Program = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** File that receives what it prints; appended to. */
  readonly log: string;
};

/** @throws when the program cannot be started at all. */
export async function startGroup(program: Program): Promise<ProcessGroup> {
  const out = openSync(program.log, "a");
  const child = spawn(program.file, program.args, {
    cwd: program.cwd,
    env: program.env,
    stdio: ["ignore", out, out],
    detached: true,
  });
  const ended = hasEnded(child);
  await once(child, "spawn");
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${program.file} has no process id`);
  const killWithParent = () => signalGroup(pid, "SIGKILL");
  process.once("exit", killWithParent);

  const finish = async (): Promise<void> => {
    await ended;
    signalGroup(pid, "SIGKILL");
    process.off("exit", killWithParent);
  };
  return {
    pid,
    running: () => child.exitCode === null && child.signalCode === null,
    ended,
    stop: async (withinMs = STOP_TIMEOUT_MS) => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), withinMs);
      await finish();
      clearTimeout(timer);
    },
    kill: async () => {
      signalGroup(pid, "SIGKILL");
      await finish();
    },
  };
}

function hasEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
