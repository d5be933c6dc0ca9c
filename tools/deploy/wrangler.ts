/** The calls of wrangler: signing in, uploading. It reads the same API address and the same account as we do. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { DATA, inProject, packaged, quietEnvironment, ROOT } from "../project.ts";
import { runCommand } from "../step.ts";
import { refuse, type Said, so } from "./said.ts";

const run = promisify(execFile);
const token = v.object({ type: v.picklist(["api_token", "oauth"]), token: v.string() });

/** The token of the environment, or of wrangler's sign-in, which it renews; undefined where there is none. */
export async function currentToken(): Promise<string | undefined> {
  // Wrangler would say the same, seconds later.
  const { CLOUDFLARE_API_TOKEN: given } = process.env;
  if (given !== undefined && given !== "") return given;
  const { file, args } = packaged("wrangler", ["auth", "token", "--json"]);
  try {
    const { stdout } = await run(file, args, { cwd: ROOT, env: quietEnvironment(DATA) });
    const read = v.safeParse(token, JSON.parse(stdout.slice(stdout.indexOf("{"))));
    return read.success ? read.output.token : undefined;
  } catch {
    // It ends with 1 where nobody is signed in. Its words may hold the token, so they go nowhere.
    return undefined;
  }
}

/** Opens the browser, with the terminal for its words. */
export function signIn(): Promise<boolean> {
  return runCommand({ ...packaged("wrangler", ["login"]), env: quietEnvironment(DATA) });
}

/**
 * Code, page and secrets go up in one step, so that there is never a Worker without its secrets.
 * @param config path of wrangler's settings
 */
export async function upload(
  config: string,
  account: string,
  secrets: Readonly<Record<string, string>>,
): Promise<Said<undefined>> {
  const folder = await mkdtemp(join(tmpdir(), "alcove-deploy-"));
  try {
    const file = join(folder, "secrets.json");
    await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
    const some = Object.keys(secrets).length > 0;
    const command = packaged("wrangler", ["deploy", "--config", config, ...(some ? ["--secrets-file", file] : [])]);
    const env = { ...quietEnvironment(DATA), CLOUDFLARE_ACCOUNT_ID: account };
    if (await runCommand({ ...command, env })) return so(undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return refuse(
    "The upload did not end well; wrangler's own words are above. What you have answered is kept: the same command goes on " +
      "from here.",
  );
}

/** Everything but the upload; needs neither network nor account. */
export function tryOut(config: string): Promise<boolean> {
  const args = ["deploy", "--dry-run", "--outdir", inProject("dist/worker"), "--config", config];
  return runCommand({ ...packaged("wrangler", args), env: quietEnvironment(DATA) });
}
