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
  fetch(request: Request, env: PlainEnv, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    const isWorkers = env.PAGE === undefined || pathname.startsWith("/api/");
    return isWorkers ? entry.fetch(request, env, ctx) : page(pathname, env.PAGE);
  },
} satisfies ExportedHandler<PlainEnv>;

async function page(pathname: string, folder: Fetcher): Promise<Response> {
  const asked = await folder.fetch(`http://page${pathname}`);
  const isFile = pathname !== "/" && asked.ok;
  const file = isFile ? asked : await folder.fetch("http://page/index.html");
  const type = TYPES[isFile ? (pathname.split(".").at(-1) ?? "") : "html"];
  const headers = new Headers(await headersOf(folder));
  headers.set("content-type", type ?? "application/octet-stream");
  return new Response(file.body, { status: file.status, headers });
}

/** Of `_headers`, what stands for every file: the page has to keep its own rules here, too. */
async function headersOf(folder: Fetcher): Promise<[string, string][]> {
  const [block = ""] = (await (await folder.fetch("http://page/_headers")).text()).split("\n\n");
  return block
    .split("\n")
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]);
}
