import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { line } from "../testing/stanza.ts";
import { buildInvitation } from "./muc-invite.ts";
import { ROOM, roomContext, saidBy } from "../testing/room.ts";
import { archived, BOB, carbon, ME, receive } from "../testing/ingest.ts";

const OTHER = "darkcave@chat.b.example" as BareJid;
const user = (inside: string) => `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;
const message = (from: string, inside: string, more = "") =>
  `<message xmlns='jabber:client' from='${from}' to='${ME}'${more}>${inside}</message>`;
const INVITED = { kind: "invitation", room: OTHER, by: BOB };
const mediated = message(OTHER, user(`<invite from='${BOB}/desktop'><reason>Hey</reason></invite>`));
const direct = message(`${BOB}/x`, `<x xmlns='jabber:x:conference' jid='${OTHER}'/><body>come in</body>`);

test("somebody is asked in by way of the room", () => {
  assert.equal(
    buildInvitation(ROOM, BOB).toString(),
    line(`
    <message to='${ROOM}'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='${BOB}'/></x></message>`),
  );
});

test("who asks us where: by way of the room, or directly", () => {
  assert.deepEqual(receive(mediated), [INVITED]);
  assert.deepEqual(receive(direct), [INVITED]);
  assert.deepEqual(receive(message(OTHER, user("<invite/>"))), [{ ...INVITED, by: OTHER }]);
});

test("into a room that we have left, too", () => {
  const again = message(ROOM, user(`<invite from='${BOB}'/>`));
  assert.deepEqual(receive(again, roomContext({ open: false })), [{ kind: "invitation", room: ROOM, by: BOB }]);
});

test("an invitation that waited in the archive counts, an old one does not", () => {
  const inner = mediated.replace(" xmlns='jabber:client'", " xmlns='jabber:client'");
  const recent = archived(inner);
  assert.deepEqual(receive(recent), [INVITED]);
  assert.deepEqual(receive(recent.replace(/stamp='\d{4}/, "stamp='2019")), []);
});

test("what is no invitation: an error, what is said in a room, what we sent ourselves, a room that names itself", () => {
  assert.deepEqual(receive(message(OTHER, user(`<invite from='${BOB}'/>`), " type='error'")), []);
  assert.deepEqual(
    receive(
      carbon("sent", direct.replace(`from='${BOB}/x'`, `from='${ME}/x'`).replace(`to='${ME}'`, `to='${BOB}'`)),
    ).filter(({ kind }) => kind === "invitation"),
    [],
  );
  const own = message(`${OTHER}/x`, `<x xmlns='jabber:x:conference' jid='${OTHER}'/>`);
  assert.deepEqual(
    receive(own).filter(({ kind }) => kind === "invitation"),
    [],
  );
  assert.equal(
    receive(saidBy("bob"), roomContext()).some(({ kind }) => kind === "invitation"),
    false,
  );
});

test("R12: an invitation may say the password of the room", () => {
  const told = { ...INVITED, password: "open sesame" };
  const inside = `<invite from='${BOB}'/><password>open sesame</password>`;
  assert.deepEqual(receive(message(OTHER, user(inside))), [told]);
  const attribute = `<x xmlns='jabber:x:conference' jid='${OTHER}' password='open sesame'/>`;
  assert.deepEqual(receive(message(`${BOB}/x`, attribute)), [told]);
  assert.deepEqual(receive(message(OTHER, user(inside.replace("open sesame", "x".repeat(5_000))))), [INVITED]);
});

test("nobody is asked in by themselves: whoever writes our own address there is who asks", () => {
  for (const account of [ME, `${ME}/phone`]) {
    const [event] = receive(message(OTHER, user(`<invite from='${account}'/>`)));
    assert.deepEqual(event, { kind: "invitation", room: OTHER, by: OTHER });
  }
});

test("only a room asks in somebody's name: a person, or an occupant, who writes so does not", () => {
  const claim = user(`<invite from='${BOB}'/>`);
  assert.deepEqual(receive(message("mallory@m.example/x", claim)), []);
  assert.deepEqual(
    receive(message(`${ROOM}/mallory`, claim), roomContext()).filter(({ kind }) => kind === "invitation"),
    [],
  );
});
