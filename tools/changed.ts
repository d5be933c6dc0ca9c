/** `npm test -- --changed [BASE]`: what differs from BASE and which test files that can reach. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { inProject, ROOT } from "./project.ts";
import type { Declared, Project } from "./reach.ts";

const run = promisify(execFile);
const MAX_BYTES = 64 * 1024 * 1024;
/** Where work begins, as a clone names it. */
const BRANCHES = ["main", "origin/main"];

/** Vite builds it from here; what `index.html` names and what the names lead to is found by itself. */
const PAGE = ["web/index.html", "web/vite.config.ts", "web/manifest/"];

/** What is read without being named. An empty list: what the file lists or computes is no file of the project. */
const DECLARED: Declared = {
  // Every browser opens the page that was built before; only the Worker's own tests do without it.
  "test/e2e/browsers.ts": PAGE,
  "test/tools/crypto-worker.test.ts": PAGE,
  // The stage is bundled from its page by the settings of no file, and handed out by name.
  "tools/stage-bundle.ts": [],
  "test/screens/stage.ts": [],
  "test/screens/in-language.ts": ["web/i18n/"],
  "tools/catalogue-files.ts": ["web/i18n/"],
  "test/page/headers.test.ts": [...PAGE, "web/_headers", "wrangler.toml"],
  "test/page/xss.ts": ["test/page/hostile-engine.ts", "test/page/hostile-search.ts"],
  "test/vectors/engines.ts": [],
  "test/stack.ts": [],
  // Any page will do: it is handed out so that the start is seen.
  "test/plain-worker.ts": ["wrangler.toml"],
  "test/plain-entry.ts": [],
  // Of the processes of this machine.
  "test/account/files.ts": [],
  "test/e2e/canaries.ts": [],
  "test/e2e/story.ts": [],
  "test/e2e/export.test.ts": [],
  "test/kills/kill.ts": [],
  "test/faults/deployed-bundle.test.ts": [],
  // Bundling begins at the module that is named, with wrangler's settings.
  "tools/worker-bundle.ts": ["wrangler.toml"],
  "tools/build-page.ts": PAGE,
  "tools/deploy/main.ts": ["worker/index.ts", "wrangler.toml", "tools/deploy/"],
  "test/deploy/wrangler-alone.test.ts": [".dev.vars.example", "package.json", "wrangler.toml", "worker/index.ts"],
  "tools/serve/build-release.ts": [
    "worker/index.ts",
    "wrangler.toml",
    "tools/serve/main.ts",
    "tools/serve/front/entry.ts",
  ],
  "tools/serve/release.ts": [],
  "tools/serve/folders.ts": [],
  "tools/serve/backup.ts": [],
  "tools/serve/main.ts": [],
  "test/xmpp-server/prosody.ts": ["test/xmpp-server/modules/"],
  "test/interop/python-peer.ts": ["test/interop/omemo_library.py", "test/interop/omemo_room.py"],
  "durable/link/failures.test.ts": ["durable/link/"],
  // A module of its own for each service worker that is killed.
  "web/engine/testing/pushed-and-killed.ts": ["web/engine/tabs/briefly.ts"],
  "web/style/siblings.test.ts": ["web/style/"],
  "web/media/opus.test.ts": ["test/vectors/voice/"],
  "web/media/decoded.test.ts": ["test/vectors/voice/"],
  "web/engine/media/sounds.test.ts": ["test/vectors/voice/"],
  // The first two tell of such files; the others list what every test stands on, or ask beside themselves.
  "tools/reach.ts": [],
  "tools/reach.test.ts": [],
  "tools/changed.ts": [],
  "tools/project.ts": [],
  "tools/run-tests.ts": [],
  "tools/verify.ts": [],
  "web/vite.config.ts": [],
  "web/shared-in.ts": [],
};

/** They compare documents, and this file, with all of the source. */
const ALWAYS = ["tools/negative-tests.test.ts", "tools/changed.test.ts"];

/** Versions of programs and packages, compiler options, and the runner of the tests itself. */
const GROUND = [".ci/", ".node-version", ".npmrc", "package.json", "package-lock.json"].concat(
  ["tsconfig.base.json", "tsconfig.json", "worker/tsconfig.json", "durable/tsconfig.json", "web/tsconfig.json"],
  ["test/tsconfig.json", "tools/tsconfig.json", "tools/bootstrap.mjs", "tools/test.mjs", "tools/test.ts"],
);

/** Types and lint are always looked at, all of them; words for people are no program. */
function isInert(path: string): boolean {
  return (
    /\.(?:md|d\.ts)$/.test(path) ||
    ["LICENSE", ".gitignore", "biome.json", "oxlint.config.ts", "knip.ts"].includes(path)
  );
}

/**
 * @param base a commit. Default: where this branch left `main`
 * @returns paths that are not as in `base`: changed, new, deleted, committed or not; a moved file is two
 * @throws with git's words, or where there is no `main`
 */
export async function changedFiles(base?: string): Promise<readonly string[]> {
  const from = base ?? (await forkPoint());
  const known = await git("diff", "--name-only", "--no-renames", "-z", from, "--");
  const fresh = await git("ls-files", "--others", "--exclude-standard", "-z");
  return [...new Set([...known, ...fresh])].sort();
}

/** The project as it is, and the names of what was deleted, which somebody may still ask for. */
export async function readProject(changed: readonly string[], tests: readonly string[]): Promise<Project> {
  const listed = await git("ls-files", "--cached", "--others", "--exclude-standard", "-z");
  const paths = [...new Set([...listed, ...changed])];
  const read = async (path: string) => [path, await readFile(inProject(path), "utf8").catch(() => "")] as const;
  const files = new Map(await Promise.all(paths.map(read)));
  return { files, tests, declared: DECLARED, ground: GROUND, always: ALWAYS, inert: isInert };
}

async function forkPoint(): Promise<string> {
  for (const branch of BRANCHES) {
    const [commit] = await git("rev-parse", "--verify", "--quiet", branch).catch(() => []);
    if (commit !== undefined) return (await git("merge-base", "HEAD", branch))[0] ?? commit;
  }
  throw new Error(`There is no branch ${BRANCHES.join(" or ")}: name what to compare with (--changed=COMMIT).`);
}

/** Runs git within the project. @returns its lines, or what zero bytes separate. */
async function git(...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run("git", [...args], { cwd: ROOT, maxBuffer: MAX_BYTES });
  return stdout.split(/[\0\n]/).filter((line) => line !== "");
}
