import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import type { Time } from "../../worker/contract/names.ts";
import { pushKeysOf } from "./push-keys.ts";
import { Vapid } from "./vapid.ts";

const SERVICE = "https://push.service.example";
const NOW = Date.UTC(2026, 10, 28) as Time;
const HOUR_MS = 3_600_000;

/** What a push service reads of it, by Node's own cryptography. @throws where the signature is wrong */
function read(header: string): { readonly aud: string; readonly exp: number; readonly sub: string } {
  const [, head = "", claims = "", signature = "", key = ""] =
    /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(header) ?? [];
  const point = Buffer.from(key, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  const isRight = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  assert.ok(isRight, "the signature is that of the key");
  assert.deepEqual(JSON.parse(Buffer.from(head, "base64url").toString()), { typ: "JWT", alg: "ES256" });
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as ReturnType<typeof read>;
}

test("RFC 8292: the token names the service, the deployment and an end within a day, and its signature holds", async () => {
  const vapid = new Vapid(await pushKeysOf("a secret"), "https://alcove.example");
  const { aud, exp, sub } = read(await vapid.header(SERVICE, NOW));
  assert.equal(aud, SERVICE);
  assert.equal(sub, "https://alcove.example");
  assert.ok(exp * 1_000 > NOW + 12 * HOUR_MS && exp * 1_000 < NOW + 24 * HOUR_MS);
});

test("the same secret is the same key for ever, another one another", async () => {
  const [a, again, other] = await Promise.all(["a", "a", "b"].map(pushKeysOf));
  assert.equal(a?.publicKey, again?.publicKey);
  assert.notEqual(a?.publicKey, other?.publicKey);
  assert.equal(Buffer.from(a?.publicKey ?? "", "base64url").length, 65);
});

test("a token is used for half of its time, and again after a clock that was far ahead was put right", async () => {
  const vapid = new Vapid(await pushKeysOf("a secret"), "https://alcove.example");
  const at = async (hours: number) => vapid.header(SERVICE, (NOW + hours * HOUR_MS) as Time);
  const first = await at(0);
  assert.equal(await at(11), first);
  assert.notEqual(await at(12), first);
  const ahead = await at(1_000);
  assert.notEqual(await at(13), ahead);
  assert.notEqual(await vapid.header("https://other.example", NOW), first);
});
