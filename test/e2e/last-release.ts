/** The page and the Worker of the last release, from the history: both meet this release's objects while one goes up. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { DATA, inProject, quietEnvironment, ROOT } from "../../tools/project.ts";

const run = promisify(execFile);

/** What was deployed last. It moves with every release, and `docs/contract.md` says what the two must understand. */
const LAST_RELEASE = "86e841dfcf23a6b0c9eb9ae7958b8a8d27aea8c4";

/**
 * The folder of its built page; kept for the next time.
 * @throws where the clone has no history (a shallow one)
 */
export async function lastReleasePage(): Promise<string> {
  const home = join(DATA, "releases", LAST_RELEASE);
  const page = join(home, "dist/web");
  if (existsSync(join(page, "index.html"))) return page;
  await takenOut(home, "web worker tsconfig.base.json package.json", async (making) => {
    await symlink(inProject("node_modules"), join(making, "node_modules"));
    const vite = [inProject("node_modules/vite/bin/vite.js"), "build", "web", "--logLevel", "warn"];
    await run(process.execPath, vite, { cwd: making, env: quietEnvironment(DATA) });
  });
  return page;
}

/**
 * Its Worker's own module, kept for the next time: the path within the project, for an `import`.
 * @throws as `lastReleasePage` does
 */
export async function lastReleaseWorker(): Promise<string> {
  const home = join(DATA, "releases", `${LAST_RELEASE}-worker`);
  const module = join(home, "worker/index.ts");
  if (!existsSync(module)) await takenOut(home, "worker durable", () => Promise.resolve());
  return module;
}

/** Folders and files of the last release, whole or not at all. */
async function takenOut(home: string, what: string, finish: (making: string) => Promise<void>): Promise<void> {
  const making = `${home}-${process.pid}`;
  await mkdir(making, { recursive: true });
  await run("sh", ["-c", `git archive ${LAST_RELEASE} ${what} | tar -x -C "${making}"`], { cwd: ROOT });
  await finish(making);
  await rm(home, { recursive: true, force: true });
  await rename(making, home);
}
