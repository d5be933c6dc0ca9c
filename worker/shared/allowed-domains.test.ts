import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAllowedDomains, refusalOf } from "./allowed-domains.ts";
import type { BareJid } from "../contract/names.ts";

for (const [allowed, account, refusal] of [
  ["", "alice@a.example", "no-domains"],
  ["   ", "alice@a.example", "no-domains"],
  ["*", "alice@a.example", undefined],
  ["a.example", "alice@a.example", undefined],
  ["b.example, A.example.", "alice@a.example", undefined],
  ["a.example", "alice@b.example", "domain-refused"],
  ["a.example", "alice@evil.a.example", "domain-refused"],
  ["xn--mnchen-3ya.example", "alice@münchen.example", undefined],
  ["/", "alice@a.example", "domain-refused"],
] as const) {
  test(`S5: ALLOWED_DOMAINS="${allowed}" answers ${account} by ${refusal ?? "letting it in"}`, () => {
    assert.equal(refusalOf(parseAllowedDomains(allowed), account as BareJid), refusal);
  });
}
