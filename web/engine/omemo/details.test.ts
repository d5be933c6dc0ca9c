/** What is said beside a text, under a key that the key of the text was made of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, concat } from "../bytes.ts";
import { openDetails, openText, type SealedPayload, sealText } from "./message.ts";

const TOLD = '{"file":{"name":"grüße 👋.jpg","size":12}}';

async function sealed(details = TOLD): Promise<SealedPayload & { readonly details: Bytes }> {
  const made = await sealText("aesgcm://…", details);
  return { ...made, details: made.details ?? assert.fail("nothing beside it") };
}

/** As somebody encrypts who has the key of a text. */
async function otherwise(inner: Bytes, details: string): Promise<Bytes> {
  const digest = await crypto.subtle.digest("SHA-256", concat(new Uint8Array([2]), inner.slice(0, 16)));
  const key = await crypto.subtle.importKey("raw", digest.slice(0, 16), "AES-GCM", false, ["encrypt"]);
  const plain = new Uint8Array(512).fill(0x20);
  plain.set(new TextEncoder().encode(details), 32);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, plain));
}

test("whoever can read the text reads what is said beside it; the text is as it is without", async () => {
  const { iv, payload, inner, details } = await sealed();
  assert.equal(await openText(payload, iv, inner), "aesgcm://…");
  assert.equal(await openDetails(details, inner), TOLD);
  assert.equal((await sealText("a text")).details, undefined);
});

test("nothing is said beside it by anybody else: another text's, a changed byte, less of it", async () => {
  const { inner, details } = await sealed();
  const other = await sealed();
  assert.equal(await openDetails(other.details, inner), undefined);
  for (const at of [0, 40, details.length - 1]) {
    const changed = details.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(await openDetails(changed, inner), undefined, `byte ${at}`);
  }
  for (const length of [0, 1, 15, 16, 17, 100])
    assert.equal(await openDetails(details.slice(0, length), inner), undefined);
  assert.equal(await openDetails(details, inner.slice(0, 15)), undefined);
});

test("who was sent the same text cannot say something else beside it in its sender's name", async () => {
  const { inner } = await sealed();
  assert.equal(await openDetails(await otherwise(inner, TOLD), inner), undefined);
});

test("its length tells how much it is in steps of 512 bytes, and the key is never the same", async () => {
  const lengths = await Promise.all(
    ["{}", TOLD, "x".repeat(480), "x".repeat(481)].map(async (one) => (await sealed(one)).details.length),
  );
  assert.deepEqual(lengths, [528, 528, 528, 1_040]);
  const [one, two] = [await sealed(), await sealed()];
  assert.notDeepEqual(one.inner.slice(0, 16), two.inner.slice(0, 16));
});
