import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { randomBytes } from "../bytes.ts";
import { codeOf } from "./trust-code.ts";
import { claimsUri, readClaims } from "./trust-uri.ts";

const BOB = "bob@b.example" as BareJid;
const ONE = { device: 7 as DeviceId, fingerprint: "ab".repeat(32) };
const TWO = { device: 0x7fffffff as DeviceId, fingerprint: "0123456789abcdef".repeat(4) };

describe("fingerprints in a link", () => {
  it("are read as they were written", () => {
    const claims = { jid: BOB, devices: [ONE, TWO] };
    assert.equal(claimsUri({ jid: BOB, devices: [ONE] }), `xmpp:bob@b.example?omemo-sid-7=${"ab".repeat(32)}`);
    assert.deepEqual(readClaims(claimsUri(claims)), claims);
    const odd = { jid: "o%ne?;two@b.example" as BareJid, devices: [ONE] };
    assert.deepEqual(readClaims(claimsUri(odd)), odd);
  });

  it("are read from other spellings: capitals, the https form, `&`, other parameters", () => {
    const digits = ONE.fingerprint.toUpperCase();
    for (const link of [
      `XMPP:Bob@b.example?omemo-sid-7=${digits}`,
      `https://conversations.im/i/bob@b.example?omemo-sid-7=${digits}&name=Bob`,
      ` xmpp:bob@b.example?message;omemo-sid-7=${digits} `,
    ]) {
      assert.deepEqual(readClaims(link), { jid: BOB, devices: [ONE] }, link);
    }
  });

  it("a link with anything that is not a fingerprint of a device proves nothing", () => {
    for (const link of [
      "",
      "bob@b.example",
      "xmpp:bob@b.example",
      "xmpp:b.example?omemo-sid-7=00",
      `https://evil.example/i/bob@b.example?omemo-sid-7=${ONE.fingerprint}`,
      `xmpp:bob@b.example?omemo-sid-0=${ONE.fingerprint}`,
      `xmpp:bob@b.example?omemo-sid-2147483648=${ONE.fingerprint}`,
      `xmpp:bob@b.example?omemo-sid-7=05${ONE.fingerprint}`,
      `xmpp:bob@b.example?omemo-sid-7=${ONE.fingerprint};omemo-sid-8=zz`,
      `xmpp:%E0@b.example?omemo-sid-7=${ONE.fingerprint}`,
    ]) {
      assert.equal(readClaims(link), undefined, link);
    }
  });
});

describe("the code of two devices", () => {
  it("is the same from both sides and another one for any other pair", async () => {
    const [one, two, three] = [randomBytes(33), randomBytes(33), randomBytes(33)];
    const code = await codeOf(one, two);
    assert.match(code, /^\d{5}( \d{5}){3}$/);
    assert.equal(await codeOf(two, one), code);
    assert.notEqual(await codeOf(one, three), code);
    assert.notEqual(await codeOf(three, two), code);
  });

  it("stays the same from version to version", async () => {
    const code = await codeOf(new Uint8Array(33).fill(1), new Uint8Array(33).fill(2));
    assert.equal(code, "69297 87641 18766 70497");
  });
});
