/**
 * A world that wishes the Worker no good, on one plain server: a path begins with the name under which the Worker believes to
 * ask (`/site.alcove-corpus.net/…`).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { HOSTILE_HEADS } from "./hostile-heads.ts";
import { type Answer, MEGABYTE, moves, OTHER, page, SITE } from "./hostile-page.ts";
import { HOSTILE_ROADS } from "./hostile-roads.ts";

export const HOSTILE_PAGES = [...HOSTILE_ROADS, ...HOSTILE_HEADS];

/** What DNS says of names; of all others that there are none. */
const DNS: Readonly<Record<string, readonly string[]>> = {
  [SITE]: ["93.184.216.34"],
  [OTHER]: ["93.184.216.35"],
  "inside.alcove-corpus.net": ["10.1.2.3"],
  "metadata.alcove-corpus.net": ["169.254.169.254"],
  "half.alcove-corpus.net": ["93.184.216.34", "127.0.0.1"],
};

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const HTML = "text/html; charset=utf-8";

/** Beside the pages: pictures and places that they name. */
const PLACES: Readonly<Record<string, Answer>> = {
  [`${SITE}/good.png`]: { type: "image/png", body: PNG },
  [`${SITE}/liar.png`]: { type: "image/png", body: "<html><script>1</script></html>" },
  [`${SITE}/drawn.svg`]: { type: "image/svg+xml", body: "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>" },
  [`${SITE}/huge.png`]: { type: "image/png", body: Buffer.concat([PNG, Buffer.alloc(MEGABYTE + 1)]) },
  [`${SITE}/endless.png`]: { type: "image/png", endless: Buffer.concat([PNG, Buffer.alloc(64_000)]) },
  [`${SITE}/away.png`]: moves("https://inside.alcove-corpus.net/a.png"),
  [`${SITE}/bomb.png`]: { headers: { "content-encoding": "gzip" }, body: gzipSync(Buffer.alloc(50 * MEGABYTE)) },
  [`${SITE}/one`]: moves("/two"),
  [`${SITE}/two`]: moves(`https://${OTHER}/three`),
  [`${OTHER}/three`]: page("<title>There</title>"),
  [`${SITE}/1of4`]: moves("/2of4"),
  [`${SITE}/2of4`]: moves("/3of4"),
  [`${SITE}/3of4`]: moves("/4of4"),
  [`${SITE}/4of4`]: page("<title>Too far</title>"),
};

export type HostileWorld = {
  readonly origin: string;
  /** What was asked: name and path, with the headers. */
  readonly asked: { readonly place: string; readonly headers: IncomingMessage["headers"] }[];
  close(): Promise<void>;
};

/** Serves all that, and DNS in its JSON form under the names of the usual resolvers. */
export async function startHostileWorld(): Promise<HostileWorld> {
  const asked: HostileWorld["asked"] = [];
  const server: Server = createServer((request, response) => {
    const [path = "", query = ""] = (request.url ?? "").slice(1).split("?");
    if (path.endsWith("/dns-query") || path.endsWith("/resolve")) {
      answerDns(new URLSearchParams(query), response);
      return;
    }
    asked.push({ place: path, headers: request.headers });
    answer(path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** RFC 8427-like, as the resolvers answer: one type at a time. */
function answerDns(query: URLSearchParams, response: ServerResponse): void {
  const addresses = DNS[query.get("name") ?? ""];
  const isV4 = query.get("type") === "A";
  const found = isV4 ? (addresses ?? []) : [];
  const Answer = found.map((data) => ({ type: 1, data }));
  response.setHeader("content-type", "application/dns-json");
  response.end(JSON.stringify({ Status: addresses === undefined ? 3 : 0, Answer }));
}

function answer(place: string, response: ServerResponse): void {
  const [host, ...path] = place.split("/");
  const named = host === SITE ? HOSTILE_PAGES.find((one) => one.path === `/${path.join("/")}`)?.answer : undefined;
  const {
    status = 200,
    type = HTML,
    headers = {},
    body = "",
    endless,
    waitMs = 0,
  } = PLACES[place] ?? named ?? { status: 404 };
  if (status === 0) {
    response.socket?.end("no HTTP at all\r\n\r\n");
    return;
  }
  if (waitMs > 0) return;
  response.writeHead(status, { ...(type !== "" && { "content-type": type }), ...headers });
  response.write(body);
  if (waitMs < 0) return;
  if (endless === undefined) response.end();
  else goOn(response, endless);
}

function goOn(response: ServerResponse, part: string | Uint8Array): void {
  const more = () => {
    while (!response.destroyed) if (!response.write(part)) return;
  };
  response.on("drain", more);
  response.on("error", () => undefined);
  more();
}
