import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { OmemoBundle } from "../../worker/contract/omemo.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildBundle, bundleNode, parseBundle } from "./omemo-bundle.ts";

const key = (fill: number, type = 5, size = 33) => Buffer.alloc(size, fill).fill(type, 0, 1).toString("base64");
const SIGNATURE = Buffer.alloc(64, 9).toString("base64");

const GOLDEN: OmemoBundle = {
  identityKey: key(1),
  signedPreKey: { id: 0, key: key(2), signature: SIGNATURE },
  preKeys: [
    { id: 0, key: key(3) },
    { id: 99, key: key(4) },
  ],
};
const GOLDEN_XML = line(`
  <bundle xmlns='eu.siacs.conversations.axolotl'>
    <signedPreKeyPublic signedPreKeyId='0'>${key(2)}</signedPreKeyPublic>
    <signedPreKeySignature>${SIGNATURE}</signedPreKeySignature>
    <identityKey>${key(1)}</identityKey>
    <prekeys><preKeyPublic preKeyId='0'>${key(3)}</preKeyPublic><preKeyPublic preKeyId='99'>${key(4)}</preKeyPublic></prekeys>
  </bundle>`);

test("a bundle is written in exactly the order of the schema and read back", () => {
  assert.equal(buildBundle(GOLDEN).toString(), GOLDEN_XML);
  assert.deepEqual(parseBundle(stanza(GOLDEN_XML)), GOLDEN);
  assert.equal(bundleNode(31415 as DeviceId), "eu.siacs.conversations.axolotl.bundles:31415");
});

test("a bundle with a wrong identity key, signed pre-key or signature is none", () => {
  const damaged: readonly (readonly [string, string])[] = [
    [key(1), key(1, 6)],
    [key(1), key(1, 5, 32)],
    [key(1), key(1, 5, 34)],
    [key(1), "%"],
    [key(2), key(2, 0)],
    [SIGNATURE, Buffer.alloc(63).toString("base64")],
    [SIGNATURE, ""],
    ["signedPreKeyId='0'".replaceAll("'", '"'), ""],
    ['signedPreKeyId="0"', 'signedPreKeyId="-1"'],
    ["identityKey>", "identity>"],
    ["eu.siacs.conversations.axolotl", "urn:xmpp:omemo:2"],
  ];
  for (const [good, bad] of damaged) {
    assert.ok(GOLDEN_XML.includes(good));
    assert.equal(parseBundle(stanza(GOLDEN_XML.replaceAll(good, bad))), undefined, `${good} → ${bad}`);
  }
  assert.equal(parseBundle(undefined), undefined);
});

test("a broken pre-key is left out; without any the bundle is none", () => {
  const one = GOLDEN_XML.replace(key(4), "QUJD");
  assert.deepEqual(parseBundle(stanza(one))?.preKeys, [{ id: 0, key: key(3) }]);
  assert.equal(parseBundle(stanza(one.replace(key(3), key(3, 7)))), undefined);
});

test("repeated pre-keys collapse and their number is capped", () => {
  const preKeys = Array.from({ length: 500 }, (_, id) => ({ id: Math.floor(id / 2), key: key(3) }));
  const parsed = parseBundle(stanza(buildBundle({ ...GOLDEN, preKeys }).toString()));
  assert.equal(parsed?.preKeys.length, LIMITS.preKeys);
});
