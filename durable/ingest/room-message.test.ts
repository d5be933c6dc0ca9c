import assert from "node:assert/strict";
import { test } from "node:test";
import { stanza } from "../testing/stanza.ts";
import { ALL_GUARDS, archivedInRoom, inRoom, ROOM, roomContext, saidBy } from "../testing/room.ts";
import { archived, BOB, carbon, ENCRYPTED, HI, ME, NOW, OMEMO } from "../testing/ingest.ts";
import { unreadableOf } from "./unreadable.ts";

const BY_BOB = { ...HI, chat: ROOM, occupant: { nick: "bob", id: "o-bob" } };
const NO_IDS = { guards: { ...ALL_GUARDS, occupantIds: false } };
const user = (inside: string) => `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;

function senderOf(text: string, view: Parameters<typeof inRoom>[1] = {}): string | undefined {
  const [event] = inRoom(text, view);
  return event?.kind === "message" ? event.sender : undefined;
}

test("what somebody says in a room is theirs, in the room's conversation", () => {
  assert.deepEqual(inRoom(saidBy("bob")), [BY_BOB]);
  assert.deepEqual(inRoom(saidBy("bob"), NO_IDS), [{ ...BY_BOB, occupant: { nick: "bob" } }]);
  assert.deepEqual(inRoom(saidBy("bob", ENCRYPTED)), [{ ...BY_BOB, content: { kind: "omemo", omemo: OMEMO } }]);
});

test("whoever hides their address speaks as the room, under their name", () => {
  assert.deepEqual(inRoom(saidBy("carol")), [{ ...BY_BOB, sender: ROOM, occupant: { nick: "carol", id: "o-carol" } }]);
});

test("our own echo is ours, and carries the room's archive id", () => {
  const id = `<stanza-id xmlns='urn:xmpp:sid:0' by='${ROOM}' id='a1'/>`;
  const own = { ...BY_BOB, sender: ME, outgoing: true, archive: { by: ROOM, id: "a1" } };
  assert.deepEqual(inRoom(saidBy("me", `<body>hi</body>${id}`)), [{ ...own, occupant: { nick: "me", id: "o-me" } }]);
  assert.deepEqual(inRoom(saidBy("me", `<body>hi</body>${id}`), NO_IDS), [{ ...own, occupant: { nick: "me" } }]);
});

test("whoever was there before the room told of its ids is known by their name, while it is theirs", () => {
  const nameless = {
    byNick: (nick: string) =>
      nick === "me" || nick === "bob"
        ? ({ nick, jid: nick === "me" ? ME : BOB, affiliation: "member", role: "participant" } as const)
        : undefined,
    byId: () => undefined,
  };
  const view = { ...nameless, id: undefined as never };
  assert.equal(senderOf(saidBy("me"), view), ME);
  assert.equal(senderOf(saidBy("bob"), view), BOB);
  assert.equal(senderOf(saidBy("carol"), view), ROOM);
  assert.equal(senderOf(archivedInRoom(saidBy("bob")), view), ROOM);
  assert.equal(senderOf(archivedInRoom(saidBy("me")), view), ROOM);
  assert.equal(senderOf(archivedInRoom(saidBy("me").replace("id='m1'", "id='mine'")), view), ME);
});

test("what the room repeats of its past has its time and need not be whose name it bears today", () => {
  const past = `<body>hi</body><delay xmlns='urn:xmpp:delay' from='${ROOM}' stamp='2026-06-30T10:00:00Z'/>`;
  const at = Date.UTC(2026, 5, 30, 10);
  const repeated = true;
  assert.deepEqual(inRoom(saidBy("bob", past)), [{ ...BY_BOB, at, repeated }]);
  const nameless = { ...BY_BOB, at, repeated, sender: ROOM, occupant: { nick: "bob" } };
  assert.deepEqual(inRoom(saidBy("bob", past, "")), [nameless]);
  assert.deepEqual(inRoom(saidBy("bob", past.replace(ROOM, `${ROOM}/bob`)), NO_IDS), [
    { ...BY_BOB, occupant: { nick: "bob" } },
  ]);
});

test("the room's archive names authors who are gone, and only what browsers of ours sent is ours without an id", () => {
  const told = user("<item jid='dave@d.example/x' affiliation='member'/>");
  const place = { at: Date.UTC(2026, 5, 29, 8), archive: { by: ROOM, id: "r1" } };
  assert.deepEqual(inRoom(archivedInRoom(saidBy("dave", `<body>hi</body>${told}`))), [
    { ...BY_BOB, ...place, sender: "dave@d.example", occupant: { nick: "dave", id: "o-dave" } },
  ]);
  assert.equal(senderOf(archivedInRoom(saidBy("dave", `<body>hi</body>${told}`)), { nonAnonymous: false }), ROOM);
  assert.equal(senderOf(archivedInRoom(saidBy("me", "<body>hi</body>")), NO_IDS), ROOM);
  assert.equal(senderOf(archivedInRoom(saidBy("me").replace("id='m1'", "id='mine'")), NO_IDS), ME);
  assert.equal(senderOf(archivedInRoom(saidBy("bob").replace("id='m1'", "id='mine'")), NO_IDS), ROOM);
});

test("a subject is a message that says nothing else", () => {
  const subject = "<subject>Fire burn</subject>";
  assert.deepEqual(inRoom(saidBy("bob", subject)), [
    { kind: "room-subject", room: ROOM, subject: "Fire burn", by: "bob" },
  ]);
  assert.deepEqual(inRoom(saidBy("bob", "<subject/>")), [{ kind: "room-subject", room: ROOM, subject: "", by: "bob" }]);
  assert.deepEqual(inRoom(saidBy("bob", `${subject}<body>hi</body>`)), [BY_BOB]);
  assert.deepEqual(inRoom(archivedInRoom(saidBy("bob", subject))), [], "an old one is over");
});

test("the room itself says that it changed and who became a member; occupants cannot", () => {
  const changed = user("<item jid='carol@c.example' affiliation='member'/><status code='104'/>");
  const byRoom = saidBy("x", changed, "").replace(`${ROOM}/x`, ROOM);
  const expected = [
    { kind: "room-changed", room: ROOM },
    { kind: "room-member", room: ROOM, jid: "carol@c.example", affiliation: "member" },
  ];
  assert.deepEqual(inRoom(byRoom), expected);
  assert.deepEqual(inRoom(byRoom.replace("type='groupchat'", "")), expected);
  assert.deepEqual(inRoom(saidBy("bob", changed)), []);
});

test("what comes back from a room is a bounce of what was sent there", () => {
  const bounced = saidBy(
    "x",
    "<body>hi</body><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
  )
    .replace("/x'", "'")
    .replace("groupchat", "error");
  assert.deepEqual(inRoom(bounced), [{ kind: "bounce", chat: ROOM, of: "m1", condition: "forbidden" }]);
});

test("rooms that we are not in, or have left, say nothing", () => {
  assert.deepEqual(inRoom(saidBy("bob").replace("coven@", "other@")), []);
  assert.deepEqual(inRoom(saidBy("bob"), { open: false }), []);
  assert.deepEqual(inRoom(archivedInRoom(saidBy("bob")), { open: false }), []);
});

test("T04: a carbon of what was said in a room is dropped", () => {
  assert.deepEqual(inRoom(carbon("received", saidBy("bob"))), []);
  const sent = saidBy("me").replace(`from='${ROOM}/me'`, "from='me@a.example/phone'").replace("me@a.example/web", ROOM);
  assert.deepEqual(inRoom(carbon("sent", sent)), []);
});

test("T09: a result counts only from the archive that was asked", () => {
  assert.equal(inRoom(archivedInRoom(saidBy("bob"))).length, 1);
  for (const from of [`${ROOM}/bob`, "other@chat.b.example", "me@a.example", BOB, "chat.b.example"]) {
    assert.deepEqual(inRoom(archivedInRoom(saidBy("bob"), { from })), [], from);
  }
  assert.deepEqual(inRoom(archivedInRoom(saidBy("bob"), { queryId: "q1" })), [], "our own archive was asked that");
  assert.deepEqual(inRoom(archivedInRoom(saidBy("bob"), { queryId: "q2" })), [], "nobody was");
  assert.deepEqual(inRoom(archived(saidBy("bob"), "", "q-room")), [], "a room names itself");
  assert.deepEqual(inRoom(archivedInRoom(saidBy("bob").replace(ROOM, "other@chat.b.example"))), []);
  assert.deepEqual(inRoom(archivedInRoom(saidBy("bob").replace("groupchat", "chat"))), []);
});

test("T22: an archive id is the room's own, alone, and of a room that guards them", () => {
  const archiveOf = (ids: string, view: Parameters<typeof inRoom>[1] = {}) => {
    const [event] = inRoom(saidBy("bob", `<body>hi</body>${ids}`), view);
    return event?.kind === "message" ? event.archive : "no message";
  };
  const own = `<stanza-id xmlns='urn:xmpp:sid:0' by='${ROOM}' id='a1'/>`;
  assert.deepEqual(archiveOf(own), { by: ROOM, id: "a1" });
  assert.equal(archiveOf(own, { guards: { ...ALL_GUARDS, archiveIds: false } }), undefined);
  assert.equal(archiveOf(own + own.replace("a1", "a2")), undefined);
  for (const by of ["me@a.example", `${ROOM}/bob`, "other@chat.b.example", ""]) {
    assert.equal(archiveOf(own.replace(`by='${ROOM}'`, `by='${by}'`)), undefined, by);
  }
});

test("T23: an address inside a live message is its author's invention", () => {
  const claim = user("<item jid='bob@b.example'/>");
  assert.equal(senderOf(saidBy("carol", `<body>hi</body>${claim}`)), ROOM);
  assert.equal(senderOf(saidBy("carol", `<body>hi</body>${claim}`), NO_IDS), ROOM);
});

test("T23: so is one in the archive beside the room's own, or one that names us", () => {
  const claim = user("<item jid='bob@b.example'/>");
  const told = user("<item jid='dave@d.example'/>");
  assert.equal(senderOf(archivedInRoom(saidBy("dave", `<body>hi</body>${claim}${told}`))), ROOM);
  const posing = saidBy("dave", `<body>hi</body>${user("<item jid='me@a.example'/>")}`);
  assert.equal(senderOf(archivedInRoom(posing)), ROOM);
});

test("T24: names that look alike are other names; whoever has our id is us, whatever they are called", () => {
  for (const nick of ["mе", "me\u200B", "\u202Eme", "Me"]) assert.equal(senderOf(saidBy(nick)), ROOM, nick);
  assert.equal(senderOf(saidBy("me", "<body>hi</body>", "o-carol")), ROOM, "our name, somebody else's id");
  assert.equal(senderOf(saidBy("somebody", "<body>hi</body>", "o-me")), ME);
});

test("T25: what an occupant whispers stands in the room, marked, and in nobody's conversation", () => {
  const secret = saidBy("bob", `<body>psst</body>${user("<item jid='eve@b.example'/>")}`).replace("groupchat", "chat");
  const content = { kind: "clear", text: "psst" } as const;
  const whisper = { ...BY_BOB, whisper: "bob", content };
  assert.deepEqual(inRoom(secret), [whisper], "whose name it is, by the room's presence alone");
  assert.deepEqual(inRoom(secret.replace("type='chat'", "")), [whisper]);
  const { occupant: _, ...rest } = whisper;
  const past = { ...rest, sender: ROOM, occupant: { nick: "bob" } };
  const kept = { archive: { by: ME, id: "28482-98726" }, at: Date.UTC(2026, 5, 29, 8) };
  assert.deepEqual(inRoom(carbon("received", secret)), [past], "another client of ours has got it, too");
  assert.deepEqual(inRoom(archived(secret)), [{ ...past, ...kept }], "whose name it was then is not known");
  const ours = `<message xmlns='jabber:client' from='me@a.example/phone' to='${ROOM}/bob' type='chat' id='m1'><body>hi</body></message>`;
  const own = { ...past, sender: ME, outgoing: true, occupant: { nick: "me" }, content: { kind: "clear", text: "hi" } };
  assert.deepEqual(inRoom(carbon("sent", ours)), [own]);
  assert.deepEqual(inRoom(archived(ours)), [{ ...own, ...kept }]);
});

test("T25: a whisper under our own name is not ours, and one about other messages is about none", () => {
  const posing = saidBy("me", "<body>it was I</body>", "o-dave").replace("groupchat", "chat");
  assert.deepEqual(
    [senderOf(posing), inRoom(posing).map((event) => "outgoing" in event && event.outgoing)],
    [ROOM, [false]],
  );
  const changes = saidBy("bob", "<body>hi</body><replace xmlns='urn:xmpp:message-correct:0' id='m0'/>");
  assert.equal(Object.hasOwn(inRoom(changes)[0] ?? {}, "replaces"), true, "of what all may read");
  const [whisper = {}] = inRoom(changes.replace("groupchat", "chat"));
  assert.equal(Object.hasOwn(whisper, "replaces"), false);
});

test("R13: what is whispered and is no clear text goes back", () => {
  const back = { kind: "room-whisper", room: ROOM, nick: "bob", from: `${ROOM}/bob`, at: NOW, id: "m1" } as const;
  assert.deepEqual(inRoom(saidBy("bob", ENCRYPTED).replace("groupchat", "chat")), [back]);
  const typing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
  assert.deepEqual(inRoom(saidBy("bob", typing).replace("groupchat", "chat")), [], "nothing that is shown");
});

test("T61: a message of a room that cannot be read is missed in that room", () => {
  const unreadable = (text: string) => unreadableOf(stanza(text), roomContext());
  const missing = { kind: "unreadable", chat: ROOM, sender: ROOM, outgoing: false, at: NOW } as const;
  assert.deepEqual(unreadable(saidBy("bob", "")), missing);
  assert.deepEqual(unreadable(archivedInRoom(saidBy("bob", ""))), {
    ...missing,
    at: Date.UTC(2026, 5, 29, 8),
    archive: { by: ROOM, id: "r1" },
  });
  assert.equal(unreadable(archivedInRoom(saidBy("bob", ""), { from: BOB })), undefined);
  assert.equal(unreadable(saidBy("bob", "").replace("groupchat", "error")), undefined);
});
