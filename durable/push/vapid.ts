/** How a push service knows who pushes: a token that this deployment has signed (RFC 8292). */
import { toBase64Url } from "../../worker/shared/base64.ts";
import type { Time } from "../../worker/contract/names.ts";
import type { PushKeys } from "./push-keys.ts";

/** RFC 8292 §2: no longer than 24 hours. One token is used for half of that, so that clocks may differ. */
const VALID_MS = 24 * 60 * 60_000 - 10 * 60_000;
const USED_MS = 12 * 60 * 60_000;
/** Services that one object remembers a token for: its browsers have few makers. */
const REMEMBERED = 8;

const ECDSA = { name: "ECDSA", hash: "SHA-256" } as const;

export class Vapid {
  readonly #keys: PushKeys;
  readonly #contact: string;
  readonly #tokens = new Map<string, { readonly header: string; readonly until: Time }>();

  /** `contact`: where somebody who runs a push service finds who pushes (§2.1), an `https:` address of this deployment. */
  constructor(keys: PushKeys, contact: string) {
    this.#keys = keys;
    this.#contact = contact;
  }

  /** The value of `Authorization` for a push to this origin (§3). */
  async header(origin: string, now: Time): Promise<string> {
    const known = this.#tokens.get(origin);
    if (known !== undefined && now < known.until && known.until - now <= USED_MS) return known.header;
    const claims = { aud: origin, exp: Math.floor((now + VALID_MS) / 1_000), sub: this.#contact };
    const signed = `${part({ typ: "JWT", alg: "ES256" })}.${part(claims)}`;
    const signature = await crypto.subtle.sign(ECDSA, this.#keys.signingKey, new TextEncoder().encode(signed));
    const header = `vapid t=${signed}.${toBase64Url(signature)}, k=${this.#keys.publicKey}`;
    if (this.#tokens.size >= REMEMBERED) this.#tokens.clear();
    this.#tokens.set(origin, { header, until: (now + USED_MS) as Time });
    return header;
  }
}

function part(value: object): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
}
