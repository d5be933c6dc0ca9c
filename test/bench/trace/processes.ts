/** Processor time of the processes that carry a message, from `/proc/<pid>/stat` (Linux). */
import { readdir, readFile } from "node:fs/promises";
import type { Browser } from "puppeteer-core";

/** Of `utime` and `stime`; the kernel reports them to programs in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

export type Processes = Readonly<Record<string, readonly number[]>>;

/** The renderers of a browser, and everything else that belongs to it. */
export async function browserProcesses(browser: Browser): Promise<{
  readonly renderers: readonly number[];
  readonly others: readonly number[];
}> {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const ids = (wanted: boolean) =>
    processInfo.filter(({ type }) => (type === "renderer") === wanted).map(({ id }) => id);
  return { renderers: ids(true), others: ids(false) };
}

/**
 * The runtime's processes among the descendants of this one: the one with the objects, and the proxy that `wrangler dev`
 * puts before it, which no deployment has. The one that has used more is taken for the former.
 */
export async function runtimeProcesses(): Promise<{
  readonly objects: readonly number[];
  readonly proxy: readonly number[];
}> {
  const parents = new Map<number, { readonly parent: number; readonly name: string }>();
  for (const entry of await readdir("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const stat = await statOf(entry);
    if (stat !== undefined) parents.set(Number(entry), stat);
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isOurs(parents.get(pid)?.parent));
  const runtimes = [...parents].flatMap(([pid, { name }]) => (name === "workerd" && isOurs(pid) ? pid : []));
  const used = await Promise.all(runtimes.map(async (pid) => ({ pid, ms: await usedBy([pid]) })));
  const [first, ...others] = used.toSorted((a, b) => b.ms - a.ms).map(({ pid }) => pid);
  return { objects: first === undefined ? [] : [first], proxy: others };
}

/** Milliseconds of processor time each group has used since it was started; what has ended is not counted. */
export async function processorTimes(groups: Processes): Promise<Readonly<Record<string, number>>> {
  const entries = Object.entries(groups).map(async ([name, pids]) => [name, await usedBy(pids)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The same for each thread: which of them draws, which encrypts. */
export async function threadTimes(groups: Processes): Promise<Readonly<Record<string, number>>> {
  const times: Record<string, number> = {};
  for (const [group, pids] of Object.entries(groups)) {
    for (const path of (await Promise.all(pids.map(threadsOf))).flat()) {
      const stat = await statOf(path);
      if (stat === undefined) continue;
      const name = `${group}: ${stat.name}`;
      times[name] = (times[name] ?? 0) + stat.ms;
    }
  }
  return times;
}

async function threadsOf(pid: number): Promise<readonly string[]> {
  return (await readdir(`/proc/${pid}/task`)).map((thread) => `${pid}/task/${thread}`);
}

async function usedBy(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => statOf(String(pid))));
  return stats.reduce((sum, stat) => sum + (stat?.ms ?? 0), 0);
}

/** The name stands in brackets and may hold anything, so fields are counted from behind it (proc(5)). */
async function statOf(
  path: string,
): Promise<{ readonly name: string; readonly parent: number; readonly ms: number } | undefined> {
  // One that has ended meanwhile has used nothing since.
  const line = await readFile(`/proc/${path}/stat`, "utf8").catch(() => undefined);
  const end = line?.lastIndexOf(")") ?? -1;
  if (line === undefined || end < 0) return undefined;
  const fields = line.slice(end + 2).split(" ");
  return {
    name: line.slice(line.indexOf("(") + 1, end),
    parent: Number(fields[1]),
    ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
  };
}
