/**
 * The name by which the server of an account tells the gateway that something has come: which object is meant, sealed with a key of
 * the deployment. Nobody else can make one, the gateway keeps no list of them, and whoever sees one learns nothing of whose it is.
 */
import { fromBase64Url, toBase64Url } from "../../worker/shared/base64.ts";
import { keyBytesFor } from "../../worker/shared/derived-key.ts";
import { toHex } from "../../worker/shared/hex.ts";

/** `object`: its id, 64 hex digits. `pass`: 24 of them, which the account may change: what it does not know any more wakes nobody. */
export type Meant = { readonly object: string; readonly pass: string };

const IV_BYTES = 12;
const OBJECT_BYTES = 32;
const PASS_BYTES = 12;
const TAG_BYTES = 16;
const NODE_BYTES = IV_BYTES + OBJECT_BYTES + PASS_BYTES + TAG_BYTES;
/** Base64url without padding: four characters for three bytes. */
const NODE_LENGTH = (NODE_BYTES / 3) * 4;

export class Nodes {
  readonly #secret: string;
  #key: Promise<CryptoKey> | undefined;

  /** `secret`: that of sessions. With another one all browsers are signed out, so nobody is to be woken. */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Another one at each call, 96 characters. */
  async seal({ object, pass }: Meant): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const inside = new Uint8Array([...fromHex(object), ...fromHex(pass)]);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#opener(), inside);
    return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
  }

  /** Undefined for what this deployment has not made. */
  async open(node: string): Promise<Meant | undefined> {
    if (node.length !== NODE_LENGTH || !/^[\w-]+$/.test(node)) return undefined;
    const bytes = fromBase64Url(node);
    const iv = bytes.subarray(0, IV_BYTES);
    try {
      const opened = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv },
        await this.#opener(),
        bytes.subarray(IV_BYTES),
      );
      const inside = new Uint8Array(opened);
      return { object: toHex(inside.subarray(0, OBJECT_BYTES)), pass: toHex(inside.subarray(OBJECT_BYTES)) };
    } catch (error) {
      if (error instanceof DOMException) return undefined;
      throw error;
    }
  }

  #opener(): Promise<CryptoKey> {
    this.#key ??= keyBytesFor("gateway", this.#secret).then((bytes) =>
      crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]),
    );
    return this.#key;
  }
}

/** Nobody guesses it. */
export function newPass(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(PASS_BYTES)));
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
