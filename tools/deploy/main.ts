/**
 * `npm run deploy`: builds and deploys to Cloudflare. What it has to know is asked once, in words; see `--help` and
 * docs/operating.md.
 */
import { mkdir } from "node:fs/promises";
import { buildPage } from "../build-page.ts";
import { DATA, inProject } from "../project.ts";
import { say } from "../step.ts";
import { writeWhole } from "../write-whole.ts";
import { check } from "./check.ts";
import { configFor, readTracked } from "./config.ts";
import { deploy } from "./deploy.ts";
import { homeOf, readSettings } from "./home.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { Ended, personHere } from "./person.ts";
import { folded, WORKERS_DEV } from "./settings.ts";
import { tryOut } from "./wrangler.ts";

await mkdir(DATA, { recursive: true, mode: 0o700 });
const options = readOptions(process.argv.slice(2), process.env);
process.exit((await (options.kind === "refuse" ? said(options.words) : run(options.value))) ? 0 : 1);

async function run(asked: Options): Promise<boolean> {
  switch (asked.mode) {
    case "help":
      say(HELP);
      return true;
    case "dry-run":
      return dryRun(asked);
    case "check":
      return check(asked);
    case "deploy":
      return walk(asked);
  }
}

async function walk(asked: Options): Promise<boolean> {
  try {
    const deployed = await deploy(asked, personHere());
    return deployed.kind === "so" || said(deployed.words);
  } catch (error) {
    if (error instanceof Ended) return said("\nNothing was answered, so nothing was changed.");
    throw error;
  }
}

/** Everything but the upload; needs neither network nor account. */
async function dryRun(asked: Options): Promise<boolean> {
  const tracked = await readTracked(inProject("wrangler.toml"));
  const name = asked.name ?? tracked.name ?? "alcove";
  const kept = await readSettings(homeOf(name, asked.folder));
  if (kept.kind === "refuse") return said(kept.words);
  const settings = folded(asked.settings, kept.value, { host: WORKERS_DEV });
  const variables = { ...kept.value.variables, ...asked.variables };
  const config = inProject("dist/wrangler.json");
  if (!(await buildPage())) return false;
  await writeWhole(
    config,
    JSON.stringify(configFor(tracked, { name, account: "none", settings, variables, release: "" })),
  );
  return tryOut(config);
}

/** Says it, on the way out. */
function said(words: string): false {
  say(words);
  return false;
}
