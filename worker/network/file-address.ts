/**
 * Where files are put and fetched: addresses that others name, so nothing is asked but what serves files on the public
 * network (S10). Two looks: at the address itself, and at what DNS says of its host right before it is asked.
 */
import { isPort, type Ports, publicName } from "./names.ts";
import { isPublicHost, type Resolver } from "./resolver.ts";

/** Beside those of https and XMPP: what ejabberd, Openfire and whoever stands behind a proxy hand out. */
const FILE_PORTS: ReadonlySet<number> = new Set([5_443, 7_443, 8_443]);
/** Of XMPP: these speak no https, or nobody serves a file there. */
const NO_FILE_PORTS: ReadonlySet<number> = new Set([5_222, 5_223, 5_280]);
/** RFC 6761 §6.3, as URLs spell it. In the clear nothing leaves the own machine (`endpoint.ts`). */
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

export type FileReach = {
  /** Ports that the deployment lets records name (`XMPP_PORTS`). */
  readonly ports: Ports;
  /** Origins that the deployment's own servers have named, in whatever network they are. */
  readonly trusted: readonly string[];
  /** Of this deployment: it is never asked by itself. */
  readonly own?: string;
  readonly resolver: Pick<Resolver, "addresses">;
};

/** The address where it may be asked by its looks; undefined for any other. A fragment is nobody's business and goes. */
export function fileAddress(text: string, reach: Omit<FileReach, "resolver">, base?: URL): URL | undefined {
  const url = URL.parse(text, base?.href);
  if (url?.username !== "" || url.password !== "") return undefined;
  url.hash = "";
  if (url.origin === reach.own) return undefined;
  if (reach.trusted.includes(url.origin)) return isTrustworthy(url) ? url : undefined;
  const host = url.hostname;
  if (url.protocol !== "https:" || publicName(host) !== host) return undefined;
  return isFilePort(portOf(url), reach.ports) ? url : undefined;
}

/** Whether DNS leads such an address to the public network now. One that the deployment's own server has named is not asked about. */
export async function leadsToPublic(url: URL, { trusted, resolver }: FileReach): Promise<boolean> {
  return trusted.includes(url.origin) || isPublicHost(url.hostname, resolver);
}

/** What the deployment's own server may name: anything over https, and on the own machine without. */
export function isTrustworthy(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
}

function isFilePort(port: number, further: Ports): boolean {
  return FILE_PORTS.has(port) || (isPort(port, further) && !NO_FILE_PORTS.has(port));
}

function portOf(url: URL): number {
  return url.port === "" ? 443 : Number(url.port);
}
