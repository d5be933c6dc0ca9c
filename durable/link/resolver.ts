/** The real resolver: https for host-meta, DNS over https (the JSON form) because only that shows the AD bit here. */
import type { Resolver, SrvAnswer, SrvRecord } from "./discover.ts";

const FETCH_TIMEOUT_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const MOST_REDIRECTS = 2;
const DOH = "https://cloudflare-dns.com/dns-query";
const SRV = 33;
/** RFC 1035 §4.1.1 */
const NO_ERROR = 0;
const NAME_ERROR = 3;

export const resolver: Resolver = {
  async fetchText(url) {
    try {
      return await fetchHttps(url, MOST_REDIRECTS);
    } catch {
      // Host-meta is optional: no connection, bad TLS, too slow and not UTF-8 all mean that there is none.
      return undefined;
    }
  },

  async srv(name) {
    try {
      const response = await fetch(`${DOH}?name=${encodeURIComponent(name)}&type=SRV`, {
        headers: { accept: "application/dns-json" },
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
      return response.ok ? readSrv(await response.json()) : { kind: "failed" };
    } catch {
      // Without an answer nothing is known; the domain itself is still tried.
      return { kind: "failed" };
    }
  },
};

/** https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/ */
export function readSrv(document: unknown): SrvAnswer {
  if (!isRecord(document)) return { kind: "failed" };
  if (document["Status"] === NAME_ERROR) return { kind: "no-such-name" };
  if (document["Status"] !== NO_ERROR) return { kind: "failed" };
  const answers = Array.isArray(document["Answer"]) ? (document["Answer"] as readonly unknown[]) : [];
  const records = answers.flatMap((answer) =>
    isRecord(answer) && answer["type"] === SRV && typeof answer["data"] === "string" ? readRecord(answer["data"]) : [],
  );
  if (records.length === 0) return { kind: "none" };
  return { kind: "found", records, authenticated: document["AD"] === true };
}

function readRecord(data: string): readonly SrvRecord[] {
  const match = /^(\d{1,5}) (\d{1,5}) (\d{1,5}) (\S+?)\.?$/.exec(data.trim());
  if (!match) return [];
  const [, priority, weight, port, target = ""] = match;
  const name = target === "." ? "" : target.toLowerCase();
  return [{ priority: Number(priority), weight: Number(weight), port: Number(port), target: name }];
}

async function fetchHttps(url: string, redirects: number): Promise<string | undefined> {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  const location = response.headers.get("location");
  if (response.status >= 300 && response.status < 400 && location !== null) {
    await response.body?.cancel();
    const next = new URL(location, url);
    return redirects > 0 && next.protocol === "https:" ? fetchHttps(next.href, redirects - 1) : undefined;
  }
  return response.ok && response.body ? readLimited(response.body) : undefined;
}

async function readLimited(body: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let [text, size] = ["", 0];
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
