import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { CAPS_NODE } from "../xep/caps.ts";
import { parseStanzaError } from "../xep/errors.ts";
import { line, stanza } from "../testing/stanza.ts";
import { ingestIq } from "./requests.ts";

const ACCOUNT = "me@a.example" as BareJid;

function ask(text: string) {
  return ingestIq(stanza(text), ACCOUNT);
}

function push(from: string, item = "<item jid='bob@b.example' name='Bob' subscription='both'/>") {
  return ask(`<iq type='set' id='p1' ${from}><query xmlns='jabber:iq:roster'>${item}</query></iq>`);
}

function conditionOf(reply: ReturnType<typeof ask>["reply"]): string | undefined {
  return reply && parseStanzaError(stanza(reply.toString()))?.condition;
}

test("a roster push of our own server changes a contact and is answered", () => {
  for (const from of ["", "from='me@a.example'", "from='ME@A.example'"]) {
    const { events, reply } = push(from);
    assert.deepEqual(
      events,
      [{ kind: "contact", jid: "bob@b.example", name: "Bob", subscription: "both", asked: false }],
      from,
    );
    assert.equal(reply?.attrs["type"], "result");
    assert.equal(reply?.attrs["id"], "p1");
  }
});

test("a removed contact is removed", () => {
  const { events } = push("", "<item jid='bob@b.example' subscription='remove'/>");
  assert.deepEqual(events, [{ kind: "contact", jid: "bob@b.example", subscription: "removed", asked: false }]);
});

test("T11: a roster push of anybody else changes nothing and is refused", () => {
  for (const from of ["eve@x.example", "a.example", "me@a.example/res", "me@a.example.x.example", ""]) {
    const { events, reply } = push(`from='${from}'`, "<item jid='eve@x.example' subscription='both' name='Bob'/>");
    assert.deepEqual(events, [], from);
    assert.equal(conditionOf(reply), "service-unavailable", from);
  }
});

test("a roster push is about exactly one contact", () => {
  const two = "<item jid='bob@b.example'/><item jid='eve@x.example'/>";
  assert.deepEqual(push("", two).events, []);
  assert.deepEqual(push("", "").events, []);
});

test("a ping is answered", () => {
  const { reply } = ask("<iq type='get' id='c2s1' from='a.example'><ping xmlns='urn:xmpp:ping'/></iq>");
  assert.equal(reply?.toString(), line("<iq type='result' to='a.example' id='c2s1'/>"));
});

test("whoever asks what we can do is told, for the hash we announced as well", () => {
  const info = (node: string) =>
    ask(
      `<iq type='get' id='d1' from='bob@b.example/x'><query xmlns='http://jabber.org/protocol/disco#info'${node}/></iq>`,
    ).reply;
  assert.match(info("")?.toString() ?? "", /<identity category="client" type="web" name="Alcove"\/>/);
  assert.equal(info(` node='${CAPS_NODE}#abc='`)?.getChild("query")?.attrs["node"], `${CAPS_NODE}#abc=`);
  assert.equal(conditionOf(info(" node='other'")), "item-not-found");
});

test("T27: commands, private storage and everything unknown are refused", () => {
  for (const payload of [
    "<command xmlns='http://jabber.org/protocol/commands' node='forward'/>",
    "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>",
    "<query xmlns='jabber:iq:roster'/>",
    "<query xmlns='jabber:iq:last'/>",
    "",
  ]) {
    assert.equal(
      conditionOf(ask(`<iq type='get' id='1' from='eve@x.example/1'>${payload}</iq>`).reply),
      "service-unavailable",
      payload,
    );
    assert.equal(
      conditionOf(ask(`<iq type='set' id='1' from='eve@x.example/1'>${payload}</iq>`).reply),
      "service-unavailable",
      payload,
    );
  }
});

test("T12: answers are never answered, and change nothing here", () => {
  for (const type of ["result", "error"]) {
    assert.deepEqual(
      ask(
        `<iq type='${type}' id='1' from='eve@x.example'><query xmlns='jabber:iq:roster'><item jid='eve@x.example' subscription='both'/></query></iq>`,
      ),
      { events: [] },
    );
  }
});
