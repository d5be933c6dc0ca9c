import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { Returned } from "../connection/returned.ts";
import { lookFor } from "./look-for.ts";

const NOBODY = "nobody@b.example" as BareJid;

for (const [condition, missing] of [
  ["service-unavailable", "account"],
  ["remote-server-not-found", "server"],
  ["remote-server-timeout", undefined],
] as const) {
  test(`U16: a message that comes back as ${condition} says ${missing ?? "nothing"} of the address`, async () => {
    const returned = new Returned();
    let sent: Element | undefined;
    const send = (stanza: Element) => {
      sent = stanza;
      queueMicrotask(() => returned.take(stanza.attrs["id"] ?? "", condition));
      return true;
    };
    const answer = await lookFor({ send, returned }, NOBODY);
    assert.equal(answer.ok && answer.value.missing, missing);
    assert.equal(sent?.getChild("body"), undefined, "nobody who is there reads anything");
    assert.match(String(sent), /<no-store .*<no-copy /);
  });
}

test("U16: without a stream nobody can be looked for", async () => {
  const answer = await lookFor({ send: () => false, returned: new Returned() }, NOBODY);
  assert.deepEqual(answer, { ok: false, error: { kind: "offline" } });
});
