import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildArchiveQuery, parseArchivePage } from "./mam.ts";

test("a catch-up asks for what lies behind the last known id", () => {
  assert.equal(
    buildArchiveQuery({ queryId: "q1", max: 50, after: "09af3-cc343-b409f" }).toString(),
    line(`
    <iq type='set'><query xmlns='urn:xmpp:mam:2' queryid='q1'>
      <set xmlns='http://jabber.org/protocol/rsm'><max>50</max><after>09af3-cc343-b409f</after></set>
    </query></iq>`),
  );
});

test("the newest page with one contact since a day", () => {
  const start = Date.UTC(2010, 5, 7);
  assert.equal(
    buildArchiveQuery({ queryId: "q2", max: 20, before: "", with: "juliet@capulet.lit" as BareJid, start }).toString(),
    line(`
    <iq type='set'><query xmlns='urn:xmpp:mam:2' queryid='q2'>
      <x xmlns='jabber:x:data' type='submit'>
        <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>
        <field var='with'><value>juliet@capulet.lit</value></field>
        <field var='start'><value>2010-06-07T00:00:00.000Z</value></field>
      </x>
      <set xmlns='http://jabber.org/protocol/rsm'><max>20</max><before/></set>
    </query></iq>`),
  );
});

test("a page says where it ends and whether anything follows", () => {
  const page = (attributes: string, set: string) => {
    return parseArchivePage(stanza(`<iq type='result'><fin xmlns='urn:xmpp:mam:2' ${attributes}>${set}</fin></iq>`));
  };
  const set =
    "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>a</first><last>b</last><count>16</count></set>";
  assert.deepEqual(page("", set), { first: "a", last: "b", count: 16, complete: false, stable: true });
  assert.deepEqual(page("complete='true' stable='false'", ""), { complete: true, stable: false });
  assert.equal(parseArchivePage(stanza("<iq type='error'><fin xmlns='urn:xmpp:mam:2'/></iq>")), undefined);
  assert.equal(parseArchivePage(stanza("<iq type='result'/>")), undefined);
});
