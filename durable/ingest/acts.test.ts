import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS } from "../../worker/contract/limits.ts";
import { ALL_GUARDS, archivedInRoom, inRoom, ROOM, saidBy } from "../testing/room.ts";
import { archived, BOB, contentOf, ENCRYPTED, HI, ME, OMEMO, receive } from "../testing/ingest.ts";

const FALLBACK = (of: string) => `<fallback xmlns='urn:xmpp:fallback:0' for='${of}'><body/></fallback>`;
const REACTION = "<reactions xmlns='urn:xmpp:reactions:0' id='m0'><reaction>👍</reaction></reactions>";
const RETRACTION = "<retract xmlns='urn:xmpp:message-retract:1' id='m0'/>";
const MODERATION =
  "<retract xmlns='urn:xmpp:message-retract:1' id='m0'><moderated xmlns='urn:xmpp:message-moderate:1' by='room@rooms.example/mod'/></retract>";
/** Of versions that were given up, and what an archive keeps in the place of what was taken back. */
const FORMER = [
  "<apply-to xmlns='urn:xmpp:fasten:0' id='m0'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
  "<apply-to xmlns='urn:xmpp:fasten:0' id='m0'><moderated xmlns='urn:xmpp:message-moderate:0'/></apply-to>",
  "<retracted xmlns='urn:xmpp:message-retract:1' stamp='2026-01-01T00:00:00Z'/>",
];
const BODIES = ["", "<body>/me retracted a previous message</body>", "<body>&gt; hi\n👍</body>"];

const from = (sender: string, inside: string) =>
  `<message xmlns='jabber:client' from='${sender}' to='me@a.example' type='chat' id='r1'>${inside}</message>`;
const actsOf = (inside: string) =>
  receive(from("bob@b.example/x", inside)).map((event) => (event.kind === "message" ? event.act : undefined));

test("O8: a reaction or a retraction with a body for other apps is no new message", () => {
  for (const act of [REACTION, RETRACTION]) {
    for (const body of BODIES) {
      assert.deepEqual(contentOf(body + act), { kind: "none" }, body + act);
      assert.deepEqual(contentOf(body + act + FALLBACK("urn:xmpp:message-retract:1")), { kind: "none" }, body + act);
    }
  }
  for (const act of FORMER) for (const body of BODIES) assert.equal(contentOf(body + act), undefined, body + act);
});

test("O8: of an encrypted one the ratchet moves, and nothing is shown", () => {
  const { payload: _text, ...transport } = OMEMO;
  const body = "<body>This message is encrypted.</body>";
  const moves = { kind: "omemo", omemo: transport };
  assert.deepEqual(contentOf(body + ENCRYPTED + REACTION + FALLBACK("urn:xmpp:reactions:0")), moves);
  for (const act of [RETRACTION, ...FORMER]) assert.deepEqual(contentOf(body + ENCRYPTED + act), moves);
});

test("O8: an encrypted text that nobody calls a fallback is read, whatever stands beside it", () => {
  assert.deepEqual(contentOf(ENCRYPTED + REACTION), { kind: "omemo", omemo: OMEMO });
  assert.deepEqual(contentOf(ENCRYPTED + FALLBACK("urn:xmpp:reply:0")), { kind: "omemo", omemo: OMEMO });
  assert.deepEqual(contentOf(`<body>hi</body>${FALLBACK("urn:xmpp:reply:0")}`), { kind: "clear", text: "hi" });
});

test("a reaction and a retraction name the message that they are about, live and out of the archive (XEP-0444, XEP-0424)", () => {
  const reaction = { ...HI, originId: "r1", content: { kind: "none" } };
  const thumbs = { kind: "reactions", of: { id: "m0" }, emojis: ["👍"] };
  assert.deepEqual(receive(from("bob@b.example/x", REACTION)), [{ ...reaction, act: thumbs }]);
  assert.deepEqual(actsOf(RETRACTION), [{ kind: "retraction", of: { id: "m0" } }]);
  const [past] = receive(archived(from("bob@b.example/x", REACTION)));
  assert.ok(past?.kind === "message" && past.archive !== undefined);
  assert.deepEqual(past.act, thumbs);
});

