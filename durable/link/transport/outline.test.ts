import assert from "node:assert/strict";
import { test } from "node:test";
import { Guard, STANZA_DEPTH, STANZA_LENGTH } from "./guard.ts";

const HEADER = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
const BIG = "x".repeat(STANZA_LENGTH);
const DEEP = "<a>".repeat(STANZA_DEPTH) + "</a>".repeat(STANZA_DEPTH);

/** The outline of the first piece that is not an element, as text. */
function outlineOf(text: string): string | undefined {
  const guard = new Guard("stream");
  guard.write(HEADER + text);
  for (let piece = guard.next(); piece; piece = guard.next()) {
    if (piece.kind !== "element" && piece.kind !== "header") return guard.outline()?.toString();
  }
  return undefined;
}

const ID = '<stanza-id xmlns="urn:xmpp:sid:0" by="me@a.example" id="7"/>';
const OPEN = '<message from="bob@b.example/x" id="m1">';
const ALONE = '<message from="bob@b.example/x" id="m1"/>';

for (const [what, text, outline] of [
  ["one that is too long", `${OPEN}<body>${BIG}</body>${ID}</message>`, `${OPEN}${ID}</message>`],
  ["one that is too deep", `${OPEN}${DEEP}${ID}</message>`, `${OPEN}${ID}</message>`],
  [
    "an archive's result",
    `<message><result queryid="q" id="9"><forwarded><delay stamp="t"/>${OPEN}<body>${BIG}</body>${ID}</message></forwarded></result></message>`,
    `<message><result queryid="q" id="9"><forwarded><delay stamp="t"/>${OPEN}${ID}</message></forwarded></result></message>`,
  ],
  ["one that breaks off", `${OPEN}<body>a${ID}<b x=1/></body></message>`, ALONE],
  ["one with an unknown entity", `${OPEN}<body>&lol;</body>${ID}</message>`, `${OPEN}${ID}</message>`],
  ["what lies in something else does not tell", `${OPEN}<x>${ID}</x><body>${BIG}</body></message>`, ALONE],
  ["an endless id is no id", `${OPEN}<origin-id id="${"y".repeat(10_000)}"/><b>${BIG}</b></message>`, ALONE],
  ["a broken reference in an address", `<message from="&#0;"><b>${BIG}</b></message>`, undefined],
  ["something that is no stanza", `<challenge>${BIG}</challenge>`, undefined],
  ["bad XML between two stanzas", `${OPEN}</message>hello`, undefined],
] as const) {
  test(what, () => {
    assert.equal(outlineOf(text), outline);
  });
}

test("a thousand ids are not kept", () => {
  const outline = outlineOf(`${OPEN}${ID.repeat(1_000)}<b>${BIG}</b></message>`);
  assert.ok(outline !== undefined && outline.length < 8_000);
});
