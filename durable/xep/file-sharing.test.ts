import assert from "node:assert/strict";
import { test } from "node:test";
import { line, stanza } from "../testing/stanza.ts";
import { buildSharedFile, parseSharedFile } from "./file-sharing.ts";

const URL = "https://download.montague.lit/4a771ac1/summit.jpg";
const HASH = "2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU=";
const parse = (inside: string) => parseSharedFile(stanza(`<message type='chat'>${inside}</message>`));

const SHARING = `<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'>
  <file xmlns='urn:xmpp:file:metadata:0'><media-type>image/jpeg</media-type><name>summit.jpg</name>
    <size>3032449</size><width>4096</width><height>2160</height>
    <hash xmlns='urn:xmpp:hashes:2' algo='sha3-256'>2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoX=</hash>
    <hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>${HASH}</hash><desc>Photo from the summit.</desc></file>
  <sources><url-data xmlns='http://jabber.org/protocol/url-data' target='${URL}'/></sources></file-sharing>`;
const MEDIA = `<reference xmlns='urn:xmpp:reference:0' begin='0' end='9' type='data'><media-sharing xmlns='urn:xmpp:sims:1'>
  <file xmlns='urn:xmpp:jingle:apps:file-transfer:5'><media-type>image/jpeg</media-type><name>summit.jpg</name>
    <size>3032449</size><hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>${HASH}</hash><desc>Photo from the summit.</desc></file>
  <sources><reference xmlns='urn:xmpp:reference:0' type='data' uri='xmpp:romeo@montague.lit?;node=x'/>
    <reference xmlns='urn:xmpp:reference:0' type='data' uri='${URL}'/></sources></media-sharing></reference>`;
const OUT_OF_BAND = `<x xmlns='jabber:x:oob'><url>${URL}</url><desc>A license to Jabber!</desc></x>`;
const said = { url: URL, type: "image/jpeg", name: "summit.jpg", size: 3_032_449, hash: HASH };

test("0447, 0385, 0066: a file is read as each of them describes it, the newest first", () => {
  const description = "Photo from the summit.";
  const sharing = { ...said, description, width: 4_096, height: 2_160, inline: true };
  assert.deepEqual(parse(SHARING), sharing);
  assert.deepEqual(parse(MEDIA), { ...said, description });
  assert.deepEqual(parse(OUT_OF_BAND), { url: URL, description: "A license to Jabber!" });
  assert.deepEqual(parse(`${OUT_OF_BAND}${MEDIA}${SHARING}`), sharing);
});

test("T60: an address that is no link names no file, and what is out of bounds is not said", () => {
  for (const link of [
    "",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "aesgcm://a.example/b#00",
    "https://",
    "x y",
    `https://a.example/${"x".repeat(2_048)}`,
  ])
    for (const inside of [SHARING, MEDIA, OUT_OF_BAND]) assert.equal(parse(inside.replace(URL, link)), undefined, link);
  const odd = SHARING.replace("3032449", "-1")
    .replace("4096", "1e9")
    .replace("image/jpeg", "image/jpeg; x=&lt;y")
    .replace(HASH, "eHg=");
  assert.deepEqual(parse(odd), { url: URL, name: "summit.jpg", description: "Photo from the summit.", inline: true });
  const long = parse(SHARING.replace("summit.jpg</name>", `${"n".repeat(300)}</name>`))?.name;
  assert.equal(long?.length, 255);
});

test("0446: of a sound it is said how long it is, in milliseconds, within reason", () => {
  const sound = SHARING.replace("<width>4096</width><height>2160</height>", "<length>83500</length>");
  assert.equal(parse(sound)?.length, 83_500);
  for (const odd of ["0", "-5", "1.5", "x", "999999999999"])
    assert.equal(parse(sound.replace("83500", odd))?.length, undefined, odd);
  const ours = buildSharedFile({ url: URL, type: "audio/ogg", length: 83_500 }, URL).join("");
  assert.match(ours, /<length>83500<\/length>/);
  assert.equal(parse(ours)?.length, 83_500);
});

test("0447, 0066: a file of ours, shown by apps that know either", () => {
  const elements = buildSharedFile({ ...said, inline: true, width: 2, height: 1 }, URL);
  assert.equal(
    elements.join(""),
    line(`<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'><file xmlns='urn:xmpp:file:metadata:0'>
      <media-type>image/jpeg</media-type><name>summit.jpg</name><size>3032449</size><width>2</width><height>1</height>
      <hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>${HASH}</hash></file>
      <sources><url-data xmlns='http://jabber.org/protocol/url-data' target='${URL}'/></sources></file-sharing>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>
      <x xmlns='jabber:x:oob'><url>${URL}</url></x>`),
  );
  assert.deepEqual(parse(elements.join("")), { ...said, inline: true, width: 2, height: 1 });
  assert.equal(buildSharedFile({ url: URL }, `look: ${URL}`).length, 1, "beside words the words stay");
});
