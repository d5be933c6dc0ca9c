import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildRosterRemove, buildRosterSet, parseRoster, requestRoster } from "./roster.ts";

test("the roster is asked for and read", () => {
  assert.equal(requestRoster().toString(), line("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>"));
  const roster = parseRoster(
    stanza(`
    <iq type='result'><query xmlns='jabber:iq:roster' ver='ver7'>
      <item jid='Nurse@example.com' name=' Nurse ' subscription='both'><group>Servants</group></item>
      <item jid='romeo@example.net' ask='subscribe'/>
      <item jid='romeo@example.net/phone' subscription='to'/>
      <item name='nobody'/>
      <item jid='mercutio@example.org' subscription='nonsense' name=''/>
    </query></iq>`),
  );
  assert.deepEqual(roster, [
    { jid: "nurse@example.com", name: "Nurse", subscription: "both", asked: false, groups: ["Servants"] },
    { jid: "romeo@example.net", subscription: "none", asked: true, groups: [] },
    { jid: "mercutio@example.org", subscription: "none", asked: false, groups: [] },
  ]);
  assert.equal(parseRoster(stanza("<iq type='error'><query xmlns='jabber:iq:roster'/></iq>")), undefined);
});

test("a contact is added with its name and groups, and removed", () => {
  const jid = "nurse@example.com" as BareJid;
  assert.equal(
    buildRosterSet(jid, "Nurse", ["Servants"]).toString(),
    line(`
    <iq type='set'><query xmlns='jabber:iq:roster'>
      <item jid='nurse@example.com' name='Nurse'><group>Servants</group></item>
    </query></iq>`),
  );
  assert.equal(
    buildRosterSet(jid).toString(),
    line("<iq type='set'><query xmlns='jabber:iq:roster'><item jid='nurse@example.com'/></query></iq>"),
  );
  assert.equal(
    buildRosterRemove(jid).toString(),
    line(
      "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='nurse@example.com' subscription='remove'/></query></iq>",
    ),
  );
});

test("R18: services are on the roster like people", () => {
  const roster = stanza(
    "<iq type='result'><query xmlns='jabber:iq:roster'><item jid='irc.b.example' subscription='both'/><item jid='b.example/x'/><item jid='@b.example'/></query></iq>",
  );
  assert.deepEqual(
    parseRoster(roster)?.map(({ jid }) => jid),
    ["irc.b.example"],
  );
});
