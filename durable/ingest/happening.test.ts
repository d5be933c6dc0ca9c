import assert from "node:assert/strict";
import { test } from "node:test";
import { archived, carbon, contentOf, ENCRYPTED, OMEMO, receive } from "../testing/ingest.ts";

const CALL =
  "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>";
const INVITE = "<invite xmlns='urn:xmpp:call-invites:0' id='c1'><external uri='https://meet.example/x'/></invite>";
const ATTENTION = "<attention xmlns='urn:xmpp:attention:0'/>";
const FILES = [
  "<x xmlns='jabber:x:oob'><url>https://up.example/a.jpg</url></x>",
  "<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'><file xmlns='urn:xmpp:file:metadata:0'/></file-sharing>",
  "<reference xmlns='urn:xmpp:reference:0' type='data'><media-sharing xmlns='urn:xmpp:sims:1'/></reference>",
  "<propose xmlns='urn:xmpp:jingle-message:0' id='f1'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/></propose>",
];

test("P7: a call, attention and a file without a body are each one message", () => {
  for (const call of [CALL, INVITE, `<body>Incoming call</body>${CALL}`])
    assert.deepEqual(contentOf(call), { kind: "happening", what: "call" }, call);
  assert.deepEqual(contentOf(ATTENTION), { kind: "happening", what: "attention" });
  for (const file of FILES) {
    const link = file === FILES[0] && { file: { url: "https://up.example/a.jpg" } };
    assert.deepEqual(contentOf(file), { kind: "happening", what: "file", ...link }, file);
  }
});

test("P7: what has words is told by its words, as before", () => {
  const [named = "", ...unnamed] = FILES;
  const file = { url: "https://up.example/a.jpg" };
  assert.deepEqual(contentOf(`<body>hi</body>${named}`), { kind: "clear", text: "hi", file });
  for (const beside of [ATTENTION, ...unnamed])
    assert.deepEqual(contentOf(`<body>hi</body>${beside}`), { kind: "clear", text: "hi" });
  assert.deepEqual(contentOf(`${ENCRYPTED}${ATTENTION}`), { kind: "omemo", omemo: OMEMO });
});

test("P7: what belongs to a call and asks nothing of us is no message", () => {
  for (const step of ["retract", "accept", "proceed", "reject", "ringing", "finish"])
    assert.equal(contentOf(`<${step} xmlns='urn:xmpp:jingle-message:0' id='c1'/>`), undefined, step);
  assert.equal(contentOf("<propose xmlns='urn:xmpp:jingle-message:0' id='c1'/>"), undefined);
  assert.equal(
    contentOf("<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:me@a.example'/>"),
    undefined,
  );
});

test("P7: what another app of ours does is not told", () => {
  const ours = `<message xmlns='jabber:client' from='me@a.example/phone' to='bob@b.example' type='chat' id='m1'>${CALL}</message>`;
  assert.deepEqual(receive(carbon("sent", ours)), []);
  assert.deepEqual(receive(archived(ours)), []);
  const theirs = `<message xmlns='jabber:client' from='bob@b.example/x' to='me@a.example' type='chat' id='m1'>${CALL}</message>`;
  assert.equal(receive(archived(theirs)).length, 1);
});
