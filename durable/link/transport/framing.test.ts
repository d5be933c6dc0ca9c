import assert from "node:assert/strict";
import { test } from "node:test";
import { xml } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import { framedStanza } from "./framing.ts";

test("a stanza in a frame of its own is one of the namespace of stanzas, whatever it holds", () => {
  for (const stanza of [
    xml("message", { to: "bob@b.example" }, xml("body", {}, "<message/> & <iq>")),
    xml("presence"),
    xml("iq", { type: "get", id: "1" }, xml("ping", { xmlns: "urn:xmpp:ping" })),
  ]) {
    const framed = parse(framedStanza(stanza.toString()));
    assert.equal(framed.getNS(), "jabber:client");
    assert.equal(framed.attrs["id"], stanza.attrs["id"]);
    assert.deepEqual(framed.getChildElements().map(String), stanza.getChildElements().map(String));
  }
});
