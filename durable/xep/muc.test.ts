import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildMessage } from "./message.ts";
import { buildJoin, buildLeave, buildSelfPing, occupantAddress } from "./muc.ts";
import { parseMembers, requestMembers } from "./muc-admin.ts";
import { buildInstantRoom, buildPrivateRoom, parseRoomForm, requestRoomForm } from "./muc-owner.ts";

const ROOM = "coven@chat.shakespeare.lit" as BareJid;
const OCCUPANT = `${ROOM}/thirdwitch`;

test("a room with an archive is entered without its history", () => {
  assert.equal(
    buildJoin(OCCUPANT, "none").toString(),
    line(`
    <presence to='${OCCUPANT}'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>`),
  );
});

test("one without is asked for so much of its past, since we were last there", () => {
  const history = (wanted: Parameters<typeof buildJoin>[1]) =>
    buildJoin(OCCUPANT, wanted).getChild("x")?.getChild("history");
  assert.deepEqual(history({ max: 50 })?.attrs, { maxstanzas: "50" });
  assert.deepEqual(history({ max: 50, since: Date.UTC(2026, 0, 1) })?.attrs, {
    maxstanzas: "50",
    since: "2026-01-01T00:00:00.000Z",
  });
});

test("leaving, and asking the room whether we are there", () => {
  assert.equal(buildLeave(OCCUPANT).toString(), line(`<presence to='${OCCUPANT}' type='unavailable'/>`));
  assert.equal(
    buildSelfPing(OCCUPANT).toString(),
    line(`<iq type='get' to='${OCCUPANT}'><ping xmlns='urn:xmpp:ping'/></iq>`),
  );
});

test("R19: a nickname that cannot stand in an address makes none", () => {
  assert.equal(occupantAddress(ROOM, "thirdwitch"), OCCUPANT);
  assert.equal(occupantAddress(ROOM, "with/slash @ and ☕"), `${ROOM}/with/slash @ and ☕`);
  for (const nick of ["", "line\nbreak", "x".repeat(1_024)]) assert.equal(occupantAddress(ROOM, nick), undefined);
});

test("a room of our own is made private, as far as its form goes", () => {
  assert.equal(
    requestRoomForm(ROOM).toString(),
    line(`<iq type='get' to='${ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>`),
  );
  const form = parseRoomForm(
    stanza(`
    <iq type='result' from='${ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'>
      <field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
      <field var='muc#roomconfig_roomname' type='text-single'><value>Coven</value></field>
      <field var='muc#roomconfig_membersonly' type='boolean'><value>0</value></field>
      <field var='muc#roomconfig_whois' type='list-single'><value>moderators</value></field>
    </x></query></iq>`),
  );
  assert.ok(form);
  assert.equal(
    buildPrivateRoom(ROOM, form).toString(),
    line(`
    <iq type='set' to='${ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>
      <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
      <field var='muc#roomconfig_roomname'><value>Coven</value></field>
      <field var='muc#roomconfig_membersonly'><value>1</value></field>
      <field var='muc#roomconfig_whois'><value>anyone</value></field>
    </x></query></iq>`),
  );
  assert.equal(
    buildInstantRoom(ROOM).toString(),
    line(`
    <iq type='set' to='${ROOM}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>`),
  );
});

test("lists of members, absent ones too; a domain is nobody", () => {
  assert.equal(
    requestMembers(ROOM, "owner").toString(),
    line(`
    <iq type='get' to='${ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner'/></query></iq>`),
  );
  const list = `
    <iq type='result' from='${ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'>
      <item affiliation='member' jid='Hag66@shakespeare.lit' nick='thirdwitch'/>
      <item affiliation='member' jid='shakespeare.lit'/><item affiliation='member'/>
    </query></iq>`;
  assert.deepEqual(parseMembers(stanza(list)), ["hag66@shakespeare.lit"]);
  assert.equal(parseMembers(stanza(list.replace("result", "error"))), undefined);
});

test("what is said into a room asks nobody for a receipt", () => {
  const content = { kind: "clear", text: "Harpier cries", exposed: false } as const;
  assert.equal(
    buildMessage({ to: ROOM, id: "m1", content, receipt: true, room: true }).toString(),
    line(`
    <message to='${ROOM}' type='groupchat' id='m1'><body>Harpier cries</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>`),
  );
});
