/**
 * What own browsers seal for one another and the object keeps: AES-256-GCM over JSON that is filled up to a step, bound to
 * account, conversation and name, so that none can stand in another's place.
 */
import type { SealedName } from "../../../worker/contract/choices.ts";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, concat, randomBytes } from "../bytes.ts";
import type { SealingKey } from "../store/schema.ts";

const VERSION = "1";
const IV_BYTES = 12;
const LENGTH_BYTES = 4;
/** Lengths that a sealed text can have, in bytes. What is longer stays in its browser. */
const STEPS = [128, 512, 2_048, 8_192, 32_768];

/** `at`: when it was written. `text` of a draft, or the name; without it there is none. `reply`: the entry that it answers. */
export type SealedText = { readonly at: Time; readonly text?: string; readonly reply?: string };

/** Whose choice it is. */
export type SealedPlace = { readonly account: BareJid; readonly chat: BareJid; readonly name: SealedName };

type Key = Pick<SealingKey, "id" | "key">;

/** Under which key a value was sealed; undefined: it is none. */
export function keyIdOf(value: unknown): string | undefined {
  const [version, id, data] = typeof value === "string" ? value.split(".") : [];
  return version === VERSION && data !== undefined ? id : undefined;
}

/** Undefined: it is longer than the longest step. */
export async function seal(key: Key, place: SealedPlace, sealed: SealedText): Promise<string | undefined> {
  const json = new TextEncoder().encode(JSON.stringify(sealed));
  const step = STEPS.find((bytes) => bytes >= json.length + LENGTH_BYTES);
  if (step === undefined) return undefined;
  const plain = new Uint8Array(step);
  new DataView(plain.buffer).setUint32(0, json.length);
  plain.set(json, LENGTH_BYTES);
  const iv = randomBytes(IV_BYTES);
  const data = await crypto.subtle.encrypt(parametersOf(iv, place), await handleOf(key, "encrypt"), plain);
  return `${VERSION}.${key.id}.${toBase64(concat(iv, new Uint8Array(data)))}`;
}

/** Undefined: it was not sealed with this key, for this place. */
export async function unseal(key: Key, place: SealedPlace, value: string): Promise<SealedText | undefined> {
  const data = fromBase64(value.split(".")[2] ?? "");
  if (data === undefined || keyIdOf(value) !== key.id) return undefined;
  try {
    const handle = await handleOf(key, "decrypt");
    const parameters = parametersOf(data.slice(0, IV_BYTES), place);
    const plain = new Uint8Array(await crypto.subtle.decrypt(parameters, handle, data.slice(IV_BYTES)));
    const length = new DataView(plain.buffer).getUint32(0);
    return readText(JSON.parse(new TextDecoder().decode(plain.slice(LENGTH_BYTES, LENGTH_BYTES + length))));
  } catch (error) {
    // The tag is another one, or a newer release has written what only it can read.
    if (error instanceof DOMException || error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function readText(value: unknown): SealedText | undefined {
  const { at, text, reply } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof at !== "number" || !Number.isSafeInteger(at)) return undefined;
  return {
    at,
    ...(typeof text === "string" && { text }),
    ...(typeof reply === "string" && { reply }),
  };
}

function parametersOf(iv: Bytes, { account, chat, name }: SealedPlace): AesGcmParams {
  // An address holds no line feed.
  const place = ["alcove sealed choice", VERSION, account, chat, name].join("\n");
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
}

function handleOf({ key }: Key, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);
}
