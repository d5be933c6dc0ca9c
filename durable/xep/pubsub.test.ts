import assert from "node:assert/strict";
import { test } from "node:test";
import xml from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildPublish, parseItems, PUBLIC_NODE, requestItems, SINGLE_ITEM } from "./pubsub.ts";
import { eventOwner, parsePubsubEvent } from "./pubsub-event.ts";
import { buildConfiguration, buildDeleteNode, parseConfiguration, requestConfiguration } from "./pubsub-owner.ts";

const ACCOUNT = "me@a.example" as BareJid;
const PUBSUB = "http://jabber.org/protocol/pubsub";

test("an item is published for everybody to read", () => {
  const built = buildPublish("princely_musings", { id: SINGLE_ITEM, payload: xml("entry", "urn:x") }, PUBLIC_NODE);
  const expected = line(`
    <iq type='set'>
      <pubsub xmlns='${PUBSUB}'>
        <publish node='princely_musings'><item id='current'><entry xmlns='urn:x'/></item></publish>
        <publish-options>
          <x xmlns='jabber:x:data' type='submit'>
            <field var='FORM_TYPE' type='hidden'><value>${PUBSUB}#publish-options</value></field>
            <field var='pubsub#persist_items'><value>true</value></field>
            <field var='pubsub#access_model'><value>open</value></field>
          </x>
        </publish-options>
      </pubsub>
    </iq>`);
  assert.equal(built.toString(), expected);
  const plain = buildPublish("n", { id: "1", payload: xml("entry", "urn:x") });
  assert.equal(
    plain.toString(),
    line(
      `<iq type='set'><pubsub xmlns='${PUBSUB}'><publish node='n'><item id='1'><entry xmlns='urn:x'/></item></publish></pubsub></iq>`,
    ),
  );
});

test("items are asked for and read, whatever their id", () => {
  assert.equal(
    requestItems("n", "bob@b.example" as BareJid, 1).toString(),
    line(`<iq type='get' to='bob@b.example'><pubsub xmlns='${PUBSUB}'><items node='n' max_items='1'/></pubsub></iq>`),
  );
  const answer = stanza(
    `<iq type='result'><pubsub xmlns='${PUBSUB}'><items node='n'><item id='1'><a xmlns='urn:x'/></item><item/></items></pubsub></iq>`,
  );
  const items = parseItems(answer, "n");
  assert.deepEqual(
    items?.map(({ id, payload }) => [id, payload?.toString()]),
    [
      ["1", '<a xmlns="urn:x"/>'],
      [undefined, undefined],
    ],
  );
});

test("an answer about another node, an error, and an empty answer hold no items", () => {
  assert.equal(
    parseItems(stanza(`<iq type='result'><pubsub xmlns='${PUBSUB}'><items node='m'/></pubsub></iq>`), "n"),
    undefined,
  );
  assert.equal(
    parseItems(stanza(`<iq type='error'><pubsub xmlns='${PUBSUB}'><items node='n'><item/></items></pubsub></iq>`), "n"),
    undefined,
  );
  assert.equal(parseItems(stanza("<iq type='result'/>"), "n"), undefined);
});

test("a node is deleted", () => {
  assert.equal(
    buildDeleteNode("n").toString(),
    line(`<iq type='set'><pubsub xmlns='${PUBSUB}#owner'><delete node='n'/></pubsub></iq>`),
  );
});

test("a node is configured anew with everything else left as it is", () => {
  assert.equal(
    requestConfiguration("n").toString(),
    line(`<iq type='get'><pubsub xmlns='${PUBSUB}#owner'><configure node='n'/></pubsub></iq>`),
  );
  const form = parseConfiguration(
    stanza(`
    <iq type='result'><pubsub xmlns='${PUBSUB}#owner'><configure node='n'><x xmlns='jabber:x:data' type='form'>
      <field var='FORM_TYPE' type='hidden'><value>${PUBSUB}#node_config</value></field>
      <field var='pubsub#title'><value>Musings</value></field>
      <field type='fixed'><value>A heading</value></field>
      <field var='pubsub#access_model' type='list-single'><option><value>open</value></option><value>presence</value></field>
    </x></configure></pubsub></iq>`),
  );
  assert.ok(form);
  assert.equal(
    buildConfiguration("n", form, PUBLIC_NODE).toString(),
    line(`
    <iq type='set'><pubsub xmlns='${PUBSUB}#owner'><configure node='n'><x xmlns='jabber:x:data' type='submit'>
      <field var='FORM_TYPE' type='hidden'><value>${PUBSUB}#node_config</value></field>
      <field var='pubsub#title'><value>Musings</value></field>
      <field var='pubsub#persist_items'><value>true</value></field>
      <field var='pubsub#access_model'><value>open</value></field>
    </x></configure></pubsub></iq>`),
  );
});

test("events tell what was published, retracted, deleted or purged", () => {
  const event = (inner: string) =>
    parsePubsubEvent(stanza(`<message from='bob@b.example'><event xmlns='${PUBSUB}#event'>${inner}</event></message>`));
  const published = event("<items node='n'><item id='1'><a xmlns='urn:x'/></item></items>");
  assert.equal(published?.kind === "published" && published.items[0]?.payload?.toString(), '<a xmlns="urn:x"/>');
  assert.deepEqual(event("<items node='n'><retract id='1'/></items>"), { kind: "retracted", node: "n", ids: ["1"] });
  assert.deepEqual(event("<delete node='n'/>"), { kind: "emptied", node: "n" });
  assert.deepEqual(event("<purge node='n'/>"), { kind: "emptied", node: "n" });
  assert.equal(event("<items node='n'/>"), undefined);
  assert.equal(event("<items><item/></items>"), undefined);
  assert.equal(event(""), undefined);
});

test("T14: only a bare JID owns a node", () => {
  assert.equal(eventOwner(stanza("<message from='bob@b.example'/>"), ACCOUNT), "bob@b.example");
  assert.equal(eventOwner(stanza("<message/>"), ACCOUNT), ACCOUNT);
  assert.equal(eventOwner(stanza("<message from='me@a.example/phone'/>"), ACCOUNT), undefined);
});
