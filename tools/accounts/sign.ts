/** What an operator signs: a request, and an invitation. */
import { toBase64Url } from "../../worker/shared/base64.ts";
import { invitationKey } from "../../worker/shared/invitation-token.ts";
import { operatorKey, signed } from "../../worker/shared/operator-proof.ts";

/** `nonce`: `newNonce`. `url`: where the request goes, whole. */
export async function signAsOperator(nameSecret: string, nonce: string, url: string, body: string): Promise<string> {
  const key = await operatorKey(nameSecret);
  return `${nonce}.${toBase64Url(await crypto.subtle.sign("HMAC", key, signed(nonce, url, body)))}`;
}

/** The token of an invitation's link, of its id. */
export async function signInvitation(nameSecret: string, id: string): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", await invitationKey(nameSecret), new TextEncoder().encode(id));
  return `${id}${toBase64Url(signature)}`;
}
