import assert from "node:assert/strict";
import { test } from "node:test";
import { xml } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import { Frame, framedStanza } from "./framing.ts";
import type { Piece } from "./guard.ts";

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

test("a frame has one element, which may come in parts, and nothing behind it", () => {
  const frame = new Frame();
  const [part, element]: readonly Piece[] = [
    { kind: "part", text: "<iq><a/></iq>" },
    { kind: "element", text: "<iq/>" },
  ];
  assert.ok(part && element);
  assert.deepEqual(
    [part, part, element].map((piece) => frame.takes(piece)),
    [true, true, true],
  );
  assert.equal(frame.takes(element), false);
  frame.end();
  assert.equal(frame.takes({ kind: "oversized", name: "iq" }), true);
  assert.equal(frame.takes(element), false, "what was stepped over is its element, too");
});
