import assert from "node:assert/strict";
import { test } from "node:test";
import { readSrv } from "./resolver.ts";

const answer = (data: string): object => ({ name: "x", type: 33, TTL: 60, data });

test("SRV records are read with the resolver's word on DNSSEC", () => {
  assert.deepEqual(
    readSrv({ Status: 0, AD: true, Answer: [{ type: 5, data: "alias." }, answer("5 1 5222 XMPP.a.org.")] }),
    {
      kind: "found",
      authenticated: true,
      records: [{ priority: 5, weight: 1, port: 5222, target: "xmpp.a.org" }],
    },
  );
});

test("only AD = true counts as authenticated", () => {
  for (const AD of [undefined, false, "true", 1]) {
    const found = readSrv({ Status: 0, AD, Answer: [answer("0 0 5222 a.org.")] });
    assert.equal(found.kind === "found" && found.authenticated, false);
  }
});

test("the root as target says that the service is not offered", () => {
  const found = readSrv({ Status: 0, Answer: [answer("0 0 0 .")] });
  assert.equal(found.kind === "found" && found.records[0]?.target, "");
});

test("no record, no name and no answer are different things", () => {
  assert.equal(readSrv({ Status: 0 }).kind, "none");
  assert.equal(readSrv({ Status: 0, Answer: [answer("nonsense")] }).kind, "none");
  assert.equal(readSrv({ Status: 3 }).kind, "no-such-name");
  for (const document of [{ Status: 2 }, {}, undefined, "x", []]) assert.equal(readSrv(document).kind, "failed");
});
