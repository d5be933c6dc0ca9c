/** The real resolver: https for host-meta, DNS over https (the JSON form) because only that shows the AD bit here. */
import { isPublicAddress } from "./public-address.ts";

export type SrvRecord = {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Without the final dot; empty: the service is decidedly not offered (RFC 2782). */
  readonly target: string;
};

export type SrvAnswer =
  /** `authenticated`: DNSSEC, as the AD bit of a resolver we trust says. */
  | { readonly kind: "found"; readonly records: readonly SrvRecord[]; readonly authenticated: boolean }
  | { readonly kind: "none" }
  /** The name and everything below it does not exist. */
  | { readonly kind: "no-such-name" }
  /** A resolver could not find out: nothing is known. */
  | { readonly kind: "failed" }
  /** No resolver could be reached. */
  | { readonly kind: "silent" };

/** IPv4 and IPv6 addresses as text, all there are. `failed`, `silent`: they are not known, or not all of them. */
export type AddressAnswer =
  | { readonly kind: "found"; readonly addresses: readonly string[] }
  | { readonly kind: "none" | "no-such-name" | "failed" | "silent" };

export interface Resolver {
  /** The body over https, ≤ 64 KiB, within 5 s, from public addresses; undefined for anything else. */
  fetchText(url: string): Promise<string | undefined>;
  srv(name: string): Promise<SrvAnswer>;
  addresses(name: string): Promise<AddressAnswer>;
}

const FETCH_TIMEOUT_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const MOST_REDIRECTS = 2;
/** A resolver that has not answered by now is not there; the next one still has its turn. */
const DNS_TIMEOUT_MS = 2_500;
/** Of two companies, where the deployment names none: the second is asked where the first is silent. */
const RESOLVERS = ["https://cloudflare-dns.com/dns-query", "https://dns.google/resolve"] as const;
/** RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 2782 */
const TYPES = { A: 1, AAAA: 28, SRV: 33 } as const;
/** RFC 1035 §4.1.1 */
const NO_ERROR = 0;
const NAME_ERROR = 3;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * `"https://dns.example/dns-query https://other.example/resolve"`: resolvers in the order to ask. Ours where none is named;
 * what is no `https` address is left out, and never replaced by somebody else.
 */
export function parseResolvers(list: string): readonly string[] {
  const named = list.split(/[\s,;]+/).filter((one) => one !== "");
  if (named.length === 0) return RESOLVERS;
  return named.filter((one) => {
    const url = URL.parse(one);
    return url?.protocol === "https:" && url.search === "" && url.hash === "" && url.username === "";
  });
}

/** `ask` is the platform's fetch, or a test's; `resolvers` as `parseResolvers` gives them. */
export function makeResolver(ask: Fetch, resolvers: readonly string[] = RESOLVERS): Resolver {
  const queryAt = async (resolver: string, name: string, type: keyof typeof TYPES): Promise<DnsAnswer> => {
    try {
      const response = await ask(`${resolver}?name=${encodeURIComponent(name)}&type=${type}`, {
        headers: { accept: "application/dns-json" },
        signal: AbortSignal.timeout(DNS_TIMEOUT_MS),
      });
      return response.ok ? readDns(await response.json(), TYPES[type]) : { kind: "silent" };
    } catch {
      // No connection, too slow, or no answer that could be read: this one says nothing.
      return { kind: "silent" };
    }
  };
  // Whatever one of them says stands, that it fails (SERVFAIL: DNSSEC that does not hold) as well: nobody is asked for a
  // better answer.
  const query = async (name: string, type: keyof typeof TYPES): Promise<DnsAnswer> => {
    for (const resolver of resolvers) {
      const answer = await queryAt(resolver, name, type);
      if (answer.kind !== "silent") return answer;
    }
    return { kind: "silent" };
  };
  const addresses = async (name: string): Promise<AddressAnswer> => {
    const both = await Promise.all([query(name, "A"), query(name, "AAAA")]);
    for (const unknown of ["silent", "failed"] as const)
      if (both.some(({ kind }) => kind === unknown)) return { kind: unknown };
    if (both.some(({ kind }) => kind === "no-such-name")) return { kind: "no-such-name" };
    const found = both.flatMap((answer) => (answer.kind === "found" ? answer.data : []));
    return found.length > 0 ? { kind: "found", addresses: found } : { kind: "none" };
  };
  return {
    addresses,

    async fetchText(url) {
      try {
        const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
        return await fetchHttps(ask, new URL(url), signal, (host) => isPublicHost(host, { addresses }));
      } catch {
        // Host-meta is optional: no connection, bad TLS, too slow and not UTF-8 all mean that there is none.
        return undefined;
      }
    },

    async srv(name) {
      return srvOf(await query(name, "SRV"));
    },
  };
}

