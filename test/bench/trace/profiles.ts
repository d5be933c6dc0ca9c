/** V8's own profiles of whoever works on a message, as files for the browser's developer tools. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CDPSession } from "puppeteer-core";

const SAMPLE_US = 200;

/** Profiles while `work` runs; `<name>.cpuprofile` for each session in the folder. */
export async function profiled(
  folder: string,
  sessions: Readonly<Record<string, CDPSession>>,
  work: () => Promise<void>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const all = Object.entries(sessions);
  for (const [, session] of all) {
    await session.send("Profiler.enable");
    await session.send("Profiler.setSamplingInterval", { interval: SAMPLE_US });
    await session.send("Profiler.start");
  }
  await work();
  for (const [name, session] of all) {
    const { profile } = await session.send("Profiler.stop");
    await writeFile(join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
  }
}
