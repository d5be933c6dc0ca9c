/**
 * From a domain to the places where its XMPP server may be reached. The runtime checks a certificate for the name that
 * is dialled, so a name counts only if the domain is known to stand behind it: it is the domain itself or below it, the
 * domain's own https server says so (XEP-0156), or DNSSEC does (RFC 6120 §13.7.1.2, RFC 7712 §5).
 */
import type { Result } from "../../../worker/contract.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { parseEndpoint, type Endpoint } from "./endpoint.ts";
import { readHostMeta, HOST_META_PATHS } from "./host-meta.ts";

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
  /** No answer: nothing is known. */
  | { readonly kind: "failed" };

export interface Resolver {
  /** The body over https, ≤ 64 KiB, within 5 s; undefined for anything else. */
  fetchText(url: string): Promise<string | undefined>;
  srv(name: string): Promise<SrvAnswer>;
}

export type DiscoverySettings = {
  /** Domain → endpoint, as the deployment decided; nothing else is tried for such a domain. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Empty: every domain. */
  readonly allowedDomains: readonly string[];
  readonly resolver: Resolver;
};

const FALLBACK_PORTS = { tls: 5223, starttls: 5222 } as const;
const MOST_ENDPOINTS = 6;
const WELL_KNOWN_PORTS: ReadonlySet<number> = new Set([443, 5222, 5223]);
const FIRST_FREE_PORT = 1_024;
/** RFC 6761, RFC 7686, RFC 8375 and what home networks use: never a server of the public network. */
const SPECIAL_NAMES =
  /(?:^|\.)(?:localhost|local|internal|onion|test|invalid|example|lan|home\.arpa|in-addr\.arpa|ip6\.arpa)$/;

/** In the order to try. Fails with `domain-refused`, `unknown-domain`, `unproven-name`, `malformed`. */
export async function discover(domain: string, settings: DiscoverySettings): Promise<Result<readonly Endpoint[]>> {
  const { allowedDomains, endpoints, resolver } = settings;
  if (allowedDomains.length > 0 && !allowedDomains.includes(domain)) return failed("domain-refused", domain);
  if (Object.hasOwn(endpoints, domain)) {
    const fixed = parseEndpoint(endpoints[domain] ?? "");
    return fixed.ok ? { ok: true, value: [fixed.value] } : fixed;
  }
  const name = publicName(domain);
  if (name === undefined) return failed("domain-refused", domain);
  const [webSockets, direct, startTls, itself] = await Promise.all([
    hostMeta(name, resolver),
    resolver.srv(`_xmpps-client._tcp.${name}`),
    resolver.srv(`_xmpp-client._tcp.${name}`),
    resolver.srv(name),
  ]);
  const services = [...servicesOf(direct, "tls", name), ...servicesOf(startTls, "starttls", name)];
  const proven = [...webSockets, ...services.flatMap(({ endpoint }) => endpoint ?? [])];
  if (proven.length > 0) return { ok: true, value: proven.slice(0, MOST_ENDPOINTS) };
  const unproven = services[0];
  if (unproven) return failed("unproven-name", unproven.target);
  if (itself.kind === "no-such-name") return failed("unknown-domain", domain);
  const left = [
    isDeclined(direct) ? undefined : endpointOf("tls", name, FALLBACK_PORTS.tls),
    isDeclined(startTls) ? undefined : endpointOf("starttls", name, FALLBACK_PORTS.starttls),
  ].flatMap((endpoint) => endpoint ?? []);
  return left.length > 0 ? { ok: true, value: left } : failed("unknown-domain", domain);
}

/** RFC 2782: the root as only target says that the service is decidedly not there. */
function isDeclined(answer: SrvAnswer): boolean {
  return answer.kind === "found" && answer.records.every(({ target }) => target === "");
}

/** The name in ASCII (IDNA) where it can belong to a server of the public network. */
export function publicName(host: string): string | undefined {
  if (!/^[^\s/:@?#[\]\\%]+$/.test(host)) return undefined;
  const name = URL.parse(`https://${host}/`)?.hostname.replace(/\.$/, "");
  // After parsing, every spelling of an IPv4 address (`0x7f.1`, `2130706433`) has become four numbers.
  if (!name?.includes(".") || /^[0-9.]+$/.test(name) || SPECIAL_NAMES.test(name)) return undefined;
  return name;
}

async function hostMeta(domain: string, resolver: Resolver): Promise<readonly Endpoint[]> {
  const texts = await Promise.all(HOST_META_PATHS.map((path) => resolver.fetchText(`https://${domain}${path}`)));
  const addresses = new Set(texts.flatMap((text) => (text === undefined ? [] : readHostMeta(text))));
  return [...addresses].flatMap((address) => {
    const endpoint = parseEndpoint(address);
    if (!endpoint.ok || endpoint.value.scheme !== "wss") return [];
    return publicName(endpoint.value.hostname) && isPort(endpoint.value.port) ? [endpoint.value] : [];
  });
}

type Service = { readonly target: string; readonly endpoint: Endpoint | undefined };

/** Best first (RFC 2782: lower priority value, then greater weight). Without an endpoint where the name is not proven. */
function servicesOf(answer: SrvAnswer, scheme: "tls" | "starttls", domain: string): readonly Service[] {
  if (answer.kind !== "found") return [];
  return answer.records
    .filter(({ target, port }) => target !== "" && isPort(port))
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    .flatMap(({ target, port }) => {
      const name = publicName(target);
      if (name === undefined) return [];
      const proven = answer.authenticated || isWithin(name, domain);
      return [{ target: name, endpoint: proven ? endpointOf(scheme, name, port) : undefined }];
    });
}

/** Names below a domain are given by whoever holds the domain. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

function endpointOf(scheme: "tls" | "starttls", name: string, port: number): Endpoint | undefined {
  const endpoint = parseEndpoint(`${scheme}://${name}:${port}`);
  return endpoint.ok ? endpoint.value : undefined;
}

/** Ports that a stranger's record may send us to: those of XMPP and https, and all that need no privilege. */
export function isPort(port: number): boolean {
  return WELL_KNOWN_PORTS.has(port) || (port >= FIRST_FREE_PORT && port <= 65_535);
}
