/** `fetch` that connects where the route says, and remembers how each address answered. */
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { Readable } from "node:stream";
import type { Route } from "./route.ts";

/** A status, or why there was none: the code of an error. */
export type Outcome = { readonly status: number } | { readonly error: string };

export class Asking {
  readonly outcomes = new Map<string, Outcome>();
  readonly #route: Route;

  constructor(route: Route) {
    this.#route = route;
  }

  /** As much of `fetch` as the resolver needs. */
  readonly ask = async (url: string, init: { headers?: unknown; signal?: AbortSignal | null }): Promise<Response> => {
    try {
      const answer = await this.#request(new URL(url), init);
      const { statusCode: status = 0 } = answer;
      this.outcomes.set(url, { status });
      const headers = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" ? [[name, value]] : [],
      );
      const empty = status === 204 || status === 304;
      const body = empty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
      return new Response(body, { status, headers });
    } catch (error) {
      this.outcomes.set(url, { error: codeOf(error) });
      throw error;
    }
  };

  #request(
    url: URL,
    { headers, signal }: { headers?: unknown; signal?: AbortSignal | null },
  ): Promise<IncomingMessage> {
    const tls = url.protocol === "https:";
    const place = this.#route(url.hostname, Number(url.port) || (tls ? 443 : 80));
    return new Promise((resolve, reject) => {
      const asked = (tls ? requestTls : requestPlain)(
        {
          ...place,
          path: url.pathname + url.search,
          headers: { ...(headers as Record<string, string> | undefined), host: url.host },
          servername: url.hostname,
          // Each name with a connection of its own: a route may lead several to one place.
          agent: false,
          ...(signal && { signal }),
        },
        resolve,
      );
      asked.on("error", reject);
      asked.end();
    });
  }
}

export function codeOf(error: unknown): string {
  const { code, message = "unknown" } = (error ?? {}) as { code?: unknown; message?: string };
  return typeof code === "string" ? code : message;
}
