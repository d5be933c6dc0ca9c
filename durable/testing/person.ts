/** Somebody who knows a password, and what their browser makes of it: another implementation than the browser's own. */
import { createHmac, pbkdf2Sync } from "node:crypto";
import type { ScramChallenge, ScramProof } from "../../worker/contract/sign-in.ts";
import type { Person } from "../link/link.ts";

const HASHES = {
  "SCRAM-SHA-512": { hash: "sha512", bytes: 64 },
  "SCRAM-SHA-256": { hash: "sha256", bytes: 32 },
  "SCRAM-SHA-1": { hash: "sha1", bytes: 20 },
} as const;

/** RFC 5802 §3; for passwords that SASLprep leaves as they are. */
export function proofOf(password: string, { mechanism, salt, iterations }: ScramChallenge): ScramProof {
  const { hash, bytes } = HASHES[mechanism];
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), iterations, bytes, hash);
  const key = (name: string) => createHmac(hash, salted).update(name).digest("base64");
  return { clientKey: key("Client Key"), serverKey: key("Server Key") };
}

export function personWith(password: string, more: Partial<Person> = {}): Person {
  return {
    kind: "person",
    plain: false,
    prefersToken: false,
    keysFor: async (challenge) => ({ ok: true, value: proofOf(password, challenge) }),
    password: async () => ({ ok: true, value: password }),
    ...more,
  };
}
