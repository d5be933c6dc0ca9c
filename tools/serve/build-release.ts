/** Makes `dist/server`: everything that one's own server runs. It needs neither the source nor the packages, nor a Node. */
import { execFile } from "node:child_process";
import { cp, link, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { buildPage } from "../build-page.ts";
import { inProject, ROOT } from "../project.ts";
import { bundleWorker } from "../worker-bundle.ts";
import { PARTS, textsBeside } from "./release.ts";

const run = promisify(execFile);

/** Where `npm run serve` puts what it builds. */
export const RELEASE = inProject("dist/server");

/** `alcove --config FILE …`, wherever the folder lies. */
const COMMAND = `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/node" "$here/serve.mjs" "$@"
`;

export type Sources = {
  /** A bundle of the Worker, its texts beside it. */
  readonly bundle: string;
  /** A built page. */
  readonly page: string;
  /** wrangler.toml of that source. */
  readonly wrangler: string;
};

/** From the source as it is. @returns whether it worked; what failed has said why. */
export async function buildRelease(): Promise<boolean> {
  if (!(await buildPage())) return false;
  const bundle = await bundleWorker(inProject("worker/index.ts"), inProject("dist/worker"));
  await writeRelease(RELEASE, { bundle, page: inProject("dist/web"), wrangler: inProject("wrangler.toml") });
  return true;
}

/**
 * Puts the parts together in `folder`, which is replaced.
 * @param programs whether the folder has the runtime and Node in it, or only says where they are
 */
export async function writeRelease(
  folder: string,
  { bundle, page, wrangler }: Sources,
  programs: "copied" | "named" = "copied",
): Promise<void> {
  const part = (name: keyof typeof PARTS) => join(folder, PARTS[name]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(part("main")), { recursive: true });
  await cp(page, part("page"), { recursive: true });
  await cp(bundle, part("main"));
  for (const name of await textsBeside(bundle))
    await cp(join(dirname(bundle), name), join(dirname(part("main")), name));
  await cp(wrangler, part("wrangler"));
  const options = { bundle: true, format: "esm", target: "es2024" } as const;
  const front = inProject("tools/serve/front/entry.ts");
  await build({ ...options, entryPoints: [front], outfile: part("front"), external: ["cloudflare:*"] });
  await build({
    ...options,
    entryPoints: [inProject("tools/serve/main.ts")],
    outfile: part("program"),
    platform: "node",
  });
  const place = programs === "copied" ? copyProgram : symlink;
  await place(runtimeBinary(), part("runtime"));
  await place(process.execPath, part("node"));
  await writeFile(part("command"), COMMAND, { mode: 0o755 });
  const { version } = JSON.parse(await readFile(inProject("package.json"), "utf8")) as { readonly version: string };
  await writeFile(part("name"), `${await nameOf()}\n${version}\n`);
}

/** The same file under another name where the file system can; it is large. */
async function copyProgram(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => cp(from, to));
}

/** The package `workerd` names the program of this system. */
function runtimeBinary(): string {
  const { default: file } = createRequire(import.meta.url)("workerd") as { readonly default: string };
  return file;
}

/** Without git, as in a container, the environment may say it. */
async function nameOf(): Promise<string> {
  const given = process.env["ALCOVE_RELEASE"];
  if (given !== undefined && given !== "") return given;
  return run("git", ["describe", "--always", "--dirty"], { cwd: ROOT }).then(
    ({ stdout }) => stdout.trim(),
    () => "unnamed",
  );
}
