/** IP addresses and networks (CIDR, RFC 4632, RFC 4291 §2.3), for saying which neighbours of this server are its proxies. */

/** Its bits as one number; an IPv4 address inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. */
type Address = { readonly bits: 32 | 128; readonly value: bigint };

export type Network = { readonly bits: 32 | 128; readonly prefix: number; readonly value: bigint };

const IPV4_IN_IPV6 = 0xffffn;
const IPV4_BITS = 32;
const IPV6_BITS = 128;
const GROUPS = 8;

/** `192.0.2.0/24`, `2001:db8::/32`, or one address. Undefined where it is none. */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", prefix, ...rest] = text.trim().split("/");
  const parsed = parseAddress(address);
  if (parsed === undefined || rest.length > 0) return undefined;
  const { bits, value } = parsed;
  if (prefix === undefined) return { bits, value, prefix: bits };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return undefined;
  return { bits, value, prefix: Number(prefix) };
}

/** Whether an address, as `normaliseAddress` gives it, is in one of the networks. */
export function isWithin(address: string, networks: readonly Network[]): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined) return false;
  return networks.some(({ bits, value, prefix }) => {
    const host = BigInt(bits - prefix);
    return bits === parsed.bits && value >> host === parsed.value >> host;
  });
}

/**
 * An address as it is written in headers and told by the runtime, with or without a port: `192.0.2.1:4711`, `[2001:db8::1]:80`,
 * `2001:db8::1`. The port is dropped, IPv4 inside IPv6 becomes IPv4. Undefined where it is no address.
 */
export function normaliseAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed) ?? [];
  const [, dotted] = /^([\d.]+)(?::\d+)?$/.exec(trimmed) ?? [];
  const address = bracketed ?? dotted ?? trimmed;
  const parsed = parseAddress(address);
  if (parsed === undefined) return undefined;
  return parsed.bits === IPV4_BITS ? dottedOf(parsed.value) : address.toLowerCase();
}

function parseAddress(text: string): Address | undefined {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return { bits: IPV4_BITS, value: ipv4 };
  const ipv6 = parseIpv6(text);
  if (ipv6 === undefined) return undefined;
  const inside = ipv6 >> BigInt(IPV4_BITS) === IPV4_IN_IPV6;
  return inside ? { bits: IPV4_BITS, value: ipv6 & 0xffff_ffffn } : { bits: IPV6_BITS, value: ipv6 };
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const dotted = /^(.*:)([\d.]+)$/.exec(text);
  const last = dotted?.[2]?.includes(".") ? parseIpv4(dotted[2]) : undefined;
  if (dotted?.[2]?.includes(".") && last === undefined) return undefined;
  const words =
    last === undefined ? text : `${dotted?.[1]}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
  const [head = "", tail, ...rest] = words.split("::");
  if (rest.length > 0) return undefined;
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = GROUPS - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function dottedOf(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => `${(value >> shift) & 0xffn}`).join(".");
}
