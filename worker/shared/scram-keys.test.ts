import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import type { ScramChallenge } from "../contract/sign-in.ts";
import { makeScramKeys } from "./scram-keys.ts";

const bytes = (base64: string) => Buffer.from(base64, "base64");
const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));

/** RFC 5802 §5 and RFC 7677 §3, user "user", password "pencil": what both sides have to say at the end. */
const EXAMPLES = [
  {
    hash: "sha1",
    challenge: { mechanism: "SCRAM-SHA-1", salt: "QSXCR+Q6sek8bf92", iterations: 4_096 },
    auth: "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
    proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    signature: "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
    hash: "sha256",
    challenge: { mechanism: "SCRAM-SHA-256", salt: "W22ZaJ0SNY7soEsUEjb6gQ==", iterations: 4_096 },
    auth: "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    signature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
] as const;

async function keysOf(password: string, challenge: ScramChallenge) {
  const keys = await makeScramKeys(password, challenge);
  assert.ok(keys.ok, JSON.stringify(keys));
  return keys.value;
}

for (const { hash, challenge, auth, proof, signature } of EXAMPLES) {
  test(`A12: the example of the RFC for ${challenge.mechanism}, from the password on`, async () => {
    const { clientKey, serverKey } = await keysOf("pencil", challenge);
    const storedKey = createHash(hash).update(bytes(clientKey)).digest();
    const made = xor(bytes(clientKey), createHmac(hash, storedKey).update(auth).digest());
    assert.equal(made.toString("base64"), proof);
    assert.equal(createHmac(hash, bytes(serverKey)).update(auth).digest("base64"), signature);
  });
}

for (const [mechanism, hash, size] of [
  ["SCRAM-SHA-1", "sha1", 20],
  ["SCRAM-SHA-256", "sha256", 32],
  ["SCRAM-SHA-512", "sha512", 64],
] as const) {
  test(`N2, N4: ${mechanism} with 200,000 rounds, as another implementation makes it`, async () => {
    const challenge = { mechanism, salt: "W22ZaJ0SNY7soEsUEjb6gQ==", iterations: 200_000 } as const;
    const salted = pbkdf2Sync("pencil", bytes(challenge.salt), challenge.iterations, size, hash);
    assert.deepEqual(await keysOf("pencil", challenge), {
      clientKey: createHmac(hash, salted).update("Client Key").digest("base64"),
      serverKey: createHmac(hash, salted).update("Server Key").digest("base64"),
    });
  });
}

test("A12: a million rounds are done, one more is not", async () => {
  const challenge = { mechanism: "SCRAM-SHA-1", salt: "QSXCR+Q6sek8bf92", iterations: 1_000_000 } as const;
  assert.ok((await makeScramKeys("pencil", challenge)).ok);
  const more = await makeScramKeys("pencil", { ...challenge, iterations: 1_000_001 });
  assert.deepEqual(more, { ok: false, error: { kind: "server-not-proven", detail: "1000001 iterations" } });
});

test("T55: an object that asks for what no decent server asks for gets no keys", async () => {
  const decent: ScramChallenge = { mechanism: "SCRAM-SHA-256", salt: "W22ZaJ0SNY7soEsUEjb6gQ==", iterations: 4_096 };
  for (const odd of [
    { iterations: 4_095 },
    { iterations: 1 },
    { iterations: 0 },
    { iterations: 4_096.5 },
    { iterations: Number.NaN },
    { iterations: "9999" as unknown as number },
    { salt: "" },
    { salt: "?" },
    { salt: "A".repeat(1_028) },
    { mechanism: "SCRAM-MD5" as ScramChallenge["mechanism"] },
    { mechanism: "PLAIN" as unknown as ScramChallenge["mechanism"] },
  ]) {
    const keys = await makeScramKeys("pencil", { ...decent, ...odd });
    assert.equal(!keys.ok && keys.error.kind, "server-not-proven", JSON.stringify(odd));
  }
});

test("A13: compatible spellings of a password give the same keys (SASLprep)", async () => {
  const challenge = { mechanism: "SCRAM-SHA-256", salt: "QSXCR+Q6sek8bf92", iterations: 4_096 } as const;
  assert.deepEqual(await keysOf("I\u00ADX\u00A0\u00AA", challenge), await keysOf("IX a", challenge));
  assert.notDeepEqual(await keysOf("ix a", challenge), await keysOf("IX a", challenge), "letters keep their case");
});

test("A13: passwords of quotes, commas, accents and emoji are made of their UTF-8 as it is", async () => {
  const challenge = { mechanism: "SCRAM-SHA-1", salt: "QSXCR+Q6sek8bf92", iterations: 4_096 } as const;
  for (const password of ['wonder "land" \\ ü', "a,b=c", "пароль", "🔑🔑", "  ", "x".repeat(1_024)]) {
    const salted = pbkdf2Sync(password.normalize("NFKC"), bytes(challenge.salt), 4_096, 20, "sha1");
    const expected = createHmac("sha1", salted).update("Client Key").digest("base64");
    assert.equal((await keysOf(password, challenge)).clientKey, expected, password);
  }
});
