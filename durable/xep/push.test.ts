import assert from "node:assert/strict";
import { test } from "node:test";
import { line, stanza } from "../testing/stanza.ts";
import { buildDisable, buildEnable, parseNotification } from "./push.ts";

const AT = { jid: "push@gateway.example/alcove", node: "yxs32uqsflafdk3iuqo" };

test("a server is asked for pushes, and asked no more, as the examples have it (§5, §6)", () => {
  const enable = line(`<iq type="set"><enable xmlns="urn:xmpp:push:0" jid="${AT.jid}" node="${AT.node}"/></iq>`);
  assert.equal(buildEnable(AT).toString(), enable);
  const disable = `<iq type="set"><disable xmlns="urn:xmpp:push:0" jid="${AT.jid}"/></iq>`;
  assert.equal(buildDisable(AT.jid).toString(), disable);
});

const PUBLISHED = `
  <pubsub xmlns="http://jabber.org/protocol/pubsub">
    <publish node="${AT.node}">
      <item>
        <notification xmlns="urn:xmpp:push:0">
          <x xmlns="jabber:x:data" type="form">
            <field var="FORM_TYPE"><value>urn:xmpp:push:summary</value></field>
            <field var="message-count"><value>1</value></field>
            <field var="last-message-sender"><value>juliet@capulet.example/balcony</value></field>
          </x>
        </notification>
      </item>
    </publish>
  </pubsub>`;

const ROWS: readonly (readonly [string, string, string | undefined])[] = [
  ["an iq of type set, as mod_cloud_notify and mod_push send it", `<iq type="set" id="1">${PUBLISHED}</iq>`, AT.node],
  ["a message", `<message id="1">${PUBLISHED}</message>`, AT.node],
  ["a question", `<iq type="get" id="1">${PUBLISHED}</iq>`, undefined],
  ["an answer", `<iq type="result" id="1">${PUBLISHED}</iq>`, undefined],
  ["a message that came back", `<message type="error">${PUBLISHED}</message>`, undefined],
  ["presence", `<presence>${PUBLISHED}</presence>`, undefined],
  ["without a node", `<iq type="set" id="1">${PUBLISHED.replace(/ node="[^"]*"/, "")}</iq>`, undefined],
  ["a node of 300 characters", `<iq type="set" id="1">${PUBLISHED.replace(AT.node, "a".repeat(300))}</iq>`, undefined],
  ["another payload", `<iq type="set" id="1">${PUBLISHED.replaceAll("notification", "tune")}</iq>`, undefined],
  ["another protocol", `<iq type="set" id="1">${PUBLISHED.replace("protocol/pubsub", "protocol/x")}</iq>`, undefined],
  ["nothing", `<iq type="set" id="1"/>`, undefined],
];

for (const [what, text, node] of ROWS) {
  test(`a notification: ${what} (§7)`, () => assert.equal(parseNotification(stanza(text)), node));
}
