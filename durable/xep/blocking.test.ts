import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { stanza } from "../testing/stanza.ts";
import { buildBlock, buildUnblock, parseBlocklist, parseBlockPush, requestBlocklist } from "./blocking.ts";

const ROMEO = "romeo@montague.net" as BareJid;
const ME = "juliet@capulet.com" as BareJid;

test("the list of who is blocked is asked for and read (XEP-0191, examples 4 and 5)", () => {
  assert.match(String(requestBlocklist()), /<iq type="get"[^>]*><blocklist xmlns="urn:xmpp:blocking"\/><\/iq>/);
  const answer = stanza(`<iq type='result' id='blocklist1'><blocklist xmlns='urn:xmpp:blocking'>
    <item jid='romeo@montague.net'/><item jid='iago@shakespeare.lit/x'/><item jid='spam.example'/></blocklist></iq>`);
  assert.deepEqual(parseBlocklist(answer), ["romeo@montague.net", "spam.example"], "a resource is no conversation");
});

test("somebody is blocked, with a report where one is made (XEP-0377, example 2)", () => {
  const block = String(buildBlock(ROMEO));
  assert.match(block, /<block xmlns="urn:xmpp:blocking"><item jid="romeo@montague.net"\/><\/block>/);
  const reported = String(buildBlock(ROMEO, "spam"));
  assert.match(reported, /<report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:spam"\/><\/item>/);
  assert.match(String(buildUnblock(ROMEO)), /<unblock xmlns="urn:xmpp:blocking"><item jid="romeo@montague.net"\/>/);
});

test("a push says who is blocked now and who no longer (XEP-0191, examples 9, 14, 19)", () => {
  const push = (inner: string, from = "") =>
    parseBlockPush(stanza(`<iq type='set' id='push1' ${from}>${inner}</iq>`), ME);
  const item = "<item jid='romeo@montague.net'/>";
  assert.deepEqual(push(`<block xmlns='urn:xmpp:blocking'>${item}</block>`), { kind: "blocked", jids: [ROMEO] });
  assert.deepEqual(push(`<unblock xmlns='urn:xmpp:blocking'>${item}</unblock>`), { kind: "unblocked", jids: [ROMEO] });
  assert.deepEqual(push("<unblock xmlns='urn:xmpp:blocking'/>"), { kind: "none-blocked" });
  const forged = push(`<block xmlns='urn:xmpp:blocking'>${item}</block>`, "from='mallory@evil.example'");
  assert.equal(forged, undefined, "nobody else may say it");
});
