/** Opens a push as a browser does, by Node's own cryptography: no line of it is shared with what seals (RFC 8188, RFC 8291). */
import { createDecipheriv, createECDH, createHmac } from "node:crypto";

export type Subscriber = { readonly key: string; readonly auth: string; open(body: Uint8Array): string };

/** A browser's half of a subscription; `private`, `auth`: base64url, else made now. */
export function subscriber(given?: { readonly private: string; readonly auth: string }): Subscriber {
  const ecdh = createECDH("prime256v1");
  if (given === undefined) ecdh.generateKeys();
  else ecdh.setPrivateKey(Buffer.from(given.private, "base64url"));
  const auth =
    given === undefined
      ? createHmac("sha256", ecdh.getPrivateKey()).digest().subarray(0, 16)
      : Buffer.from(given.auth, "base64url");
  const key = ecdh.getPublicKey();
  return {
    key: key.toString("base64url"),
    auth: auth.toString("base64url"),
    open(body) {
      const salt = body.subarray(0, 16);
      const length = body[20] ?? 0;
      const theirs = body.subarray(21, 21 + length);
      const sealed = body.subarray(21 + length);
      const shared = ecdh.computeSecret(theirs);
      const secret = hkdf(auth, shared, Buffer.concat([Buffer.from("WebPush: info\0"), key, theirs]), 32);
      const cek = hkdf(salt, secret, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
      const nonce = hkdf(salt, secret, Buffer.from("Content-Encoding: nonce\0"), 12);
      const decipher = createDecipheriv("aes-128-gcm", cek, nonce);
      decipher.setAuthTag(sealed.subarray(-16));
      const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
      const end = [...plain].findLastIndex((byte) => byte !== 0);
      if (plain[end] !== 2) throw new Error("no last record");
      return plain.subarray(0, end).toString("utf8");
    },
  };
}

/** RFC 5869 for up to one block. */
function hkdf(salt: Uint8Array, secret: Uint8Array, info: Uint8Array, bytes: number): Buffer {
  const extracted = createHmac("sha256", salt).update(secret).digest();
  return createHmac("sha256", extracted).update(info).update(Uint8Array.of(1)).digest().subarray(0, bytes);
}
