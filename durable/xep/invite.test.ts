import assert from "node:assert/strict";
import { test } from "node:test";
import { line, stanza } from "../testing/stanza.ts";
import { parseInvitation, requestInvitation } from "./invite.ts";

const answer = (fields: string) =>
  stanza(`<iq type='result'><command xmlns='http://jabber.org/protocol/commands' status='completed'
    node='urn:xmpp:invite#invite'><x xmlns='jabber:x:data' type='result'>${fields}</x></command></iq>`);
const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;

test("an invitation is asked for as XEP-0401 §3.1 prints it", () => {
  assert.equal(
    line(requestInvitation("example.com").toString()),
    line(`<iq type="set" to="example.com"><command xmlns="http://jabber.org/protocol/commands"
      node="urn:xmpp:invite#invite" action="execute"/></iq>`).replace(/\s+node/, " node"),
  );
});

test("what a server answers says whether an account can be made with it, and until when", () => {
  const uri = "xmpp:bob@example.org?roster;preauth=TOKEN";
  assert.deepEqual(parseInvitation(answer(field("uri", `${uri};ibr=y`) + field("expire", "2026-12-05T12:00:00Z"))), {
    uri: `${uri};ibr=y`,
    ends: Date.parse("2026-12-05T12:00:00Z"),
    makesAccount: true,
  });
  assert.deepEqual(parseInvitation(answer(field("uri", uri) + field("expire", "soon"))), { uri, makesAccount: false });
  for (const bad of ["https://example.org/i/1", `xmpp:${"x".repeat(2_000)}`])
    assert.equal(parseInvitation(answer(field("uri", bad))), undefined);
  assert.equal(parseInvitation(answer("")), undefined);
});
