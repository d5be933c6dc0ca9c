import assert from "node:assert/strict";
import { test } from "node:test";
import { archived, BOB, carbon, ENCRYPTED, FROM_BOB, HI, ME, NOW, receive, TO_BOB } from "../testing/ingest.ts";

test("a contact or a stranger writes", () => {
  assert.deepEqual(receive(FROM_BOB), [HI]);
  assert.deepEqual(receive(FROM_BOB.replaceAll("bob@b", "eve@x")), [
    { ...HI, chat: "eve@x.example", sender: "eve@x.example" },
  ]);
});

test("a message without type, of type normal, or of a type nobody knows is a message", () => {
  for (const type of ["", "type='normal'", "type='letter'"])
    assert.deepEqual(receive(FROM_BOB.replace("type='chat'", type)), [HI]);
});

test("receipts and markers tell what became of our messages", () => {
  const about = (inside: string) =>
    receive(`<message from='bob@b.example/x' to='me@a.example/web'>${inside}</message>`);
  assert.deepEqual(about("<received xmlns='urn:xmpp:receipts' id='m1'/>"), [
    { kind: "receipt", chat: BOB, of: "m1", at: NOW, state: "delivered" },
  ]);
  assert.deepEqual(about("<received xmlns='urn:xmpp:chat-markers:0' id='m1'/>"), [
    { kind: "receipt", chat: BOB, of: "m1", at: NOW, state: "delivered", upTo: true },
  ]);
  assert.deepEqual(about("<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>"), [
    { kind: "receipt", chat: BOB, of: "m1", at: NOW, state: "read", upTo: true },
  ]);
  assert.deepEqual(about("<received xmlns='urn:xmpp:receipts'/>"), []);
});

test("O7: a marker that another client of ours gave says up to where this account has read; a receipt says nothing", () => {
  const gave = (inside: string) => receive(carbon("sent", TO_BOB.replace("<body>hi</body>", inside)));
  assert.deepEqual(gave("<displayed xmlns='urn:xmpp:chat-markers:0' id='m9'/>"), [
    { kind: "read-elsewhere", chat: BOB, upTo: { origin: "m9" } },
  ]);
  assert.deepEqual(gave("<received xmlns='urn:xmpp:chat-markers:0' id='m9'/>"), []);
  assert.deepEqual(gave("<received xmlns='urn:xmpp:receipts' id='m9'/>"), []);
});

test("O7: what the account keeps of what its clients have shown is believed of nobody else (XEP-0490)", () => {
  const told = (
    from: string,
    chat = BOB,
    displayed = "<stanza-id xmlns='urn:xmpp:sid:0' by='me@a.example' id='a9'/>",
  ) =>
    receive(
      `<message from='${from}' to='me@a.example/web' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:mds:displayed:0'><item id='${chat}'><displayed xmlns='urn:xmpp:mds:displayed:0'>${displayed}</displayed></item></items></event></message>`,
    );
  assert.deepEqual(told("me@a.example"), [
    { kind: "read-elsewhere", chat: BOB, upTo: { by: "me@a.example", id: "a9" } },
  ]);
  for (const from of ["bob@b.example", "me@a.example/phone", "a.example"]) assert.deepEqual(told(from), [], from);
  assert.deepEqual(told("me@a.example", BOB, ""), []);
  assert.deepEqual(told("me@a.example", BOB, "<stanza-id xmlns='urn:xmpp:sid:0' by='@' id='a9'/>"), []);
});

