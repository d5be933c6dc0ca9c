/** Which names and ports a stranger's records may lead to. */

/** Ranges of ports, both ends included. */
export type Ports = readonly (readonly [number, number])[];

/** Those of https, XMPP and XMPP over https: all that a record may name unless the deployment allows more. */
const XMPP_PORTS: ReadonlySet<number> = new Set([443, 5222, 5223, 5280, 5281]);
const FIRST_FREE_PORT = 1_024;
const LAST_PORT = 65_535;
/** RFC 6761, RFC 7686, RFC 8375 and what home networks use: never a server of the public network. */
const SPECIAL_NAMES =
  /(?:^|\.)(?:localhost|local|internal|onion|test|invalid|example|lan|home\.arpa|in-addr\.arpa|ip6\.arpa)$/;

/** The name in ASCII (IDNA) where it can belong to a server of the public network. */
export function publicName(host: string): string | undefined {
  if (!/^[^\s/:@?#[\]\\%]+$/.test(host)) return undefined;
  const name = URL.parse(`https://${host}/`)?.hostname.replace(/\.$/, "");
  // After parsing, every spelling of an IPv4 address (`0x7f.1`, `2130706433`) has become four numbers.
  if (!name?.includes(".") || /^[0-9.]+$/.test(name) || SPECIAL_NAMES.test(name)) return undefined;
  return name;
}

/** Names below a domain are given by whoever holds the domain. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** `further`: what the deployment allows beside the ports of XMPP; those that need a privilege it cannot. */
export function isPort(port: number, further: Ports): boolean {
  if (XMPP_PORTS.has(port)) return true;
  return port >= FIRST_FREE_PORT && port <= LAST_PORT && further.some(([first, last]) => port >= first && port <= last);
}

/** `"7443 8443-8450"`; what cannot be read allows nothing. */
export function parsePorts(list: string): Ports {
  return list.split(/[\s,;]+/).flatMap((text) => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
    return first === undefined ? [] : [[Number(first), Number(last)] as const];
  });
}
