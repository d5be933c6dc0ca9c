/**
 * A colour that belongs to an address, the same on every screen. The idea is XEP-0392 (consistent colour generation); the
 * hash is a short synchronous one (FNV-1a) because the angle need not match other clients, only be stable and spread.
 */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const CIRCLE_DEGREES = 360;
/** Dark enough for white letters, these yellows look like mud; the circle is closed without them. */
const MUD = { from: 75, to: 125 } as const;

/** A hue in whole degrees, 0 … 359, without the muddy ones. */
export function hueOf(address: string): number {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(address)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  // The low bits of FNV-1a depend on few input bits; fold the high ones in.
  const hue = ((hash ^ (hash >>> 15)) >>> 0) % (CIRCLE_DEGREES - (MUD.to - MUD.from));
  return hue < MUD.from ? hue : hue + (MUD.to - MUD.from);
}

/** The first letter or digit of a name, upper case; the first character at all where there is none. */
export function initialOf(name: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? [...name][0] ?? "";
  return letter.toLocaleUpperCase();
}
