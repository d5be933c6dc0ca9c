import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScramMechanism } from "../../../worker/contract/sign-in.ts";
import {
  clientFinal,
  clientFirst,
  keysFit,
  newNonce,
  readServerFirst,
  type ServerFirst,
  verifyServerFinal,
  wellFormed,
} from "./scram.ts";
import type { ScramKeys } from "./credentials.ts";
import { proofOf } from "../../testing/person.ts";

type Vector = {
  readonly mechanism: ScramMechanism;
  readonly nonce: string;
  readonly serverFirst: string;
  readonly clientFinal: string;
  readonly serverFinal: string;
};

const VECTORS: readonly Vector[] = [
  {
    // RFC 5802 §5
    mechanism: "SCRAM-SHA-1",
    nonce: "fyko+d2lbbFgONRv9qkxdawL",
    serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    clientFinal: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    serverFinal: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
    // RFC 7677 §3
    mechanism: "SCRAM-SHA-256",
    nonce: "rOprNGfwEbeRWgbNEkqO",
    serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    clientFinal:
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
];

function keysFor(mechanism: ScramMechanism, { salt, iterations }: ServerFirst): ScramKeys {
  const challenge = { mechanism, salt, iterations };
  return { kind: "scram", ...challenge, ...proofOf("pencil", challenge) };
}

async function exchange(vector: Vector) {
  const server = readServerFirst(vector.serverFirst, vector.nonce);
  assert.ok(server.ok);
  const keys = keysFor(vector.mechanism, server.value);
  const first = clientFirst("user", vector.nonce);
  return { keys, server: server.value, final: await clientFinal(keys, first.bare, server.value) };
}

for (const vector of VECTORS) {
  test(`the example of the RFC for ${vector.mechanism}: proof and server signature`, async () => {
    assert.equal(clientFirst("user", vector.nonce).message, `n,,n=user,r=${vector.nonce}`);
    const { final } = await exchange(vector);
    assert.equal(final.message, vector.clientFinal);
    assert.deepEqual(verifyServerFinal(vector.serverFinal, final.signature), { ok: true, value: true });
  });

  test(`kept keys give the same ${vector.mechanism} proof without the password`, async () => {
    const { keys, server } = await exchange(vector);
    const restored = JSON.parse(JSON.stringify(keys)) as typeof keys;
    assert.equal(keysFit(restored, server), true);
    const final = await clientFinal(restored, clientFirst("user", vector.nonce).bare, server);
    assert.equal(final.message, vector.clientFinal);
    assert.equal(keysFit(restored, { ...server, iterations: 8192 }), false);
    assert.equal(keysFit(restored, { ...server, salt: "AAAA" }), false);
  });
}

for (const [what, text] of [
  ["a nonce that does not continue ours", "r=other123,s=QSXCR+Q6sek8bf92,i=4096"],
  ["a nonce to which the server added nothing", "r=ours,s=QSXCR+Q6sek8bf92,i=4096"],
  ["one iteration", "r=ours1,s=QSXCR+Q6sek8bf92,i=1"],
  ["4095 iterations", "r=ours1,s=QSXCR+Q6sek8bf92,i=4095"],
  ["a thousand million iterations", "r=ours1,s=QSXCR+Q6sek8bf92,i=1000000000"],
  ["a negative count", "r=ours1,s=QSXCR+Q6sek8bf92,i=-4096"],
  ["a mandatory extension", "m=x,r=ours1,s=QSXCR+Q6sek8bf92,i=4096"],
  ["a salt of a kilobyte", `r=ours1,s=${"AAAA".repeat(257)},i=4096`],
  ["no salt", "r=ours1,s=,i=4096"],
  ["a salt that is no base64", "r=ours1,s=?,i=4096"],
  ["nothing", ""],
] as const) {
  test(`a server that sends ${what} is not believed`, () => {
    const result = readServerFirst(text, "ours");
    assert.equal(result.ok, false);
    assert.equal(!result.ok && result.error.kind, "server-not-proven");
  });
}

for (const [what, text, kind] of [
  ["no signature", "", "server-not-proven"],
  ["a wrong signature", "v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "server-not-proven"],
  ["half a signature", "v=6rriTRBi23WpRR/w", "server-not-proven"],
  ["an error", "e=invalid-proof", "wrong-password"],
] as const) {
  test(`success with ${what} is a failure`, async () => {
    const vector = VECTORS[1];
    assert.ok(vector);
    const { final } = await exchange(vector);
    const result = verifyServerFinal(text, final.signature);
    assert.equal(!result.ok && result.error.kind, kind);
  });
}

test("a user name with comma and equals sign is escaped", () => {
  assert.equal(clientFirst("a=b,c", "n").bare, "n=a=3Db=2Cc,r=n");
});

test("keys have the length of their hash, or nothing is made of them", async () => {
  for (const vector of VECTORS) {
    const { keys } = await exchange(vector);
    assert.equal(wellFormed(keys), true);
    assert.equal(wellFormed({ ...keys, mechanism: "SCRAM-SHA-512" }), false);
    assert.equal(wellFormed({ ...keys, clientKey: `${keys.clientKey}AAAA` }), false);
    assert.equal(wellFormed({ ...keys, serverKey: "" }), false);
  }
});

test("two nonces are never the same and hold no comma", () => {
  const [a, b] = [newNonce(), newNonce()];
  assert.notEqual(a, b);
  assert.ok(!a.includes(",") && a.length === 24);
});

test("a nonce is of printable ASCII (RFC 5802 §7)", () => {
  for (const letter of ["\u0007", "\u212a", " "])
    assert.equal(readServerFirst(`r=abc${letter}d,s=QSXCR+Q6sek8bf92,i=4096`, "abc").ok, false);
  assert.ok(readServerFirst("r=abc!~,s=QSXCR+Q6sek8bf92,i=4096", "abc").ok);
});
