/** The last release, built from the history: people keep tabs open over a deployment, and objects what it has stored. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { DATA, inProject, packaged, quietEnvironment, ROOT } from "../../tools/project.ts";

const run = promisify(execFile);

/** What was deployed last. It moves with every release, and `docs/contract.md` says what the two must understand. */
const LAST_RELEASE = "86e841dfcf23a6b0c9eb9ae7958b8a8d27aea8c4";

export type LastRelease = {
  /** Folder of its built page. */
  readonly page: string;
  /** Its Worker as a deployment gets it. */
  readonly bundle: string;
  /** The Worker's own module, for an `import`. */
  readonly worker: string;
  readonly wrangler: string;
};

/** See `lastRelease`. */
export async function lastReleasePage(): Promise<string> {
  return (await lastRelease()).page;
}

/** See `lastRelease`. */
export async function lastReleaseWorker(): Promise<string> {
  return (await lastRelease()).worker;
}

/**
 * All of it, built; kept for the next time.
 * @throws where the clone has no history (a shallow one)
 */
export async function lastRelease(): Promise<LastRelease> {
  const home = join(DATA, "releases", LAST_RELEASE);
  const parts = partsIn(home);
  if (isWhole(parts)) return parts;
  const making = `${home}-${process.pid}`;
  await mkdir(making, { recursive: true });
  const folders = "web worker durable wrangler.toml tsconfig.base.json package.json";
  await run("sh", ["-c", `git archive ${LAST_RELEASE} ${folders} | tar -x -C "${making}"`], { cwd: ROOT });
  await symlink(inProject("node_modules"), join(making, "node_modules"));
  const options = { cwd: making, env: quietEnvironment(DATA) };
  const vite = packaged("vite", ["build", "web", "--logLevel", "warn"]);
  await run(vite.file, vite.args, options);
  const wrangler = packaged("wrangler", [
    "deploy",
    "--config",
    "wrangler.toml",
    "--dry-run",
    "--outdir",
    "dist/worker",
  ]);
  await run(wrangler.file, wrangler.args, options);
  try {
    // Files of tests run beside each other: what another one has made meanwhile is in use.
    if (!isWhole(parts)) await rm(home, { recursive: true, force: true });
    await rename(making, home);
  } catch (error) {
    if (!isWhole(parts)) throw error;
    await rm(making, { recursive: true, force: true });
  }
  return parts;
}

function isWhole({ page, bundle }: LastRelease): boolean {
  return existsSync(page) && existsSync(bundle);
}

function partsIn(home: string): LastRelease {
  return {
    page: join(home, "dist/web"),
    bundle: join(home, "dist/worker/index.js"),
    worker: join(home, "worker/index.ts"),
    wrangler: join(home, "wrangler.toml"),
  };
}
