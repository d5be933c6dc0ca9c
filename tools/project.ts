/** Where things are in the project, and the programs that came with its packages. */
import { fileURLToPath } from "node:url";

/** The project's folder, with a trailing slash. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** @returns the absolute path of something in the project. */
export function inProject(path: string): string {
  return `${ROOT}${path}`;
}

/** Everything `npm start` keeps: secrets, the objects' databases, the demo's XMPP server. Ignored by git. */
export const DATA = inProject(".data");

const SCRIPTS = {
  wrangler: "node_modules/wrangler/wrangler-dist/cli.js",
  vite: "node_modules/vite/bin/vite.js",
  tsc: "node_modules/typescript/bin/tsc",
  biome: "node_modules/@biomejs/biome/bin/biome",
  oxlint: "node_modules/oxlint/bin/oxlint",
  knip: "node_modules/knip/bin/knip.js",
} as const;

/** Command line that runs a program of the packages with the very Node this one runs on. */
export function packaged(name: keyof typeof SCRIPTS, args: readonly string[]): { file: string; args: string[] } {
  return { file: process.execPath, args: [inProject(SCRIPTS[name]), ...args] };
}

/** The environment for the programs: they report to nobody, look for no update and keep their notes in `notes`. */
export function quietEnvironment(notes: string): NodeJS.ProcessEnv {
  const { NAME_SECRET: _name, COOKIE_SECRET: _cookie, ...inherited } = process.env;
  return {
    ...inherited,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_LOG_PATH: `${notes}/wrangler-logs`,
    WRANGLER_REGISTRY_PATH: `${notes}/wrangler-registry`,
    // Wrangler would read keys of secrets from the environment before the file it is given.
    CLOUDFLARE_INCLUDE_PROCESS_ENV: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    X_LOCAL_EXPLORER: "false",
    X_LOCAL_OBSERVABILITY: "false",
    // The `[build]` of wrangler.toml is for whoever runs wrangler by itself: the project's commands build the page themselves.
    ALCOVE_PAGE: "built",
    NO_UPDATE_NOTIFIER: "1",
    DO_NOT_TRACK: "1",
  };
}

/** The environment's name for a file of what axe has looked at in this run (`test/e2e/seen-kinds.ts`). */
export const SEEN_VARIABLE = "ALCOVE_TEST_SEEN";
