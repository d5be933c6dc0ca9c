/**
 * From a domain to the places where its XMPP server may be reached. The runtime checks a certificate for the name that
 * is dialled, so a name counts only if the domain is known to stand behind it: it is the domain itself or below it, the
 * domain's own https server says so (XEP-0156), or DNSSEC does (RFC 6120 §13.7.1.2, RFC 7712 §5). Whoever has a domain
 * decides what its records say: nothing is dialled but public addresses, at the ports of XMPP (S10).
 */
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import { BEHIND_PROXY } from "../../../worker/shared/failure-causes.ts";
import { isPort, isWithin, publicName, type Ports } from "../../../worker/network/names.ts";
import { isPublicHost, type Resolver, type SrvAnswer } from "../../../worker/network/resolver.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { parseEndpoint, type Endpoint } from "./endpoint.ts";
import { readHostMeta, HOST_META_PATHS } from "./host-meta.ts";
import { isProxyAddress } from "./proxy-address.ts";

export type DiscoverySettings = {
  /** Domain → endpoints in the order to try, separated by spaces, as the deployment decided; nothing else is tried. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Empty: every domain. */
  readonly allowedDomains: readonly string[];
  /** Ports beside those of XMPP that the deployment lets records name. */
  readonly ports: Ports;
  readonly resolver: Resolver;
};

export type Discovered = {
  /** In the order to try; at least one. */
  readonly endpoints: readonly Endpoint[];
  /** The deployment decided it. */
  readonly fixed: boolean;
  /** Told where none of them is reached: the domain names a server it does not vouch for, or one behind Cloudflare's proxy. */
  readonly otherwise: Failure | undefined;
};

/** The deployment reaches none of its resolvers; the page has words for it. */
const NO_RESOLVER = "no resolver";
const FALLBACK_PORTS = { tls: 5223, starttls: 5222 } as const;
/** Of each kind of record, so that the others and the domain itself still have their turn. */
const MOST_OF_A_KIND = 2;

/**
 * Fails with `domain-refused`, `unknown-domain`, `unproven-name`, `malformed`, `refused`; with the detail `NO_RESOLVER` that is
 * no fault of the domain.
 */
export async function discover(domain: string, settings: DiscoverySettings): Promise<Result<Discovered>> {
  const { allowedDomains, endpoints, resolver } = settings;
  if (allowedDomains.length > 0 && !allowedDomains.includes(domain)) return failed("domain-refused", domain);
  if (Object.hasOwn(endpoints, domain)) return fixedEndpoints(endpoints[domain] ?? "");
  const name = publicName(domain);
  if (name === undefined) return failed("domain-refused", domain);
  const [webSockets, direct, startTls, itself] = await Promise.all([
    hostMeta(name, settings),
    resolver.srv(`_xmpps-client._tcp.${name}`),
    resolver.srv(`_xmpp-client._tcp.${name}`),
    resolver.addresses(name),
  ]);
  const services = [...servicesOf(direct, "tls", name, settings), ...servicesOf(startTls, "starttls", name, settings)];
  // A certificate for the domain alone (RFC 6120 §13.7.1.2) holds only where the domain itself is dialled, so that comes
  // last, whatever the records say.
  const named = [
    ...webSockets,
    ...services.flatMap(({ endpoint }) => endpoint ?? []),
    isDeclined(direct) ? undefined : endpointOf("tls", name, FALLBACK_PORTS.tls),
    isDeclined(startTls) ? undefined : endpointOf("starttls", name, FALLBACK_PORTS.starttls),
  ].flatMap((endpoint) => endpoint ?? []);
  const unproven = services.find(({ endpoint }) => endpoint === undefined);
  const otherwise = unproven && services.every(({ endpoint }) => !endpoint) ? unprovenName(unproven.target) : undefined;
  const reachable = await onlyPublic(distinct(named), resolver);
  if (reachable.length > 0) {
    const hidden = otherwise === undefined && (await isHidden(reachable, resolver));
    const behind: Failure = { kind: "refused", detail: BEHIND_PROXY };
    return { ok: true, value: { endpoints: reachable, fixed: false, otherwise: hidden ? behind : otherwise } };
  }
  if (otherwise) return { ok: false, error: otherwise };
  if ([direct, startTls, itself].every(({ kind }) => kind === "silent")) return failed("refused", NO_RESOLVER);
  const nothing = named.length === 0 || itself.kind === "no-such-name";
  return nothing ? failed("unknown-domain", domain) : failed("refused", domain);
}

