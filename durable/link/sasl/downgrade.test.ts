import assert from "node:assert/strict";
import { test } from "node:test";
import { offerHolds } from "./downgrade.ts";
import { readServerFirst } from "./scram.ts";

const MECHANISMS = ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"];
const BINDINGS = ["tls-server-end-point", "tls-exporter"];
const OFFER = { mechanisms: MECHANISMS, channelBindings: BINDINGS };

test("the example of XEP-0474 0.5.0", async () => {
  const first = readServerFirst("r=noncemore,s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=", "nonce");
  assert.ok(first.ok);
  assert.equal(first.value.offerHash, "G6k/rBLDqgOhRRaCuuatSDFkJ08=");
  assert.equal(await offerHolds("SCRAM-SHA-1", OFFER, first.value.offerHash), true);
});

test("one name more or less, another channel binding, or none, is another offer", async () => {
  for (const offer of [
    { ...OFFER, mechanisms: ["SCRAM-SHA-1"] },
    { ...OFFER, mechanisms: [...MECHANISMS, "PLAIN"] },
    { ...OFFER, channelBindings: ["tls-exporter"] },
    { ...OFFER, channelBindings: [] },
    { ...OFFER, channelBindings: undefined },
  ]) {
    assert.equal(await offerHolds("SCRAM-SHA-1", offer, "G6k/rBLDqgOhRRaCuuatSDFkJ08="), false);
  }
  assert.equal(await offerHolds("SCRAM-SHA-256", OFFER, "G6k/rBLDqgOhRRaCuuatSDFkJ08="), false);
});

test("a server that says nothing about its offer is believed as before", () => {
  const first = readServerFirst("r=noncemore,s=QSXCR+Q6sek8bf92,i=4096,d=dRc3RenuSY9ypgPpERowoaySQZY=", "nonce");
  assert.equal(first.ok && first.value.offerHash, undefined);
});
