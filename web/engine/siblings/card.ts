/**
 * What stands in the picture that one browser shows and the other one scans: whose keys they are, and a secret that never
 * travels on the line. Who has read it knows the keys of the browser that showed it; who hears the secret's proof back knows
 * that its picture was read.
 */
import type { DeviceId } from "../../../worker/contract/names.ts";
import { type Bytes, concat, randomBytes, sameBytes } from "../bytes.ts";
import { numberOf, proofOf } from "./agreement.ts";

const PREFIX = "ALCOVE:";
const VERSION = 1;
const DEVICE_BYTES = 4;
const KEY_BYTES = 33;
const SECRET_BYTES = 16;
const CARD_BYTES = 1 + DEVICE_BYTES + 2 * KEY_BYTES + SECRET_BYTES;
/** RFC 4648 §6: a QR code holds capital letters and digits in fewer modules. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BITS = 5;

export type Card = {
  readonly device: DeviceId;
  readonly identityKey: Bytes;
  readonly ephemeral: Bytes;
  readonly secret: Bytes;
};

/** For as long as a browser shows itself. */
export function newSecret(): Bytes {
  return randomBytes(SECRET_BYTES);
}

export function cardText({ device, identityKey, ephemeral, secret }: Card): string {
  const bytes = concat(Uint8Array.of(VERSION), numberOf(device), identityKey, ephemeral, secret);
  let [text, held, bits] = [PREFIX, 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= BITS; bits -= BITS) text += ALPHABET[(held >> (bits - BITS)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (BITS - bits)) & 31];
}

/** Undefined: it is no such card, or of a release that writes others. */
export function readCard(text: string): Card | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const letter of text.slice(PREFIX.length)) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0 || bytes.length > CARD_BYTES) return undefined;
    held = (held << BITS) | value;
    bits += BITS;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  if (bytes.length !== CARD_BYTES || bytes[0] !== VERSION) return undefined;
  const card = Uint8Array.from(bytes);
  const keys = 1 + DEVICE_BYTES;
  return {
    device: new DataView(card.buffer).getUint32(1) as DeviceId,
    identityKey: card.slice(keys, keys + KEY_BYTES),
    ephemeral: card.slice(keys + KEY_BYTES, keys + 2 * KEY_BYTES),
    secret: card.slice(keys + 2 * KEY_BYTES),
  };
}

/** Whether a card is that of the browser at the other end. */
export function isCardOf(card: Card, device: DeviceId, theirs: Pick<Card, "identityKey" | "ephemeral">): boolean {
  return (
    card.device === device &&
    sameBytes(card.identityKey, theirs.identityKey) &&
    sameBytes(card.ephemeral, theirs.ephemeral)
  );
}

/** What who has read a card says on the line that both share; only who showed it can tell that it is right. */
export function readingProof(secret: Bytes, binding: Bytes): Promise<Bytes> {
  return proofOf(secret, binding, "card was read");
}