test("reactions are a set of bounded size; an empty one takes them back", () => {
  const set = (...texts: readonly string[]) =>
    `<reactions xmlns='urn:xmpp:reactions:0' id='m0'>${texts.map((one) => `<reaction>${one}</reaction>`).join("")}</reactions>`;
  const emojisOf = (inside: string) => {
    const [act] = actsOf(inside);
    return act?.kind === "reactions" ? act.emojis : undefined;
  };
  assert.deepEqual(emojisOf(set("👍", " 👍 ", "❤️")), ["👍", "❤️"]);
  assert.deepEqual(emojisOf(set()), []);
  assert.deepEqual(emojisOf(set("", "x".repeat(LIMITS.emojiLength + 1))), []);
  assert.equal(emojisOf(set(...Array.from({ length: 99 }, (_, n) => String(n))))?.length, LIMITS.emojis);
});

test("what names no message, or one by an id that is none, does nothing", () => {
  for (const id of ["", "id=''", `id='${"x".repeat(300)}'`]) {
    assert.deepEqual(actsOf(`<reactions xmlns='urn:xmpp:reactions:0' ${id}><reaction>👍</reaction></reactions>`), []);
    assert.deepEqual(actsOf(`<retract xmlns='urn:xmpp:message-retract:1' ${id}/>`), []);
  }
});

test("T20: a room alone moderates, never somebody in it and never a contact (XEP-0425)", () => {
  const byRoom = saidBy("bob", MODERATION).replace(`from='${ROOM}/bob'`, `from='${ROOM}'`);
  const told = { kind: "message", chat: ROOM, sender: ROOM, outgoing: false, content: { kind: "none" } };
  for (const text of [byRoom, archivedInRoom(byRoom)]) {
    const [event] = inRoom(text);
    assert.ok(event?.kind === "message");
    const { kind, chat, sender, outgoing, content } = event;
    assert.deepEqual({ kind, chat, sender, outgoing, content }, told);
    assert.deepEqual(event.act, { kind: "moderation", of: { id: "m0" }, by: "mod" });
  }
  const [long] = inRoom(byRoom.replace("/mod'", `/${"m".repeat(LIMITS.nickLength + 1)}'`));
  assert.ok(long?.kind === "message" && long.act?.kind === "moderation");
  assert.equal(long.act.by?.length, LIMITS.nickLength);
  for (const text of [saidBy("bob", MODERATION), archivedInRoom(saidBy("bob", MODERATION))])
    assert.deepEqual(inRoom(text), []);
  for (const sender of ["bob@b.example/x", "eve@x.example/x", "me@a.example/phone"])
    assert.deepEqual(receive(from(sender, MODERATION)), []);
});

test("T20: the old version of it says the same, the reason with it, and of the room alone as well (XEP-0425 0.2)", () => {
  const old =
    "<apply-to xmlns='urn:xmpp:fasten:0' id='m0'><moderated xmlns='urn:xmpp:message-moderate:0' by='room@rooms.example/mod'>" +
    "<retract xmlns='urn:xmpp:message-retract:0'/></moderated><reason> adverts </reason></apply-to>";
  const byRoom = saidBy("bob", old).replace(`from='${ROOM}/bob'`, `from='${ROOM}'`);
  const [event] = inRoom(byRoom);
  assert.deepEqual(event?.kind === "message" && event.act, {
    ...{ kind: "moderation", of: { id: "m0" }, by: "mod", reason: "adverts" },
  });
  assert.deepEqual(inRoom(saidBy("bob", old)), []);
  assert.deepEqual(receive(from("eve@x.example/x", old)), []);
});

test("T22: a moderation has an archive id only of a room that guards them", () => {
  const id = `<stanza-id xmlns='urn:xmpp:sid:0' by='${ROOM}' id='a1'/>`;
  const byRoom = saidBy("bob", MODERATION + id).replace(`from='${ROOM}/bob'`, `from='${ROOM}'`);
  const archiveOf = (view: Parameters<typeof inRoom>[1]) => {
    const [event] = inRoom(byRoom, view);
    return event?.kind === "message" ? event.archive : "no message";
  };
  assert.deepEqual(archiveOf({}), { by: ROOM, id: "a1" });
  assert.equal(archiveOf({ guards: { ...ALL_GUARDS, archiveIds: false } }), undefined);
});

test("T21: an act in a room is its occupant's, under the name and id that the room gives", () => {
  const [event] = inRoom(saidBy("bob", REACTION));
  assert.ok(event?.kind === "message");
  assert.deepEqual([event.sender, event.occupant, event.chat], [BOB, { nick: "bob", id: "o-bob" }, ROOM]);
  const [own] = inRoom(saidBy("me", RETRACTION));
  assert.ok(own?.kind === "message");
  assert.deepEqual([own.sender, own.outgoing], [ME, true]);
});
