import assert from "node:assert/strict";
import { test } from "node:test";
import { stanza } from "../testing/stanza.ts";
import { parseStyling } from "./styling.ts";

const of = (children: string) => parseStyling(stanza(`<message xmlns='jabber:client'>${children}</message>`));

test("a message may ask to be shown as it is written (XEP-0393 §6)", () => {
  assert.deepEqual(of("<body>*x*</body><unstyled xmlns='urn:xmpp:styling:0'/>"), { unstyled: true });
  assert.deepEqual(of("<body>*x*</body>"), {});
  assert.deepEqual(of("<unstyled xmlns='urn:example:other'/>"), {});
});
