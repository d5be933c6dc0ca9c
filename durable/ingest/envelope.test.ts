import assert from "node:assert/strict";
import { test } from "node:test";
import type { IngestContext } from "./envelope.ts";
import { archived, carbon, FROM_BOB, HI, ME, receive, TO_BOB } from "../testing/ingest.ts";

test("the archive id of a live message is that of our own server", () => {
  const text = FROM_BOB.replace(
    "<body>",
    "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/><stanza-id xmlns='urn:xmpp:sid:0' by='me@a.example' id='a1'/><body>",
  );
  assert.deepEqual(receive(text), [{ ...HI, archive: { by: ME, id: "a1" }, originId: "o1" }]);
});

test("a message kept by our server while we were away has the time of its arrival there", () => {
  const text = FROM_BOB.replace(
    "<body>",
    "<delay xmlns='urn:xmpp:delay' from='a.example' stamp='2026-06-30T10:00:00Z'/><body>",
  );
  assert.deepEqual(receive(text), [{ ...HI, at: Date.UTC(2026, 5, 30, 10) }]);
});

test("a carbon of what another client received or sent is that message", () => {
  assert.deepEqual(receive(carbon("received", FROM_BOB)), [HI]);
  assert.deepEqual(receive(carbon("sent", TO_BOB)), [{ ...HI, sender: ME, outgoing: true }]);
  assert.deepEqual(receive(carbon("sent", TO_BOB, "")), [{ ...HI, sender: ME, outgoing: true }]);
});

test("the archive's results are messages of both directions, at their time, under the archive's id", () => {
  const place = { at: Date.UTC(2026, 5, 29, 8), archive: { by: ME, id: "28482-98726" } };
  assert.deepEqual(receive(archived(FROM_BOB)), [{ ...HI, ...place }]);
  assert.deepEqual(receive(archived(TO_BOB, "")), [{ ...HI, ...place, sender: ME, outgoing: true }]);
  assert.deepEqual(receive(archived(FROM_BOB), { trustedArchiveIds: false }), [{ ...HI, ...place }]);
});

test("a note to oneself is an own message, by whatever road", () => {
  const note = TO_BOB.replace("to='bob@b.example'", "to='me@a.example'");
  const expected = { ...HI, chat: ME, sender: ME, outgoing: true };
  assert.deepEqual(receive(note), [expected]);
  assert.deepEqual(receive(carbon("sent", note)), [expected]);
  assert.deepEqual(receive(carbon("received", note)), [expected]);
  assert.deepEqual(
    receive(archived(note)).map((event) => event.kind === "message" && event.outgoing),
    [true],
  );
});

test("T01: a carbon of anybody but our own account is dropped", () => {
  for (const from of ["eve@x.example/1", "eve@x.example", "a.example", "bob@b.example", ""]) {
    assert.deepEqual(receive(carbon("received", FROM_BOB, `from='${from}'`)), [], from);
  }
});

test("T02: so is one that claims we sent something", () => {
  assert.deepEqual(receive(carbon("sent", TO_BOB, "from='eve@x.example/1'")), []);
});

test("T03: our own full JID may not send carbons either", () => {
  assert.deepEqual(receive(carbon("received", FROM_BOB, "from='me@a.example/res'")), []);
  assert.deepEqual(receive(carbon("sent", TO_BOB, "from='me@a.example/res'")), []);
});

test("T01: a body beside a forged carbon is dropped with it", () => {
  assert.deepEqual(
    receive(
      carbon("received", FROM_BOB, "from='eve@x.example/1'").replace("</received>", "</received><body>hi</body>"),
    ),
    [],
  );
});

test("T04: a carbon of a group message is dropped", () => {
  assert.deepEqual(receive(carbon("received", FROM_BOB.replace("type='chat'", "type='groupchat'"))), []);
});

