/**
 * A passkey that keeps a recovery key: its PRF (WebAuthn Level 3 §10.1.4) gives 32 bytes that nobody has without it, and under
 * these the key is sealed. What is sealed may lie anywhere.
 */
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Prf = { readonly enabled?: boolean; readonly results?: { readonly first?: BufferSource } };

const VERSION = "1";
const IV_BYTES = 12;
const TIMEOUT_MS = 120_000;
/** The same for all: the passkey itself is what differs. */
const INPUT = new TextEncoder().encode("alcove recovery key 1");
/** ES256, Ed25519, RS256: one of them every authenticator knows. */
const ALGORITHMS = [-7, -8, -257];

/** `unable`: this browser, or the passkey, cannot do what is needed. `not-now`: the person, or the browser, did not want it. */
export type NoPasskey = "unable" | "not-now";
/** What the account's object has beside the copy: which passkey, and the recovery key sealed by it. */
export type KeptByPasskey = { readonly kept: string };

export function mayHavePasskeys(): boolean {
  return typeof globalThis.PublicKeyCredential === "function" && typeof navigator.credentials?.create === "function";
}

/** Makes one for an account; what is `kept` of it is opened by `openByPasskey` alone. */
export async function keepInPasskey(account: string, recovery: Bytes): Promise<KeptByPasskey | NoPasskey> {
  try {
    const made = (await navigator.credentials.create({
      publicKey: {
        ...{ challenge: random(32), rp: { name: "Alcove" }, timeout: TIMEOUT_MS },
        user: { id: random(16), name: account, displayName: account },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        extensions: { prf: { eval: { first: INPUT } } },
      },
    })) as PublicKeyCredential | null;
    const prf: Prf | undefined = made?.getClientExtensionResults().prf;
    if (made === null || prf?.enabled !== true) return "unable";
    const id = new Uint8Array(made.rawId);
    // Some give it when they are made, others when they are used.
    const secret = prf.results?.first === undefined ? await secretOf(id) : bytesOf(prf.results.first);
    if (secret === undefined) return "unable";
    const iv = random(IV_BYTES);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(secret), recovery);
    return { kept: [VERSION, toBase64(id), toBase64(iv), toBase64(new Uint8Array(sealed))].join(".") };
  } catch (error) {
    return refusalOf(error);
  }
}

/** `unable` also where it was sealed by another passkey. */
export async function openByPasskey(kept: string): Promise<Bytes | NoPasskey> {
  const [version, ...parts] = kept.split(".");
  const [id, iv, sealed] = parts.map(fromBase64);
  if (version !== VERSION || id === undefined || iv === undefined || sealed === undefined) return "unable";
  try {
    const secret = await secretOf(id);
    if (secret === undefined) return "unable";
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyOf(secret), sealed));
  } catch (error) {
    return refusalOf(error);
  }
}

async function secretOf(id: Bytes): Promise<Bytes | undefined> {
  const used = (await navigator.credentials.get({
    publicKey: {
      ...{ challenge: random(32), timeout: TIMEOUT_MS, userVerification: "required" },
      allowCredentials: [{ type: "public-key", id }],
      extensions: { prf: { eval: { first: INPUT } } },
    },
  })) as PublicKeyCredential | null;
  const first = (used?.getClientExtensionResults().prf as Prf | undefined)?.results?.first;
  return first && bytesOf(first);
}

async function keyOf(secret: Bytes): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: INPUT };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Why not a browser tells no page: it was cancelled, it took too long, or there is none. */
function refusalOf(error: unknown): NoPasskey {
  if (!(error instanceof DOMException)) throw error;
  return error.name === "NotAllowedError" || error.name === "AbortError" ? "not-now" : "unable";
}

function bytesOf(source: BufferSource): Bytes {
  return new Uint8Array(
    ArrayBuffer.isView(source) ? source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength) : source,
  ) as Bytes;
}

function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
