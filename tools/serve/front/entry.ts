/**
 * What stands before the Worker on one's own server, in place of the platform's edge: it knows who asks, hands out files,
 * counts sign-ins, and lets the server's operator end it in order. The Worker behind it is the very one of a deployment.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { ROUTES } from "../../../worker/contract/routes.ts";
import { ANSWER_HEADERS } from "../../../worker/headers.ts";
import { arrivalOf, type Front } from "./arrival.ts";
import { compressed } from "./compress.ts";
import { parseNetwork } from "./networks.ts";
import { RateLimit } from "./rate-limit.ts";
import type { FrontSettings, Status } from "./settings.ts";

interface FrontEnv {
  readonly SETTINGS: FrontSettings;
  /** Files, and the Worker behind them. */
  readonly SITE: Fetcher;
}

const DRAIN_MS = 8_000;
const POLL_MS = 20;
const RETRY_SECONDS = "2";

const limits = new Map<string, RateLimit>();
let front: Front | undefined;
/** Of the first question, which is whether this server is ready: outside of questions there is no time. */
let startedAt: number | undefined;
let running = 0;
let leaving = false;

export default {
  async fetch(request: Request, env: FrontEnv): Promise<Response> {
    front ??= { ...env.SETTINGS, proxies: env.SETTINGS.proxies.flatMap((text) => parseNetwork(text) ?? []) };
    if (leaving) return own("Restarting", 503, { "retry-after": RETRY_SECONDS });
    const arrival = arrivalOf({ ...asked(request), peer: peerOf(request) }, front);
    switch (arrival.kind) {
      case "refuse":
        return own(arrival.words, arrival.status);
      case "redirect":
        return own("", 308, { location: arrival.to });
      case "come-in":
        return counted(() => pass(request, arrival.address, env));
    }
  },
} satisfies ExportedHandler<FrontEnv>;

/** The binding `SIGN_IN_LIMIT` and whatever else is counted: one entrypoint for all, told apart by its properties. */
export class Limit extends WorkerEntrypoint<
  FrontEnv,
  { readonly name: string; readonly limit: number; readonly periodMs: number }
> {
  limit({ key }: { readonly key: string }): { readonly success: boolean } {
    const { name, limit, periodMs } = this.ctx.props;
    const counter = limits.get(name) ?? new RateLimit({ limit, periodMs });
    limits.set(name, counter);
    return { success: counter.take(key, Date.now()) };
  }
}

/** At a socket in the data folder, which only its owner can open. */
export class Control extends WorkerEntrypoint<FrontEnv> {
  override async fetch(request: Request): Promise<Response> {
    startedAt ??= Date.now();
    const { pathname } = new URL(request.url);
    const { release, origin } = this.env.SETTINGS;
    // Signed by the operator, as the Worker will see; by no browser, which cannot open this socket.
    if (pathname.startsWith(ROUTES.operator)) return this.env.SITE.fetch(new Request(`${origin}${pathname}`, request));
    if (pathname === "/drain") await drain();
    return Response.json({ release, startedAt, running } satisfies Status);
  }
}

/** Takes nothing new and waits until what runs has been answered, or 8 s. Sockets do not count: they never end. */
async function drain(): Promise<void> {
  leaving = true;
  for (const end = Date.now() + DRAIN_MS; running > 0 && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

async function counted(answer: () => Promise<Response>): Promise<Response> {
  running += 1;
  try {
    return await answer();
  } finally {
    running -= 1;
  }
}

async function pass(request: Request, address: string, { SETTINGS, SITE }: FrontEnv): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const inner = new Request(`${SETTINGS.origin}${pathname}${search}`, request);
  inner.headers.set("cf-connecting-ip", address);
  const answer = await SITE.fetch(inner);
  return pathname.startsWith("/api/") ? answer : compressed(request, answer);
}

/** An answer that no Worker gives, with the headers of those it does. */
function own(words: string, status: number, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(words, { status, headers: { ...ANSWER_HEADERS, ...more } });
}

function asked({ method, url, headers }: Request): Pick<Request, "method" | "url" | "headers"> {
  return { method, url, headers };
}

/** The runtime's own word about the other end of the connection. */
function peerOf({ cf }: Request): string | undefined {
  const ip = (cf as { readonly clientIp?: unknown } | undefined)?.clientIp;
  return typeof ip === "string" ? ip : undefined;
}
