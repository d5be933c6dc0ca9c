/** The page of the last release, built from the history: people keep tabs open over a deployment. */
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
  const making = `${home}-${process.pid}`;
  await mkdir(making, { recursive: true });
  await run(
    "sh",
    ["-c", `git archive ${LAST_RELEASE} web worker tsconfig.base.json package.json | tar -x -C "${making}"`],
    {
      cwd: ROOT,
    },
  );
  await symlink(inProject("node_modules"), join(making, "node_modules"));
  await run(process.execPath, [inProject("node_modules/vite/bin/vite.js"), "build", "web", "--logLevel", "warn"], {
    cwd: making,
    env: quietEnvironment(DATA),
  });
  await rm(home, { recursive: true, force: true });
  await rename(making, home);
  return page;
}
