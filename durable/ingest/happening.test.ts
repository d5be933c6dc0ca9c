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
  for (const file of FILES) assert.deepEqual(contentOf(file), { kind: "happening", what: "file" }, file);
});

test("P7: what has words is told by its words, as before", () => {
  for (const beside of [ATTENTION, ...FILES])
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

const FALLBACK = (of: string) => `<fallback xmlns='urn:xmpp:fallback:0' for='${of}'><body/></fallback>`;
const REACTION = "<reactions xmlns='urn:xmpp:reactions:0' id='m0'><reaction>👍</reaction></reactions>";
const RETRACTIONS = [
  "<retract xmlns='urn:xmpp:message-retract:1' id='m0'/>",
  "<apply-to xmlns='urn:xmpp:fasten:0' id='m0'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
  "<apply-to xmlns='urn:xmpp:fasten:0' id='m0'><moderated xmlns='urn:xmpp:message-moderate:0'/></apply-to>",
  "<retracted xmlns='urn:xmpp:message-retract:1' stamp='2026-01-01T00:00:00Z'/>",
];

test("O8: a reaction or a retraction with a body for other apps is no new message", () => {
  const bodies = ["", "<body>/me retracted a previous message</body>", "<body>&gt; hi\n👍</body>"];
  for (const act of [REACTION, ...RETRACTIONS]) {
    for (const body of bodies) {
      assert.equal(contentOf(body + act), undefined, body + act);
      assert.equal(contentOf(body + act + FALLBACK("urn:xmpp:message-retract:1")), undefined, body + act);
    }
  }
});

test("O8: of an encrypted one the ratchet moves, and nothing is shown", () => {
  const { payload: _text, ...transport } = OMEMO;
  const body = "<body>This message is encrypted.</body>";
  assert.deepEqual(contentOf(body + ENCRYPTED + REACTION + FALLBACK("urn:xmpp:reactions:0")), {
    kind: "omemo",
    omemo: transport,
  });
  for (const retraction of RETRACTIONS)
    assert.deepEqual(contentOf(body + ENCRYPTED + retraction), { kind: "omemo", omemo: transport });
});

test("O8: an encrypted text that nobody calls a fallback is read, whatever stands beside it", () => {
  assert.deepEqual(contentOf(ENCRYPTED + REACTION), { kind: "omemo", omemo: OMEMO });
  assert.deepEqual(contentOf(ENCRYPTED + FALLBACK("urn:xmpp:reply:0")), { kind: "omemo", omemo: OMEMO });
  assert.deepEqual(contentOf(`<body>hi</body>${FALLBACK("urn:xmpp:reply:0")}`), { kind: "clear", text: "hi" });
});

test("T20: a retraction, by its author or by anybody else, is no message and takes nothing back", () => {
  const from = (sender: string, type: string, act: string) =>
    `<message xmlns='jabber:client' from='${sender}' to='me@a.example' type='${type}' id='r1'><body>/me retracted a message</body>${act}</message>`;
  const senders = ["bob@b.example/x", "eve@x.example/x", "me@a.example/phone"];
  const moderation =
    "<retract xmlns='urn:xmpp:message-retract:1' id='m0'><moderated xmlns='urn:xmpp:message-moderate:1' by='room@rooms.example/mod'/></retract>";
  for (const act of [...RETRACTIONS, moderation]) {
    for (const sender of senders) assert.deepEqual(receive(from(sender, "chat", act)), [], sender + act);
  }
});
