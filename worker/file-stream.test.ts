import assert from "node:assert/strict";
import { test } from "node:test";
import { FILE_LIMITS } from "./contract/media.ts";
import { download } from "./file-stream.ts";

const LINK = "https://files.example.com/a";
const reach = {
  ports: [],
  trusted: [],
  resolver: { addresses: async () => ({ kind: "found", addresses: ["93.184.216.34"] }) as const },
};

function from(response: Response | Error, range?: string) {
  const ask = async (): Promise<Response> => {
    if (response instanceof Error) throw response;
    return response;
  };
  return download(LINK, { ...reach, ask, ...(range !== undefined && { range }) });
}

const answer = (status: number, headers: Record<string, string> = {}, body: BodyInit | null = "file") =>
  new Response(body, { status, headers });

test("T60: of what a server says of a file its length and its part pass, and nothing else", async () => {
  const file = await from(
    answer(200, {
      "content-length": "4",
      "content-type": "text/html",
      "set-cookie": "a=b",
      "content-disposition": "inline; filename=x.html",
      "accept-ranges": "bytes",
      link: "<https://evil.example>; rel=preload",
      refresh: "0; url=https://evil.example",
      "clear-site-data": '"*"',
    }),
  );
  assert.ok(typeof file === "object");
  assert.deepEqual(file.headers, { "content-length": "4", "accept-ranges": "bytes" });
  const part = await from(answer(206, { "content-length": "2", "content-range": "bytes 1-2/4" }, "il"), "bytes=1-2");
  assert.ok(typeof part === "object");
  assert.deepEqual([part.status, part.headers], [206, { "content-length": "2", "content-range": "bytes 1-2/4" }]);
});

test("why a file does not come is told by what its server says", async () => {
  const reasons = { 404: "gone", 410: "gone", 401: "refused", 403: "refused", 429: "refused", 416: "range" } as const;
  for (const [status, reason] of Object.entries(reasons))
    assert.equal(await from(answer(Number(status))), reason, status);
  for (const status of [500, 502, 503]) assert.equal(await from(answer(status)), "unreachable");
  for (const status of [204, 304]) assert.equal(await from(answer(status, {}, null)), "refused");
  assert.equal(await from(answer(302)), "refused", "a redirect to nowhere");
  assert.equal(await from(new TypeError("fetch failed")), "unreachable");
  assert.equal(await from(new DOMException("too late", "TimeoutError")), "slow");
});

test("what was packed, a part that nobody asked for and a part of nothing are no file", async () => {
  assert.equal(await from(answer(200, { "content-encoding": "gzip" })), "refused");
  assert.ok(typeof (await from(answer(200, { "content-encoding": "identity" }))) === "object");
  assert.equal(await from(answer(206, { "content-range": "bytes 0-1/4" })), "refused");
  for (const part of ["", "bytes */4", "items 0-1/4", "bytes 0-1/4\u00e9"])
    assert.equal(await from(answer(206, { "content-range": part }), "bytes=0-1"), "refused", part);
});

test("a file that is too large is refused before a byte of it, and one of no length ends where that is", async () => {
  assert.equal(await from(answer(200, { "content-length": `${FILE_LIMITS.mostBytesDown + 1}` })), "too-large");
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 16 * 1024 * 1024;
      controller.enqueue(new Uint8Array(16 * 1024 * 1024));
    },
    cancel() {
      cancelled = true;
    },
  });
  const file = await from(answer(200, {}, endless));
  assert.ok(typeof file === "object" && file.body !== null);
  assert.equal(file.length, undefined);
  let taken = 0;
  const reader = (file.body as ReadableStream<Uint8Array>).getReader();
  await assert.rejects(async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) taken += piece.value.byteLength;
  });
  assert.ok(taken <= FILE_LIMITS.mostBytesDown);
  assert.ok(cancelled && sent <= FILE_LIMITS.mostBytesDown + 64 * 1024 * 1024);
});