/** `list`: the deployment's own. */
export function resolverOf(list: string): Resolver {
  return makeResolver((url, init) => fetch(url, init), parseResolvers(list));
}

/** Whether every address of a name is public. */
export async function isPublicHost(hostname: string, resolver: Pick<Resolver, "addresses">): Promise<boolean> {
  const answer = await resolver.addresses(hostname);
  return answer.kind === "found" && answer.addresses.length > 0 && answer.addresses.every(isPublicAddress);
}

type DnsAnswer =
  | { readonly kind: "found"; readonly data: readonly string[]; readonly authenticated: boolean }
  | { readonly kind: "none" | "no-such-name" | "failed" | "silent" };

/** https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/ */
function readDns(document: unknown, type: number): DnsAnswer {
  if (!isRecord(document) || typeof document["Status"] !== "number") return { kind: "silent" };
  if (document["Status"] === NAME_ERROR) return { kind: "no-such-name" };
  if (document["Status"] !== NO_ERROR) return { kind: "failed" };
  const answers = Array.isArray(document["Answer"]) ? (document["Answer"] as readonly unknown[]) : [];
  // Of a name that stands for another one (CNAME) the record of that one is here as well.
  const data = answers.flatMap((answer) =>
    isRecord(answer) && answer["type"] === type && typeof answer["data"] === "string" ? answer["data"] : [],
  );
  return data.length === 0 ? { kind: "none" } : { kind: "found", data, authenticated: document["AD"] === true };
}

function srvOf(answer: DnsAnswer): SrvAnswer {
  if (answer.kind !== "found") return answer;
  const records = answer.data.flatMap(readRecord);
  return records.length === 0 ? { kind: "none" } : { kind: "found", records, authenticated: answer.authenticated };
}

function readRecord(data: string): readonly SrvRecord[] {
  const match = /^(\d{1,5}) (\d{1,5}) (\d{1,5}) (\S+?)\.?$/.exec(data.trim());
  if (!match) return [];
  const [, priority, weight, port, target = ""] = match;
  const name = target === "." ? "" : target.toLowerCase();
  return [{ priority: Number(priority), weight: Number(weight), port: Number(port), target: name }];
}

/** The whole of it within one time limit, redirects and body included. */
async function fetchHttps(
  ask: Fetch,
  first: URL,
  signal: AbortSignal,
  isPublic: (hostname: string) => Promise<boolean>,
): Promise<string | undefined> {
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    if (!(await isPublic(url.hostname))) return undefined;
    const response = await ask(url.href, { redirect: "manual", signal });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      return response.ok && response.body ? readLimited(response.body) : undefined;
    }
    await response.body?.cancel();
    url = new URL(location, url);
    if (!speaksFor(url, first)) return undefined;
  }
  return undefined;
}

/** The rule for names in `names.ts`: a page that sends everybody elsewhere has not appointed that place for XMPP. */
function speaksFor(url: URL, domain: URL): boolean {
  const near = url.hostname === domain.hostname || url.hostname.endsWith(`.${domain.hostname}`);
  return url.protocol === "https:" && url.port === domain.port && near;
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