test("T14: what the account remembers of rooms is believed of nobody else (XEP-0402)", () => {
  const told = (from: string, inside: string) =>
    receive(
      `<message from='${from}' to='me@a.example/web' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'>${inside}</event></message>`,
    );
  const items = (inner: string) => `<items node='urn:xmpp:bookmarks:1'>${inner}</items>`;
  const put = items(
    "<item id='coven@chat.b.example'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='1'/></item><item id='nowhere'/>",
  );
  const gone = items("<retract id='coven@chat.b.example'/><retract id='@'/><retract/>");
  const emptied = "<purge node='urn:xmpp:bookmarks:1'/>";
  const room = "coven@chat.b.example";
  assert.deepEqual(told("me@a.example", put), [{ kind: "bookmarks", put: [{ jid: room, autojoin: true }], gone: [] }]);
  assert.deepEqual(told("me@a.example", gone), [{ kind: "bookmarks", put: [], gone: [room] }]);
  assert.deepEqual(told("me@a.example", emptied), [{ kind: "bookmarks", put: [], gone: [], all: true }]);
  for (const from of ["bob@b.example", "me@a.example/phone", "a.example", room])
    for (const inside of [put, gone, emptied]) assert.deepEqual(told(from, inside), [], from);
});

test("a message that comes back is a bounce and nothing else", () => {
  const bounced = `<message from='bob@b.example' to='me@a.example/web' type='error' id='m1'><body>hi</body>${ENCRYPTED}<received xmlns='urn:xmpp:receipts' id='m0'/><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;
  assert.deepEqual(receive(bounced), [{ kind: "bounce", chat: BOB, of: "m1", condition: "service-unavailable" }]);
  assert.deepEqual(receive(bounced.replace("<service-unavailable", "<made-up")), [
    { kind: "bounce", chat: BOB, of: "m1", condition: "undefined-condition" },
  ]);
  assert.deepEqual(receive(bounced.replace("id='m1'", "")), []);
});

test("presence of contacts comes and goes, requests wait and are withdrawn", () => {
  const presence = (attributes: string) =>
    receive(`<presence from='bob@b.example/x' to='me@a.example' ${attributes}/>`);
  assert.deepEqual(presence(""), [{ kind: "presence", jid: BOB, resource: "x", available: true }]);
  assert.deepEqual(presence("type='unavailable'"), [{ kind: "presence", jid: BOB, resource: "x", available: false }]);
  assert.deepEqual(presence("type='subscribe'"), [{ kind: "request", jid: BOB, pending: true }]);
  assert.deepEqual(presence("type='unsubscribe'"), [{ kind: "request", jid: BOB, pending: false }]);
  for (const type of ["subscribed", "unsubscribed", "error", "probe", "constructor"])
    assert.deepEqual(presence(`type='${type}'`), [], type);
  assert.deepEqual(receive("<presence from='me@a.example/phone'/>"), []);
  assert.deepEqual(receive("<presence/>"), []);
});

test("T26: a request is known by its address, whatever name it brings", () => {
  const request =
    "<presence from='eve@x.example' type='subscribe'><nick xmlns='http://jabber.org/protocol/nick'>Bob</nick><moved xmlns='urn:xmpp:moved:1'/></presence>";
  assert.deepEqual(receive(request), [{ kind: "request", jid: "eve@x.example", pending: true }]);
});

test("rooms and their occupants are not contacts yet", () => {
  const muc = "<x xmlns='http://jabber.org/protocol/muc#user'><item jid='bob@b.example'/></x>";
  assert.deepEqual(receive(FROM_BOB.replace("type='chat'", "type='groupchat'")), []);
  assert.deepEqual(receive(FROM_BOB.replace("<body>", `${muc}<body>`)), []);
  assert.deepEqual(receive(`<presence from='room@conf.b.example/nick'>${muc}</presence>`), []);
});

function deviceList(
  from: string,
  inside = "<item id='1'><list xmlns='eu.siacs.conversations.axolotl'><device id='5'/><device id='0'/></list></item>",
): string {
  return `<message ${from} to='me@a.example/web' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='eu.siacs.conversations.axolotl.devicelist'>${inside}</items></event></message>`;
}

test("a device list is that of whoever sends it", () => {
  assert.deepEqual(receive(deviceList("from='bob@b.example'")), [{ kind: "devices", jid: BOB, devices: [5] }]);
  assert.deepEqual(receive(deviceList("from='me@a.example'")), [{ kind: "devices", jid: ME, devices: [5] }]);
  assert.deepEqual(receive(deviceList("")), [{ kind: "devices", jid: ME, devices: [5] }]);
});

test("a deleted device list is empty, an unreadable or retracted one is no news", () => {
  const deleted = deviceList("from='bob@b.example'").replace(
    /<items.*<\/items>/,
    "<delete node='eu.siacs.conversations.axolotl.devicelist'/>",
  );
  assert.deepEqual(receive(deleted), [{ kind: "devices", jid: BOB, devices: [] }]);
  assert.deepEqual(receive(deviceList("from='bob@b.example'", "<item id='1'><nonsense/></item>")), []);
  assert.deepEqual(receive(deviceList("from='bob@b.example'", "<item id='1'/>")), []);
  assert.deepEqual(receive(deviceList("from='bob@b.example'", "<retract id='1'/>")), []);
});

test("T14, T15: a client that sends events in its owner's name is ignored", () => {
  assert.deepEqual(receive(deviceList("from='eve@x.example/1'")), []);
  assert.deepEqual(receive(deviceList("from='me@a.example/phone'")), []);
});

test("T15, T16: whatever the event says, it is about its sender", () => {
  assert.deepEqual(receive(deviceList("from='eve@x.example'")), [
    { kind: "devices", jid: "eve@x.example", devices: [5] },
  ]);
});

test("T14: events of other nodes, wrapped events and bounced ones change nothing", () => {
  const bookmarks = deviceList("from='eve@x.example'").replace(
    "eu.siacs.conversations.axolotl.devicelist",
    "urn:xmpp:bookmarks:1",
  );
  assert.deepEqual(receive(bookmarks), []);
  const inner = deviceList("from='bob@b.example'").replace("<message", "<message xmlns='jabber:client'");
  assert.deepEqual(receive(carbon("received", inner)), []);
  assert.deepEqual(receive(deviceList("from='bob@b.example'").replace("headline", "error")), []);
});

test("T40: an encrypted message is its stanza's sender's, whatever device it names", () => {
  const [event] = receive(`<message from='eve@x.example/1' to='me@a.example'>${ENCRYPTED}</message>`);
  assert.equal(event?.kind === "message" && event.sender, "eve@x.example");
});

test("stanzas of another namespace, requests and nonsense mean nothing", () => {
  assert.deepEqual(receive(FROM_BOB.replace("jabber:client", "jabber:server")), []);
  assert.deepEqual(
    receive("<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='eve@x.example'/></query></iq>"),
    [],
  );
  assert.deepEqual(receive("<message from='not an address' to='me@a.example'><body>hi</body></message>"), []);
});

test("R18: a server and its services are heard like people, whatever resource they speak by", () => {
  const said = (from: string) =>
    receive(`<message from='${from}' to='me@a.example' id='m1'><body>down at noon</body></message>`);
  for (const [from, chat] of [
    ["a.example", "a.example"],
    ["A.example/announce", "a.example"],
    ["irc.b.example", "irc.b.example"],
  ] as const) {
    assert.deepEqual(
      said(from),
      [{ ...HI, chat, sender: chat, content: { kind: "clear", text: "down at noon" } }],
      from,
    );
  }
  const presence = "<presence from='irc.b.example' to='me@a.example/web'/>";
  assert.deepEqual(receive(presence), [{ kind: "presence", jid: "irc.b.example", resource: "", available: true }]);
  const result = archived(FROM_BOB.replaceAll("bob@b.example/x", "a.example"));
  assert.equal(receive(result)[0]?.kind, "message");
  for (const nobody of ["", "@a.example", "a..example", "a.example/", "a b.example"])
    assert.deepEqual(said(nobody), [], nobody);
});
