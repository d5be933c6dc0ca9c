import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCaps, CAPS_NODE, capsVersion } from "./caps.ts";
import { buildInfo, OUR_INFO, parseInfo, requestInfo, type DiscoInfo } from "./disco.ts";
import { line, stanza } from "../testing/stanza.ts";

const FEATURES = [
  "http://jabber.org/protocol/disco#info",
  "http://jabber.org/protocol/disco#items",
  "http://jabber.org/protocol/muc",
  "http://jabber.org/protocol/caps",
];

test("the simple example of XEP-0115 §5.2 has the hash it prints", async () => {
  const exodus: DiscoInfo = {
    identities: [{ category: "client", type: "pc", name: "Exodus 0.9.1" }],
    features: FEATURES,
    forms: [],
  };
  assert.equal(await capsVersion(exodus), "QgayPKawpkPSDYmwT/WM94uAlu0=");
});

test("the complex example of XEP-0115 §5.3 has the hash it prints", async () => {
  const psi = parseInfo(
    stanza(`
    <iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'>
      <identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
      <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>
      ${FEATURES.map((feature) => `<feature var='${feature}'/>`).join("")}
      <x xmlns='jabber:x:data' type='result'>
        <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>
        <field var='ip_version' type='text-multi'><value>ipv4</value><value>ipv6</value></field>
        <field var='os'><value>Mac</value></field>
        <field var='os_version'><value>10.5.1</value></field>
        <field var='software'><value>Psi</value></field>
        <field var='software_version'><value>0.11</value></field>
      </x>
    </query></iq>`),
  );
  assert.ok(psi);
  assert.equal(await capsVersion(psi), "q07IKJEyjvHSyhy//CH0CxmKi8w=");
});

test("our presence carries the hash of exactly what we answer", async () => {
  const answered = parseInfo(stanza(`<iq type='result'>${buildInfo(OUR_INFO).toString()}</iq>`));
  assert.deepEqual(answered, OUR_INFO);
  const version = await capsVersion(OUR_INFO);
  assert.equal(
    (await buildCaps(OUR_INFO)).toString(),
    line(`<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='${CAPS_NODE}' ver='${version}'/>`),
  );
});

test("we ask for the device lists of our contacts", () => {
  assert.ok(OUR_INFO.features.includes("eu.siacs.conversations.axolotl.devicelist+notify"));
});

test("apps that ask are told of corrections, replies, reactions and retractions, or some would not offer them", () => {
  const features = ["message-correct:0", "reply:0", "reactions:0", "message-retract:1"];
  for (const feature of features) assert.ok(OUR_INFO.features.includes(`urn:xmpp:${feature}`), feature);
});

test("somebody is asked what they can do", () => {
  assert.equal(
    requestInfo("a.example").toString(),
    line("<iq type='get' to='a.example'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"),
  );
  assert.equal(
    parseInfo(stanza("<iq type='error'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")),
    undefined,
  );
});
