import assert from "node:assert/strict";
import { test } from "node:test";
import { FILE_LIMITS } from "../../worker/contract/media.ts";
import { LINK_LENGTH, readFileKey, readFileLink, writeFileLink } from "./aesgcm.ts";

const IV = "0102030405060708090a0b0c";
const LONG_IV = "0102030405060708090a0b0c0d0e0f10";
const KEY = "ab".repeat(32);
const PLACE = "files.example.org/upload/9f2c/photo.jpg";

test("T46: a text that is one link to an encrypted file names where it is, and its key", () => {
  const rows: readonly [string, string, string][] = [
    [`aesgcm://${PLACE}#${IV}${KEY}`, `https://${PLACE}`, IV + KEY],
    [`aesgcm://${PLACE}#${LONG_IV}${KEY}`, `https://${PLACE}`, LONG_IV + KEY],
    [`aesgcm://${PLACE}#${(IV + KEY).toUpperCase()}`, `https://${PLACE}`, IV + KEY],
    [`AESGCM://${PLACE}#${IV}${KEY}`, `https://${PLACE}`, IV + KEY],
    [`aesgcm://files.example.org/upload/9f2c#${IV}${KEY}`, "https://files.example.org/upload/9f2c", IV + KEY],
    [`aesgcm://files.example.org#${IV}${KEY}`, "https://files.example.org/", IV + KEY],
    [`aesgcm://files.example.org/a?b=c#${IV}${KEY}`, "https://files.example.org/a?b=c", IV + KEY],
    [`aesgcm://files.example.org:5281/a#${IV}${KEY}`, "https://files.example.org:5281/a", IV + KEY],
    [`aesgcm://files.example.org:443/a#${IV}${KEY}`, "https://files.example.org/a", IV + KEY],
    [`aesgcm://${PLACE}#${IV}${KEY}\ndata:image/jpeg,%FF%D8`, `https://${PLACE}`, IV + KEY],
    [`aesgcm://bücher.example/ä.png#${IV}${KEY}`, "https://xn--bcher-kva.example/%C3%A4.png", IV + KEY],
  ];
  for (const [text, url, key] of rows) assert.deepEqual(readFileLink(text), { url, key }, text);
});

test("T46: anything else is no file: no key, a short or a long one, other hosts than it shows, words around it", () => {
  const good = `aesgcm://${PLACE}#${IV}${KEY}`;
  for (const text of [
    "",
    `aesgcm://${PLACE}`,
    `aesgcm://${PLACE}#`,
    `aesgcm://${PLACE}#${IV}`,
    `aesgcm://${PLACE}#${KEY}`,
    `aesgcm://${PLACE}#${IV}${KEY.slice(2)}`,
    `aesgcm://${PLACE}#${IV}00${KEY}`,
    `aesgcm://${PLACE}#${LONG_IV}00${KEY}`,
    `aesgcm://${PLACE}#${IV}${KEY.slice(1)}g`,
    `aesgcm://${PLACE}#a#${IV}${KEY}`,
    `aesgcm://#${IV}${KEY}`,
    `aesgcm:///a#${IV}${KEY}`,
    `aesgcm:${PLACE}#${IV}${KEY}`,
    `http://${PLACE}#${IV}${KEY}`,
    `https://${PLACE}#${IV}${KEY}`,
    `aesgcm://bank.example@evil.example/a#${IV}${KEY}`,
    `aesgcm://:secret@evil.example/a#${IV}${KEY}`,
    `aesgcm://files.example.org:99999/a#${IV}${KEY}`,
    `aesgcm://files example.org/a#${IV}${KEY}`,
    `aesgcm://files.example.org/${"a".repeat(2_100)}#${IV}${KEY}`,
    ` ${good}`,
    `${good} `,
    `look: ${good}`,
    `${good}\nfirst\nsecond`,
    `${good}\r\ndata:`,
    `${good}${good}`,
  ])
    assert.equal(readFileLink(text), undefined, text);
});

test("T46: only what never leaves this machine is fetched without encryption", () => {
  const url = (host: string) => readFileLink(`aesgcm://${host}/a#${IV}${KEY}`)?.url;
  assert.equal(url("localhost:5282"), "http://localhost:5282/a");
  assert.equal(url("127.0.0.1:5282"), "http://127.0.0.1:5282/a");
  for (const host of ["localhost.example", "127.0.0.2", "10.0.0.1", "0.0.0.0"])
    assert.equal(url(host), `https://${host}/a`);
  assert.equal(
    writeFileLink("http://localhost:5282/a", readFileKey(IV + KEY)),
    `aesgcm://localhost:5282/a#${IV}${KEY}`,
  );
});

test("a link is no longer than what is fetched", () => assert.equal(LINK_LENGTH, FILE_LIMITS.linkLength));

test("what is written is what every app reads, and is read again", () => {
  const text = writeFileLink(`https://${PLACE}`, readFileKey(IV + KEY));
  assert.equal(text, `aesgcm://${PLACE}#${IV}${KEY}`);
  assert.deepEqual(
    readFileKey(LONG_IV + KEY).iv,
    Uint8Array.from({ length: 16 }, (_, at) => at + 1),
  );
  assert.equal(readFileKey(readFileLink(text)?.key ?? "").key.length, 32);
});

test("T60: nine megabytes of anything are no file, at once", () => {
  for (const text of [`aesgcm://${"a".repeat(9_000_000)}`, `aesgcm://a#${"0".repeat(9_000_000)}`]) {
    const begun = performance.now();
    assert.equal(readFileLink(text), undefined);
    assert.ok(performance.now() - begun < 50);
  }
});
