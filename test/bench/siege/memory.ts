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
