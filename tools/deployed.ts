/** What is deployed under a name, by asking wrangler. */
import { execFile } from "node:child_process";
import { promisify, stripVTControlCharacters } from "node:util";
import * as v from "valibot";
import type { Deployed } from "./deploy-secrets.ts";
import { inProject, packaged, quietEnvironment, ROOT } from "./project.ts";

const run = promisify(execFile);
const secretList = v.array(v.object({ name: v.string() }));
const failure = v.object({ stdout: v.string(), stderr: v.string() });
/** Wrangler's words for Cloudflare's codes 10007 and 10090 (no such script, no such environment), then the codes. */
const NO_SUCH_WORKER = /\bWorker "[^"]*" not found\b|\[code: 10007\]|\[code: 10090\]/;

export type Answer = { readonly succeeded: boolean; readonly stdout: string; readonly stderr: string };

/** Asks `wrangler secret list`. Values of secrets cannot be read back; their names can. */
export async function askDeployed(name: string | undefined, notes: string): Promise<Deployed> {
  const { file, args } = packaged("wrangler", [
    ...["secret", "list", "--format", "json", "--config", inProject("wrangler.toml")],
    ...(name === undefined ? [] : ["--name", name]),
  ]);
  const options = { cwd: ROOT, env: quietEnvironment(notes) };
  const answer = await run(file, args, options).then(
    ({ stdout, stderr }) => ({ succeeded: true, stdout, stderr }),
    (error: unknown) => {
      const parsed = v.safeParse(failure, error);
      return { succeeded: false, stdout: "", stderr: String(error), ...(parsed.success ? parsed.output : {}) };
    },
  );
  return readAnswer(answer);
}

/** Pure: anything but a list or a clear "does not exist" is unknown. */
export function readAnswer({ succeeded, stdout, stderr }: Answer): Deployed {
  const words = stripVTControlCharacters(`${stdout}\n${stderr}`).trim();
  if (!succeeded) return NO_SUCH_WORKER.test(words) ? { kind: "none" } : { kind: "unknown", words };
  const start = stdout.indexOf("[");
  if (start < 0) return { kind: "unknown", words };
  try {
    const list = v.safeParse(secretList, JSON.parse(stdout.slice(start)));
    return list.success ? { kind: "secrets", names: list.output.map(({ name }) => name) } : { kind: "unknown", words };
  } catch (error) {
    return { kind: "unknown", words: `${error instanceof Error ? error.message : String(error)}\n${words}` };
  }
}