/** Any address and port, for whoever deploys Alcove knows their own network. */
function fixedEndpoints(list: string): Result<Discovered> {
  const endpoints: Endpoint[] = [];
  for (const uri of list.trim().split(/\s+/)) {
    const endpoint = parseEndpoint(uri);
    if (!endpoint.ok) return endpoint;
    endpoints.push(endpoint.value);
  }
  return { ok: true, value: { endpoints, fixed: true, otherwise: undefined } };
}

/** Whether all there is are sockets to the proxy of the platform. On one's own server they are dialled all the same. */
async function isHidden(endpoints: readonly Endpoint[], resolver: Resolver): Promise<boolean> {
  const hidden = await Promise.all(
    endpoints.map(async ({ scheme, hostname }) => scheme !== "wss" && (await isBehindProxy(hostname, resolver))),
  );
  return hidden.every(Boolean);
}

/** Whether every address of a name is one of Cloudflare's proxy. */
export async function isBehindProxy(hostname: string, resolver: Pick<Resolver, "addresses">): Promise<boolean> {
  const answer = await resolver.addresses(hostname);
  return answer.kind === "found" && answer.addresses.length > 0 && answer.addresses.every(isProxyAddress);
}

async function onlyPublic(endpoints: readonly Endpoint[], resolver: Resolver): Promise<readonly Endpoint[]> {
  const names = [...new Set(endpoints.map(({ hostname }) => hostname))];
  const open = await Promise.all(names.map((name) => isPublicHost(name, resolver)));
  return endpoints.filter(({ hostname }) => open[names.indexOf(hostname)]);
}

function distinct(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...new Map(endpoints.map((endpoint) => [endpoint.uri, endpoint])).values()];
}

function unprovenName(target: string): Failure {
  return { kind: "unproven-name", detail: target };
}

/** RFC 2782: the root as only target says that the service is decidedly not there. */
function isDeclined(answer: SrvAnswer): boolean {
  return answer.kind === "found" && answer.records.every(({ target }) => target === "");
}

async function hostMeta(domain: string, { resolver, ports }: DiscoverySettings): Promise<readonly Endpoint[]> {
  const texts = await Promise.all(HOST_META_PATHS.map((path) => resolver.fetchText(`https://${domain}${path}`)));
  const addresses = new Set(texts.flatMap((text) => (text === undefined ? [] : readHostMeta(text))));
  const endpoints = [...addresses].flatMap((address) => {
    const endpoint = parseEndpoint(address);
    // What follows a `?` would be a question of the domain's owner that we ask a stranger's server.
    if (!endpoint.ok || endpoint.value.scheme !== "wss" || /[?#]/.test(address)) return [];
    const { hostname, port } = endpoint.value;
    return publicName(hostname) && isPort(port, ports) ? [endpoint.value] : [];
  });
  return endpoints.slice(0, MOST_OF_A_KIND);
}

type Service = { readonly target: string; readonly endpoint: Endpoint | undefined };

/** Best first (RFC 2782: lower priority value, then greater weight). Without an endpoint where the name is not proven. */
function servicesOf(
  answer: SrvAnswer,
  scheme: "tls" | "starttls",
  domain: string,
  { ports }: DiscoverySettings,
): readonly Service[] {
  if (answer.kind !== "found") return [];
  const services = answer.records
    .filter(({ target, port }) => target !== "" && isPort(port, ports))
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    .flatMap(({ target, port }) => {
      const name = publicName(target);
      if (name === undefined) return [];
      const proven = answer.authenticated || isWithin(name, domain);
      return [{ target: name, endpoint: proven ? endpointOf(scheme, name, port) : undefined }];
    });
  return services.toSorted((a, b) => Number(!a.endpoint) - Number(!b.endpoint)).slice(0, MOST_OF_A_KIND);
}

function endpointOf(scheme: "tls" | "starttls", name: string, port: number): Endpoint | undefined {
  const endpoint = parseEndpoint(`${scheme}://${name}:${port}`);
  return endpoint.ok ? endpoint.value : undefined;
}
