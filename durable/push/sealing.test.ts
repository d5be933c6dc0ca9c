import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64Url, toBase64Url } from "../../worker/shared/base64.ts";
import { isTarget, MOST_BYTES, sealPush } from "./sealing.ts";
import { subscriber } from "../testing/open-push.ts";

const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

/** RFC 8291 §5 and appendix A. */
const RFC = {
  plaintext: "When I grow up, I want to be a watermelon",
  receiver: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
  receiverPublic: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
  sender: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
  senderPublic: "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
  salt: "DGv6ra1nlYgDCS1FRnbzlw",
  body: "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
};

test("RFC 8291 §5: the same keys and the same salt make the same bytes", async () => {
  const point = fromBase64Url(RFC.senderPublic);
  const jwk = {
    kty: "EC",
    crv: "P-256",
    d: RFC.sender,
    x: toBase64Url(point.slice(1, 33)),
    y: toBase64Url(point.slice(33)),
  };
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const { d: _, ...open } = jwk;
  const pair = {
    privateKey: await crypto.subtle.importKey("jwk", jwk, curve, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("jwk", open, curve, true, []),
  };
  const target = { key: RFC.receiverPublic, auth: RFC.auth };
  const message = bytes(RFC.plaintext);
  const sealed = await sealPush(message, target, message.length, { salt: fromBase64Url(RFC.salt), pair });
  assert.equal(toBase64Url(sealed), RFC.body);
});

test("what opens it by Node's own cryptography reads the RFC's example", () => {
  const browser = subscriber({ private: RFC.receiver, auth: RFC.auth });
  assert.equal(browser.key, RFC.receiverPublic);
  assert.equal(browser.open(fromBase64Url(RFC.body)), RFC.plaintext);
});

test("a message of any length is opened by the browser that it is for; no other one opens it", async () => {
  const [browser, other] = [subscriber(), subscriber()];
  for (const length of [0, 1, 2_820, 2_821, MOST_BYTES]) {
    const message = "ä".repeat(Math.floor(length / 2)) + "x".repeat(length % 2);
    const body = await sealPush(bytes(message), browser);
    assert.equal(browser.open(body), message);
    assert.throws(() => other.open(body));
  }
});

test("short messages are all of one length, long ones of another, and no push is longer than 4096 bytes", async () => {
  const browser = subscriber();
  const lengthOf = async (length: number) => (await sealPush(bytes("x".repeat(length)), browser)).length;
  assert.equal(await lengthOf(0), await lengthOf(2_820));
  assert.equal(await lengthOf(2_821), 4_096);
  assert.equal(await lengthOf(MOST_BYTES), 4_096);
  await assert.rejects(lengthOf(MOST_BYTES + 1), RangeError);
});

test("the same message twice is two that have nothing in common", async () => {
  const browser = subscriber();
  const [first, second] = [await sealPush(bytes("once"), browser), await sealPush(bytes("once"), browser)];
  assert.notDeepEqual(first.slice(0, 86), second.slice(0, 86));
  assert.notDeepEqual(first.slice(86), second.slice(86));
});

test("what is no key, or no secret, is known before anything is sealed for it", async () => {
  const { key, auth } = subscriber();
  const offCurve = toBase64Url(new Uint8Array(65).fill(4));
  assert.equal(await isTarget({ key, auth }), true);
  for (const wrong of [
    { key: offCurve, auth },
    { key: auth, auth },
    { key, auth: key },
    { key: "%", auth },
    { key, auth: "" },
  ])
    assert.equal(await isTarget(wrong), false);
});
