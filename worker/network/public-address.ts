/** Addresses of the public network, told from those that only mean something where we run (S10). */

/** First address and prefix length: IANA's registry of special-purpose IPv4 addresses, multicast, and what is reserved. */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/**
 * Within 2000::/3, the only part of IPv6 that is given out (RFC 4291 §2.4); mapped, translated, unique local and link-local
 * addresses lie outside of it. Protocol assignments and Teredo, documentation, 6to4 with an IPv4 address inside.
 */
const SPECIAL_V6: readonly (readonly [number, number, number])[] = [
  [0x2001, 0x0000, 23],
  [0x2001, 0x0db8, 32],
  [0x2002, 0x0000, 16],
  [0x3fff, 0x0000, 20],
];

/** An address as a DNS server writes it. False for anything else. */
export function isPublicAddress(text: string): boolean {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return isPublicV4(text);
  const first = firstHalves(text);
  if (!first) return false;
  const [high, low] = first;
  if (high < 0x2000 || high > 0x3fff) return false;
  const value = high * 0x1_0000 + low;
  return !SPECIAL_V6.some(([a, b, length]) => isIn(value, a * 0x1_0000 + b, length));
}

/** Whether an address lies in the range of `first` and a prefix length; both of the same family, at most 32 bits of prefix. */
export function isInRange(text: string, first: string, length: number): boolean {
  const [value, start] = [firstBits(text), firstBits(first)];
  return value !== undefined && start !== undefined && text.includes(":") === first.includes(":")
    ? isIn(value, start, length)
    : false;
}

/** The first 32 bits, which of IPv4 are all. */
function firstBits(text: string): number | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return valueOfV4(text);
  const halves = firstHalves(text);
  return halves && halves[0] * 0x1_0000 + halves[1];
}

function isPublicV4(text: string): boolean {
  const value = valueOfV4(text);
  return value !== undefined && !SPECIAL_V4.some(([first, length]) => isIn(value, valueOfV4(first) ?? 0, length));
}

function valueOfV4(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  return parts.some((part) => part > 255) ? undefined : parts.reduce((value, part) => value * 256 + part, 0);
}

/** The first 32 bits of an IPv6 address, in whatever way it is abbreviated. */
function firstHalves(text: string): readonly [number, number] | undefined {
  const host = URL.parse(`http://[${text}]/`)?.hostname;
  if (host === undefined || !/^\[[0-9a-f:]+\]$/.test(host)) return undefined;
  const [before = "", after] = host.slice(1, -1).split("::");
  const groups = before === "" ? [] : before.split(":");
  if (after === undefined && groups.length !== 8) return undefined;
  // What is left out is zero; more than six groups behind it would reach into these.
  const behind = after === undefined || after === "" ? [] : after.split(":");
  const all = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - behind.length)).fill("0"), ...behind];
  return [Number.parseInt(all[0] ?? "0", 16), Number.parseInt(all[1] ?? "0", 16)];
}

function isIn(value: number, first: number, length: number): boolean {
  const size = 2 ** (32 - length);
  return Math.floor(value / size) === Math.floor(first / size);
}
