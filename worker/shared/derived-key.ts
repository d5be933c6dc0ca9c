/** Keys of a secret of the deployment, one for each use: what is made with one is nothing to the others. */

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

/** 32 bytes (HMAC-SHA-256, RFC 2104) of the secret and the key's use; whoever has them cannot get back to the secret. */
export async function keyBytesFor(use: string, deploymentSecret: string): Promise<ArrayBuffer> {
  const bytes = new TextEncoder();
  const secret = await crypto.subtle.importKey("raw", bytes.encode(deploymentSecret), HMAC, false, ["sign"]);
  return crypto.subtle.sign("HMAC", secret, bytes.encode(`alcove ${use} 1`));
}
