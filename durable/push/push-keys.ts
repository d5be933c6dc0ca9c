/** The key pair by which this deployment is known to push services (RFC 8292), made of a secret of the deployment. */
import { fromBase64Url, toBase64Url } from "../../worker/shared/base64.ts";
import { keyBytesFor } from "../../worker/shared/derived-key.ts";

export type PushKeys = {
  /** 65 bytes, base64url: what a browser subscribes with. */
  readonly publicKey: string;
  readonly signingKey: CryptoKey;
};

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const POINT_LENGTH = 65;
/**
 * PKCS #8 (RFC 5208) around an ECPrivateKey (RFC 5915) without its public half, up to the 32 bytes of the number: who reads it
 * computes the half that is missing.
 */
const BEFORE_NUMBER = Uint8Array.from([
  ...[0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08],
  ...[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20],
]);

/**
 * The same secret gives the same pair for ever; another one, and every browser has to subscribe again. @throws for one secret in
 * four billion, whose number is no key of the curve
 */
export async function pushKeysOf(secret: string): Promise<PushKeys> {
  const pkcs8 = new Uint8Array([...BEFORE_NUMBER, ...new Uint8Array(await keyBytesFor("push", secret))]);
  const whole = await crypto.subtle.importKey("pkcs8", pkcs8, CURVE, true, ["sign"]);
  const jwk = (await crypto.subtle.exportKey("jwk", whole)) as JsonWebKey;
  const point = new Uint8Array(POINT_LENGTH);
  point[0] = 4;
  point.set(fromBase64Url(jwk.x ?? ""), 1);
  point.set(fromBase64Url(jwk.y ?? ""), 33);
  const signingKey = await crypto.subtle.importKey("jwk", { ...jwk, key_ops: ["sign"] }, CURVE, false, ["sign"]);
  return { publicKey: toBase64Url(point), signingKey };
}
