/**
 * The tests' entry for workerd alone: with what the platform does around a Worker - it serves the page and counts sign-ins.
 * Where something else does (`wrangler dev`), it is the tests' entry and nothing more. A deployment never contains this module.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import entry from "./entry.ts";

export * from "./entry.ts";

/** `PAGE`: in workerd alone, the folder of the page as it lies on disk, bytes without a type. */
interface PlainEnv extends Env {
  readonly PAGE?: Fetcher;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

/** Stands for the binding `SIGN_IN_LIMIT`. */
export class Unlimited extends WorkerEntrypoint {
  limit(): { readonly success: boolean } {
    return { success: true };
  }
}

export default {
  async fetch(request: Request, env: PlainEnv, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    const isWorkers = env.PAGE === undefined || pathname.startsWith("/api/");
    const file = isWorkers ? undefined : await fileOf(pathname, env.PAGE);
    // As `not_found_handling` in wrangler.toml has it: what is no file is asked of the Worker.
    return file ?? entry.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<PlainEnv>;

/** Undefined where there is no such file of the page. */
async function fileOf(pathname: string, folder: Fetcher): Promise<Response | undefined> {
  const path = pathname === "/" ? "/index.html" : pathname;
  const file = await folder.fetch(`http://page${path}`);
  if (!file.ok || path === "/_headers") return undefined;
  const headers = await headersOf(folder, pathname);
  headers.set("content-type", TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream");
  return new Response(file.body, { headers });
}

/** As `_headers` has them for this path, a block behind the other: the page has to keep its own rules here, too. */
async function headersOf(folder: Fetcher, pathname: string): Promise<Headers> {
  const headers = new Headers();
  for (const block of (await (await folder.fetch("http://page/_headers")).text()).split("\n\n")) {
    const [pattern = "", ...lines] = block.trim().split("\n");
    if (!pathname.startsWith(pattern.replace(/\*$/, ""))) continue;
    for (const line of lines.map((each) => each.trim())) {
      if (line.startsWith("! ")) headers.delete(line.slice("! ".length));
      else headers.append(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim());
    }
  }
  return headers;
}
