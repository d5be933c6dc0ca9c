/**
 * While a release goes up, a Worker of the release before still meets objects of this one. Here both Workers stand before
 * the same objects, and the test says which of them answers.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { DATA, inProject, ROOT } from "../../tools/project.ts";
import { lastReleaseWorker } from "./last-release.ts";

/** @returns the module that starts both, for `StackOptions.entry` */
export async function bothWorkers(): Promise<string> {
  const folder = join(DATA, "releases");
  const from = (path: string) => relative(folder, path);
  const module = join(folder, "both-workers.ts");
  await mkdir(folder, { recursive: true });
  await writeFile(
    module,
    `import older from "./${from(await lastReleaseWorker())}";
import today from "${from(inProject("test/entry.ts"))}";
export * from "${from(inProject("test/entry.ts"))}";
let answering = "today";
export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/test/worker") {
      answering = await request.text();
      return Response.json({ answering });
    }
    const worker = answering === "older" && !pathname.startsWith("/api/test/") ? older : today;
    return worker.fetch(request, env, ctx);
  },
};
`,
  );
  return relative(ROOT, module);
}

/** From now on requests go to this Worker; sockets that are open stay. */
export async function answeredBy(which: "older" | "today", url: string): Promise<void> {
  await fetch(`${url}/api/test/worker`, { method: "POST", body: which });
}
