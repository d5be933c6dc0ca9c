/** The Worker's bundle, made by wrangler exactly as a deployment makes it, without any account. */
import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { inProject, packaged, quietEnvironment, ROOT } from "./project.ts";

const run = promisify(execFile);
/** The environment's name for the path of a bundle of `test/plain-entry.ts` that the tests of one run share. */
export const BUNDLE_VARIABLE = "ALCOVE_TEST_BUNDLE";

/**
 * @param entry the module to start from, `worker/index.ts` or one for tests
 * @param folder receives the bundle
 * @returns the path of the bundle's main module
 * @throws with wrangler's words when the source does not bundle
 */
export async function bundleWorker(entry: string, folder: string): Promise<string> {
  const { file, args } = packaged("wrangler", [
    ...["deploy", entry, "--config", inProject("wrangler.toml"), "--dry-run", "--outdir", folder],
  ]);
  await run(file, args, { cwd: ROOT, env: quietEnvironment(folder) });
  return `${folder}/${basename(entry).replace(/\.ts$/, ".js")}`;
}
