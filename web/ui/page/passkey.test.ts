/** A passkey as a browser has it, in a few lines: what its PRF gives depends on the passkey and on what is asked. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { keepInPasskey, openByPasskey } from "./passkey.ts";

const RECOVERY = new Uint8Array(16).map((_, n) => n);
const real = Object.getOwnPropertyDescriptor(globalThis, "navigator");
afterEach(() => {
  if (real) Object.defineProperty(globalThis, "navigator", real);
});

type Asked = { readonly publicKey: { readonly allowCredentials?: readonly { readonly id: Uint8Array }[] } };

/** `gives`: when it says what its PRF gives. */
function authenticator(secret: number, gives: "made" | "used" | "never", refuses?: string): void {
  const results = (id: Uint8Array) => ({ first: new Uint8Array(32).fill(secret ^ (id[0] ?? 0)).buffer });
  const credentials = {
    create: async () => {
      if (refuses !== undefined) throw new DOMException("no", refuses);
      const id = new Uint8Array([9, 8, 7]);
      const prf = { enabled: gives !== "never", ...(gives === "made" && { results: results(id) }) };
      return { rawId: id.buffer, getClientExtensionResults: () => ({ prf }) };
    },
    get: async ({ publicKey }: Asked) => {
      if (refuses !== undefined) throw new DOMException("no", refuses);
      const id = publicKey.allowCredentials?.[0]?.id ?? new Uint8Array();
      return { getClientExtensionResults: () => ({ prf: { results: results(id) } }) };
    },
  };
  Object.defineProperty(globalThis, "navigator", { value: { credentials }, configurable: true });
}

for (const gives of ["made", "used"] as const)
  test(`a passkey that gives its secret when it is ${gives} keeps a recovery key, and no other one opens that`, async () => {
    authenticator(1, gives);
    const made = await keepInPasskey("alice@a.example", RECOVERY);
    assert.ok(typeof made !== "string");
    const { kept } = made;
    assert.match(kept, /^1\./);
    assert.deepEqual(await openByPasskey(kept), RECOVERY);
    authenticator(2, gives);
    assert.equal(await openByPasskey(kept), "unable");
  });

test("one without a PRF keeps nothing, and what was cancelled or is none says so", async () => {
  authenticator(1, "never");
  assert.equal(await keepInPasskey("alice@a.example", RECOVERY), "unable");
  authenticator(1, "made", "NotAllowedError");
  assert.equal(await keepInPasskey("alice@a.example", RECOVERY), "not-now");
  assert.equal(await openByPasskey("1.CQgH.AAAA.AAAA"), "not-now");
  authenticator(1, "made", "NotSupportedError");
  assert.equal(await keepInPasskey("alice@a.example", RECOVERY), "unable");
  assert.equal(await openByPasskey("something else"), "unable");
});
