import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, DeviceId } from "../../worker/contract/names.ts";
import { line } from "../testing/stanza.ts";
import { buildDisplayed } from "./markers.ts";
import { buildMessage, FALLBACK_BODY } from "./message.ts";
import { buildReceipt } from "./receipts.ts";

const to = "juliet@capulet.lit" as BareJid;
const id = "0a1b";
const keys = [{ rid: 31415 as DeviceId, prekey: true, data: "QUJD" }];
const header = { sid: 27183 as DeviceId, iv: "AAECAwQFBgcICQoL", keys };
const headerXml = "<header sid='27183'><key rid='31415' prekey='true'>QUJD</key><iv>AAECAwQFBgcICQoL</iv></header>";

test("an encrypted message has a body that excuses it and a hint to keep it", () => {
  const message = buildMessage({
    to,
    id,
    content: { kind: "omemo", omemo: { ...header, payload: "REVG" } },
    receipt: true,
  });
  assert.equal(
    message.toString(),
    line(`
    <message to='juliet@capulet.lit' type='chat' id='0a1b'>
      <body>${FALLBACK_BODY}</body>
      <encrypted xmlns='eu.siacs.conversations.axolotl'>${headerXml}<payload>REVG</payload></encrypted>
      <encryption xmlns='urn:xmpp:eme:0' name='OMEMO' namespace='eu.siacs.conversations.axolotl'/>
      <store xmlns='urn:xmpp:hints'/>
      <request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/><origin-id xmlns='urn:xmpp:sid:0' id='0a1b'/>
    </message>`),
  );
});

test("what is said beside an encrypted text stands beside it, and beside nothing else", () => {
  const omemo = { ...header, payload: "REVG", details: "RFNU" };
  const message = buildMessage({ to, id, content: { kind: "omemo", omemo }, receipt: false }).toString();
  assert.match(message, /<\/encrypted><details xmlns="urn:alcove:details:0">RFNU<\/details><encryption /);
  const transport = buildMessage({
    to,
    id,
    content: { kind: "omemo", omemo: { ...header, details: "RFNU" } },
    receipt: false,
  });
  assert.ok(!transport.toString().includes("details"));
});

test("a key transport has no body, names no encryption and asks for no receipt", () => {
  const message = buildMessage({ to, id, content: { kind: "omemo", omemo: header }, receipt: true });
  assert.equal(
    message.toString(),
    line(`
    <message to='juliet@capulet.lit' type='chat' id='0a1b'>
      <encrypted xmlns='eu.siacs.conversations.axolotl'>${headerXml}</encrypted>
      <store xmlns='urn:xmpp:hints'/><origin-id xmlns='urn:xmpp:sid:0' id='0a1b'/>
    </message>`),
  );
});

test("a message in clear is its text, without what XML cannot carry", () => {
  const message = buildMessage({
    to,
    id,
    content: { kind: "clear", text: "a < b\u0000 & 🙂", exposed: true },
    receipt: false,
  });
  assert.equal(
    message.toString(),
    `<message to="juliet@capulet.lit" type="chat" id="0a1b"><body>a &lt; b\uFFFD &amp; 🙂</body><origin-id xmlns="urn:xmpp:sid:0" id="0a1b"/></message>`,
  );
});

test("receipts and markers name the message they are about", () => {
  assert.equal(
    buildReceipt({ to, id, of: "m1" }).toString(),
    line(`
    <message to='juliet@capulet.lit' type='chat' id='0a1b'>
      <received xmlns='urn:xmpp:receipts' id='m1'/><store xmlns='urn:xmpp:hints'/><origin-id xmlns='urn:xmpp:sid:0' id='0a1b'/>
    </message>`),
  );
  assert.equal(
    buildDisplayed({ to, id, of: "m1" }).getChild("displayed", "urn:xmpp:chat-markers:0")?.attrs["id"],
    "m1",
  );
});

test("reactions are a stanza of their own, kept by archives, whose texts XML can carry (XEP-0444)", () => {
  const act = { kind: "reactions", of: { id: "m0" }, emojis: ["👍", "a\u0000b"] } as const;
  const message = buildMessage({ to, id, content: { kind: "none" }, receipt: true, references: { act } });
  assert.equal(
    message.toString(),
    line(`
    <message to='juliet@capulet.lit' type='chat' id='0a1b'>
      <store xmlns='urn:xmpp:hints'/>
      <reactions xmlns='urn:xmpp:reactions:0' id='m0'><reaction>👍</reaction><reaction>a\uFFFDb</reaction></reactions>
      <origin-id xmlns='urn:xmpp:sid:0' id='0a1b'/>
    </message>`),
  );
});

test("a retraction in a room says so in words, too, for apps that do not know it (XEP-0424 §3.2)", () => {
  const act = { kind: "retraction", of: { id: "m0" } } as const;
  const references = { act };
  const message = buildMessage({ to, id, content: { kind: "none" }, receipt: false, room: true, references });
  assert.equal(
    message.toString(),
    line(`
    <message to='juliet@capulet.lit' type='groupchat' id='0a1b'>
      <store xmlns='urn:xmpp:hints'/>
      <retract xmlns='urn:xmpp:message-retract:1' id='m0'/>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>
      <body>This message was deleted. Your app cannot show that, so it may still stand here.</body>
      <origin-id xmlns='urn:xmpp:sid:0' id='0a1b'/>
    </message>`),
  );
});