test("T05: wrappers inside a wrapper stay closed", () => {
  const nested = carbon("received", FROM_BOB).replace("<message", "<message xmlns='jabber:client'");
  assert.deepEqual(receive(carbon("received", nested)), []);
  assert.deepEqual(
    receive(carbon("received", archived(FROM_BOB).replace("<message", "<message xmlns='jabber:client'"))),
    [],
  );
  assert.deepEqual(receive(archived(nested)), []);
  const smuggled = FROM_BOB.replace(
    "<body>hi</body>",
    `<body>hi</body><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${TO_BOB}</forwarded></sent>`,
  );
  assert.deepEqual(receive(carbon("received", smuggled)), [HI]);
});

test("T05: a carbon holds exactly what it says: ours sent, others' received", () => {
  assert.deepEqual(receive(carbon("sent", FROM_BOB)), []);
  assert.deepEqual(receive(carbon("received", TO_BOB)), []);
  assert.deepEqual(receive(carbon("received", FROM_BOB.replace("xmlns='jabber:client'", ""))), []);
});

test("T06: a forwarded message without a wrapper is its sender's, not its author's", () => {
  const forwarded = `<forwarded xmlns='urn:xmpp:forward:0'>${FROM_BOB}</forwarded>`;
  assert.deepEqual(receive(`<message from='eve@x.example/1' to='me@a.example'>${forwarded}</message>`), []);
  const [event] = receive(`<message from='eve@x.example/1' to='me@a.example'><body>look</body>${forwarded}</message>`);
  assert.equal(event?.kind === "message" && event.sender, "eve@x.example");
});

test("T07: an archive's result without an open query is dropped", () => {
  assert.deepEqual(receive(archived(FROM_BOB), { openQueries: new Map() }), []);
  assert.deepEqual(receive(archived(FROM_BOB, "from='me@a.example'", "q2")), []);
});

test("T08: a guessed open query does not make anybody our archive", () => {
  for (const from of ["eve@x.example/1", "eve@x.example", "a.example", "me@a.example/res"]) {
    assert.deepEqual(receive(archived(FROM_BOB, `from='${from}'`)), [], from);
  }
});

test("T09: a room is not our archive, and no result follows the end", () => {
  assert.deepEqual(receive(archived(FROM_BOB, "from='room@conf.b.example'")), []);
  assert.deepEqual(receive(archived(FROM_BOB), { openQueries: new Map([["q2", ME]]) }), []);
});

test("T10: an archived message neither from nor to us is dropped", () => {
  assert.deepEqual(receive(archived(FROM_BOB.replace("to='me@a.example'", "to='carol@c.example'"))), []);
  assert.deepEqual(receive(archived(FROM_BOB.replace("from='bob@b.example/x'", ""))), []);
  assert.deepEqual(receive(FROM_BOB.replace("to='me@a.example'", "to='carol@c.example'")), []);
});

test("T22: archive ids by others, doubled, empty, or of a server that does not guard them are not used", () => {
  const archiveOf = (ids: string, context: Partial<IngestContext> = {}) => {
    const [event] = receive(FROM_BOB.replace("<body>", `${ids}<body>`), context);
    return event?.kind === "message" ? event.archive : "no message";
  };
  const ours = "<stanza-id xmlns='urn:xmpp:sid:0' by='me@a.example' id='a1'/>";
  const theirs = "<stanza-id xmlns='urn:xmpp:sid:0' by='bob@b.example' id='b1'/>";
  assert.deepEqual(archiveOf(theirs + ours), { by: ME, id: "a1" });
  for (const ids of [
    theirs,
    ours + ours,
    "<stanza-id xmlns='urn:xmpp:sid:0' by='' id='x'/>",
    ours.replace("a1", ""),
    ours.replace("a1", "a".repeat(10_000)),
    ours.replace("me@a.example", "me@a.example/res"),
  ]) {
    assert.equal(archiveOf(ids), undefined, ids.slice(0, 200));
  }
  assert.equal(archiveOf(ours, { trustedArchiveIds: false }), undefined);
});
