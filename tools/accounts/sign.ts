/** The header of an operator's request. */
import { toBase64Url } from "../../worker/shared/base64.ts";
import { operatorKey, signed } from "../../worker/shared/operator-proof.ts";

/** `nonce`: `newNonce`. `url`: where the request goes, whole. */
export async function signAsOperator(nameSecret: string, nonce: string, url: string, body: string): Promise<string> {
  const key = await operatorKey(nameSecret);
  return `${nonce}.${toBase64Url(await crypto.subtle.sign("HMAC", key, signed(nonce, url, body)))}`;
}
