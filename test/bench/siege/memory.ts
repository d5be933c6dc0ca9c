/** What a program holds in memory, with everything that it started. */
import { readdir, readFile } from "node:fs/promises";

const PAGE_BYTES = 4_096;

/** Megabytes of a process group (`proc_pid_stat(5)`); 0 where the system does not tell. */
export async function memoryOf(group: number): Promise<number> {
  const names = await readdir("/proc").catch((): string[] => []);
  const stats = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")),
  );
  const pages = stats.map((stat) => {
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[2]) === group ? Number(fields[21]) : 0;
  });
  return (pages.reduce((sum, count) => sum + count, 0) * PAGE_BYTES) / 1e6;
}

/** The same, with what processes share counted once (`Pss` of `proc_pid_smaps_rollup(5)`): a browser's own share much. */
export async function sharedOnceOf(group: number): Promise<number> {
  const names = await readdir("/proc").catch((): string[] => []);
  const sizes = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
        if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]) !== group) return 0;
        const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
        return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
      }),
  );
  return (sizes.reduce((sum, size) => sum + size, 0) * 1_024) / 1e6;
}
