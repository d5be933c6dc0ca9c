/**
 * A colour that belongs to an address, the same on every screen. The idea is XEP-0392 (consistent colour generation); the
 * hash is a short synchronous one (FNV-1a) because the angle need not match other clients, only be stable and spread.
 */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Far enough from each other to be told apart; dark enough for white letters, yellows would look like mud. */
const HUES = [5, 30, 55, 140, 165, 190, 215, 240, 265, 290, 315, 340] as const;
const TONES = 2;

/** `hue` in degrees; `tone`: 0, or 1 for the darker of the two of each hue. */
export type AvatarColour = { readonly hue: number; readonly tone: number };

export function colourOf(address: string): AvatarColour {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(address)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  // The low bits of FNV-1a depend on few input bits; fold the high ones in.
  const spread = (hash ^ (hash >>> 15)) >>> 0;
  return { hue: HUES[spread % HUES.length] ?? 0, tone: Math.floor(spread / HUES.length) % TONES };
}

/** The first letter or digit of a name, upper case; the first character at all where there is none. */
export function initialOf(name: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? [...name][0] ?? "";
  return letter.toLocaleUpperCase();
}
