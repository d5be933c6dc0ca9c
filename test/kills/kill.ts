/** SIGKILL to a whole browser: no handler runs, nothing is flushed, nobody says goodbye. */
import { readdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import type { Browser } from "puppeteer-core";
import { until } from "../e2e/waiting.ts";

export interface Doomed {
  /** Whether it has been killed. */
  readonly dead: boolean;
  /** Every process of it, in one turn of this program. */
  kill(): void;
  /** Settles when no process of it is left to hold a file. */
  gone(): Promise<void>;
}

/** @throws for a browser that this program did not start. */
export function doom(browser: Browser): Doomed {
  const child = browser.process();
  const pid = child?.pid;
  if (child === null || pid === undefined) throw new Error("a browser without a process");
  const exit = once(child, "exit");
  let killed: readonly number[] = [];
  return {
    get dead() {
      return killed.length > 0;
    },
    kill: () => {
      if (killed.length > 0 || child.exitCode !== null) return;
      // The browser is a process group of its own; what left the group is found by its parents.
      killed = familyOf(pid);
      process.kill(-pid, "SIGKILL");
      for (const one of killed) killOne(one);
    },
    gone: async () => {
      await exit;
      await until("every process of the browser is gone", () => !killed.some(isAlive));
    },
  };
}

function killOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it went with its group.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

type Process = { readonly pid: number; readonly parent: number; readonly state: string };

function familyOf(root: number): readonly number[] {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []));
  const family = new Set([root]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}

/** A process that has ended and is not buried yet holds nothing any more. */
function isAlive(pid: number): boolean {
  const state = processOf(pid)?.state;
  return state !== undefined && state !== "Z" && state !== "X";
}

/** proc(5): `pid (name) state ppid …`, and the name may contain anything. */
function processOf(pid: number): Process | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // It ended while we looked.
    return undefined;
  }
  const [state = "", parent = ""] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { pid, parent: Number(parent), state };
}
