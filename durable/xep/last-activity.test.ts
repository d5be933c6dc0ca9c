import assert from "node:assert/strict";
import { test } from "node:test";
import { stanza } from "../testing/stanza.ts";
import { parseIdle, parseLast } from "./last-activity.ts";

const NOW = Date.UTC(2026, 10, 27, 12);

test("presence says since when somebody has done nothing (XEP-0319, example 1; XEP-0256, example 1)", () => {
  const idle = (since: string) => stanza(`<presence><idle xmlns='urn:xmpp:idle:1' since='${since}'/></presence>`);
  assert.equal(parseIdle(idle("1969-07-21T02:56:15Z"), NOW), Date.UTC(1969, 6, 21, 2, 56, 15));
  assert.equal(parseIdle(idle("2026-11-28T00:00:00Z"), NOW), NOW, "no clock runs ahead of ours");
  assert.equal(parseIdle(idle("a while"), NOW), undefined);
  assert.equal(
    parseIdle(stanza("<presence><query xmlns='jabber:iq:last' seconds='86511'/></presence>"), NOW),
    NOW - 86_511_000,
  );
  assert.equal(parseIdle(stanza("<presence/>"), NOW), undefined);
});

test("a server says how long somebody has been away (XEP-0012, example 3)", () => {
  assert.equal(parseLast(stanza("<iq type='result'><query xmlns='jabber:iq:last' seconds='903'/></iq>")), 903);
  assert.equal(parseLast(stanza("<iq type='result'><query xmlns='jabber:iq:last' seconds='-1'/></iq>")), undefined);
});
