import assert from "node:assert/strict";
import { test } from "node:test";
import type { IngestContext } from "./envelope.ts";
import { stanza } from "../testing/stanza.ts";
import { archived, BOB, carbon, FROM_BOB, ME, NOW, TO_BOB } from "../testing/ingest.ts";
import { unreadableOf } from "./unreadable.ts";

const CONTEXT: IngestContext = {
  account: ME,
  now: NOW,
  trustedArchiveIds: true,
  openQueries: new Map([["q1", ME]]),
  room: () => undefined,
};
const outline = (text: string) => unreadableOf(stanza(text.replace("<body>hi</body>", "")), CONTEXT);
const RESULT_ID = "28482-98726";
const ID = `<stanza-id xmlns='urn:xmpp:sid:0' by='${ME}' id='7'/>`;

test("T61: live, as a carbon and from the archive it is the same message of the same conversation", () => {
  const named = { kind: "unreadable", chat: BOB, sender: BOB, outgoing: false, originId: "m1" } as const;
  assert.deepEqual(outline(FROM_BOB), { ...named, at: NOW });
  assert.deepEqual(outline(FROM_BOB.replace("<body>hi</body>", ID)), {
    ...named,
    at: NOW,
    archive: { by: ME, id: "7" },
  });
  assert.deepEqual(outline(carbon("received", FROM_BOB)), { ...named, at: NOW });
  assert.deepEqual(outline(carbon("sent", TO_BOB)), { ...named, sender: ME, outgoing: true, at: NOW });
  assert.deepEqual(outline(archived(FROM_BOB)), {
    ...named,
    at: Date.UTC(2026, 5, 29, 8),
    archive: { by: ME, id: RESULT_ID },
  });
});

test("T61: where not even the sender is known it is marked without a conversation", () => {
  const nobody = { kind: "unreadable", outgoing: false, at: NOW };
  assert.deepEqual(outline("<message/>"), nobody);
  assert.deepEqual(outline(archived("")), { ...nobody, archive: { by: ME, id: RESULT_ID } });
});

for (const [what, text] of [
  ["a presence", "<presence from='bob@b.example/x'/>"],
  ["a question", "<iq type='get' id='1' from='bob@b.example/x'/>"],
  ["an alert or an event", FROM_BOB.replace("chat", "headline")],
  ["what came back", FROM_BOB.replace("chat", "error")],
  ["a forged carbon", carbon("received", FROM_BOB, "from='eve@x.example'")],
  ["a forged result", archived(FROM_BOB, "from='eve@x.example'")],
  ["a forged result without a message", archived("", "from='eve@x.example'")],
  ["a result nobody asked for", archived(FROM_BOB, "from='me@a.example'", "q2")],
  ["a forged carbon without a sender", "<message><received xmlns='urn:xmpp:carbons:2'/></message>"],
  ["somebody with a broken address", "<message from='not an address'/>"],
] as const) {
  test(`${what}: no message is missing`, () => {
    assert.equal(outline(text), undefined);
  });
}
