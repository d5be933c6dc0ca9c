import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { OmemoMessage } from "../../worker/contract/omemo.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildEncrypted, encryptedIn, parseEncrypted } from "./omemo.ts";
import { buildDeviceList, parseDeviceList } from "./omemo-devices.ts";

const NS = "eu.siacs.conversations.axolotl";
const IV = "AAECAwQFBgcICQoL";

function parse(inside: string) {
  return parseEncrypted(stanza(`<encrypted xmlns='${NS}'>${inside}</encrypted>`));
}

function header(keys: string, iv = IV): string {
  return `<header sid='27183'>${keys}<iv>${iv}</iv></header>`;
}

const GOLDEN: OmemoMessage = {
  sid: 27183 as DeviceId,
  iv: IV,
  keys: [
    { rid: 31415 as DeviceId, prekey: true, data: "QUJD" },
    { rid: 12321 as DeviceId, prekey: false, data: "REVG" },
  ],
  payload: "R0hJ",
};
const GOLDEN_XML = line(`
  <encrypted xmlns='${NS}'>
    <header sid='27183'>
      <key rid='31415' prekey='true'>QUJD</key><key rid='12321'>REVG</key>
      <iv>${IV}</iv>
    </header>
    <payload>R0hJ</payload>
  </encrypted>`);

test("an encrypted message is read and written as the field does it", () => {
  assert.equal(buildEncrypted(GOLDEN).toString(), GOLDEN_XML);
  assert.deepEqual(parseEncrypted(stanza(GOLDEN_XML)), { kind: "omemo", omemo: GOLDEN });
});

test("a key transport has no payload", () => {
  const content = parse(header("<key rid='1'>QUJD</key>"));
  assert.equal(content.kind === "omemo" && "payload" in content.omemo, false);
  const { payload: _, ...transport } = GOLDEN;
  assert.equal(buildEncrypted(transport).getChild("payload"), undefined);
});

test("O5: prekey is true where it says true or 1, and nowhere else", () => {
  const content = parse(
    header(
      "true 1 false 0 yes"
        .split(" ")
        .map((value, at) => `<key rid='${at + 1}' prekey='${value}'>QUJD</key>`)
        .join(""),
    ),
  );
  assert.equal(content.kind, "omemo");
  assert.deepEqual(content.kind === "omemo" && content.omemo.keys.map((key) => key.prekey), [
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("line breaks in base64 are taken out and missing padding is added", () => {
  const content = parse(`${header("<key rid='1'>\n QU\r\n JD \n</key>", "AAECAwQFBgcICQoL\n")}<payload>QUI</payload>`);
  assert.deepEqual(content, {
    kind: "omemo",
    omemo: { sid: 27183, iv: IV, keys: [{ rid: 1, prekey: false, data: "QUJD" }], payload: "QUI=" },
  });
});

test("T43: keys for impossible devices are for nobody", () => {
  const ids = ["0", "-1", "2147483648", "1.5", "", "__proto__", "2147483647"];
  const content = parse(header(ids.map((id) => `<key rid='${id}'>QUJD</key>`).join("")));
  assert.deepEqual(content.kind === "omemo" && content.omemo.keys.map(({ rid }) => rid), [2147483647]);
});

test("T43: a message from an impossible device is unreadable", () => {
  for (const sid of ["", "0", "-1", "2147483648", "abc"]) {
    assert.deepEqual(
      parse(`<header sid='${sid}'><iv>${IV}</iv></header>`),
      { kind: "unreadable", why: "malformed" },
      sid,
    );
  }
});

test("T44: an IV has 12 or 16 bytes", () => {
  const ofLength = (bytes: number) => parse(header("", Buffer.alloc(bytes).toString("base64"))).kind;
  assert.deepEqual([0, 8, 11, 12, 13, 16, 17, 1024 * 1024].map(ofLength), [
    "unreadable",
    "unreadable",
    "unreadable",
    "omemo",
    "unreadable",
    "omemo",
    "unreadable",
    "unreadable",
  ]);
});

test("a header without IV, no header, and beyond the limits are unreadable", () => {
  const key = "<key rid='1'>QUJD</key>";
  assert.equal(parse("").kind, "unreadable");
  assert.equal(parse("<header sid='1'/>").kind, "unreadable");
  assert.equal(parse(header(key.repeat(LIMITS.keys))).kind, "omemo");
  assert.equal(parse(header(key.repeat(LIMITS.keys + 1))).kind, "unreadable");
  assert.equal(parse(`${header(key)}<payload>${"A".repeat(LIMITS.payloadLength)}</payload>`).kind, "omemo");
  assert.equal(parse(`${header(key)}<payload>${"A".repeat(LIMITS.payloadLength + 4)}</payload>`).kind, "unreadable");
  assert.equal(parse(`${header(key)}<payload>not base64!</payload>`).kind, "unreadable");
});

test("OMEMO of a later version is not taken for this one", () => {
  assert.deepEqual(encryptedIn(stanza("<message><encrypted xmlns='urn:xmpp:omemo:2'/></message>")), []);
});

test("T43: a device list drops impossible ids one by one, collapses repeated ones, and is capped", () => {
  const list = (ids: readonly (string | number)[]) => {
    return parseDeviceList(
      stanza(`<list xmlns='${NS}'>${ids.map((id) => `<device id='${id}'/>`).join("")}<device/></list>`),
    );
  };
  assert.deepEqual(list([5, 0, -1, 2147483648, "x", 5, 2147483647]), [5, 2147483647]);
  assert.deepEqual(list([]), []);
  assert.equal(list(Array.from({ length: 10_000 }, (_, index) => index + 1))?.length, LIMITS.devicesPerJid);
  assert.equal(parseDeviceList(stanza("<devices xmlns='urn:xmpp:omemo:2'/>")), undefined);
  assert.equal(parseDeviceList(undefined), undefined);
});

test("a device list is written, but never an empty one", () => {
  const written = buildDeviceList([12345, 31415, 12345] as DeviceId[]).toString();
  assert.equal(written, line(`<list xmlns='${NS}'><device id='12345'/><device id='31415'/></list>`));
  assert.throws(() => buildDeviceList([]), RangeError);
});

test("S1: of the keys for one device the first two are kept, and every other device keeps its own", () => {
  const key = (rid: number, data: string) => `<key rid='${rid}'>${data}</key>`;
  const many = Array.from({ length: 300 }, (_, at) => key(1, btoa(`k${at}`))).join("");
  const content = parse(header(many + key(2, "QUJD")));
  assert.deepEqual(content.kind === "omemo" && content.omemo.keys.map(({ rid, data }) => [rid, data]), [
    [1, btoa("k0")],
    [1, btoa("k1")],
    [2, "QUJD"],
  ]);
});
