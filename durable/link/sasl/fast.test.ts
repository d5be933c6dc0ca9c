import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { xml } from "@xmpp/xml";
import type { FastToken } from "./credentials.ts";
import { announceToken, FastExchange, nextAttempt, offersTokens, readToken, wantsToken } from "./fast.ts";
import { NS_FAST } from "../../xep/namespaces.ts";

const TOKEN: FastToken = {
  kind: "fast",
  mechanism: "HT-SHA-256-NONE",
  token: "secret-token:fast-1",
  expiry: undefined,
  count: 3,
};
const DAY_MS = 24 * 60 * 60_000;
const mac = (text: string) => createHmac("sha256", TOKEN.token).update(text).digest();

test("the client says who it is and that it knows the token; the server has to say the same", async () => {
  const exchange = await FastExchange.begin("alice", TOKEN);
  assert.deepEqual(Buffer.from(exchange.first), Buffer.concat([Buffer.from("alice\0"), mac("Initiator")]));
  assert.deepEqual(exchange.conclude(new Uint8Array(mac("Responder"))), { ok: true, value: TOKEN });
  for (const wrong of [mac("Initiator"), Buffer.alloc(0), Buffer.alloc(32)]) {
    const result = exchange.conclude(new Uint8Array(wrong));
    assert.equal(!result.ok && result.error.kind, "server-not-proven");
  }
  assert.equal((await exchange.respond()).ok, false, "there is nothing to be challenged about");
});

test("every attempt counts", () => {
  const next = nextAttempt(TOKEN);
  assert.equal(announceToken(next, false).toString(), `<fast xmlns="${NS_FAST}" count="4"/>`);
  assert.equal(announceToken(next, true).attrs["invalidate"], "true");
});

test("a token is read with its end; where that is no date, the server will say when it is over", () => {
  const success = (attrs: Record<string, string>) => xml("success", {}, xml("token", { xmlns: NS_FAST, ...attrs }));
  const read = readToken(success({ token: "t", expiry: "2030-03-12T14:36:15Z" }));
  assert.deepEqual(read && { ...read }, {
    kind: "fast",
    mechanism: "HT-SHA-256-NONE",
    token: "t",
    expiry: Date.UTC(2030, 2, 12, 14, 36, 15),
    count: 0,
  });
  assert.equal(readToken(success({ token: "t", expiry: "soon" }))?.expiry, undefined);
  assert.equal(readToken(success({ token: "" })), undefined);
  assert.equal(readToken(success({ token: "x".repeat(5_000) })), undefined);
  assert.equal(readToken(xml("success")), undefined);
});

test("a token is asked for where there is none or where it ends within two weeks", () => {
  assert.equal(wantsToken(undefined, 0), true);
  assert.equal(wantsToken({ ...TOKEN, expiry: 13 * DAY_MS }, 0), true);
  assert.equal(wantsToken({ ...TOKEN, expiry: 15 * DAY_MS }, 0), false);
  assert.equal(wantsToken(TOKEN, 0), false);
});

test("only a mechanism without channel binding is possible here", () => {
  const fast = (...names: string[]) => xml("fast", {}, ...names.map((name) => xml("mechanism", {}, name)));
  assert.equal(offersTokens(fast("HT-SHA-256-EXPR", "HT-SHA-256-NONE")), true);
  assert.equal(offersTokens(fast("HT-SHA-256-EXPR", "HT-SHA-256-ENDP")), false);
  assert.equal(offersTokens(undefined), false);
});
