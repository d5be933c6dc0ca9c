/** Tokens in place of the password (XEP-0484), in real workerd against the scripted server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD } from "./scripted-mechanisms.ts";
import { AGENT, EJABBERD, nextAttempt, password, PROSODY, SCRAM, Stage } from "./stage.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const PORT = await claimPorts();

let stage: Stage;
before(async () => {
  stage = await Stage.set(PORT);
});
after(async () => stage?.strike());

for (const [name, script] of [
  ["Prosody", PROSODY],
  ["ejabberd", EJABBERD],
] as const) {
  test(`${name}: a token that was given back no longer signs in`, async () => {
    const token = nextAttempt(await stage.tokenOf(script));
    stage.server.play(script);
    assert.ok((await stage.runtime.invalidate(stage.opening(token))).ok);
    assert.equal(stage.server.last("authenticate")?.getChild("bind"), undefined, "nobody sees it");
    assert.equal(stage.server.last("authenticate")?.getChild("fast")?.attrs["invalidate"], "true");
    assert.deepEqual(stage.server.tokens(AGENT), []);
    assert.equal(await stage.refused(nextAttempt(token)), "wrong-password: ");
  });
}

test("keys of SCRAM from before sign in by SCRAM and become a token", async () => {
  stage.server.play({ sasl2: { mechanisms: ["SCRAM-SHA-256"] } });
  const { keys } = await stage.enter();
  assert.ok(keys?.kind === "scram");
  stage.server.play(PROSODY);
  const entered = await stage.enter(keys);
  assert.equal(entered.mechanism, "SCRAM-SHA-256");
  assert.equal(entered.keys?.kind, "fast");
});

test("a token that ends before long is renewed on asking, one that lasts is left alone", async () => {
  const token = nextAttempt(await stage.tokenOf(EJABBERD));
  stage.server.play(EJABBERD);
  await stage.enter(token);
  assert.equal(stage.server.last("authenticate")?.getChild("request-token"), undefined);
  const ending = { ...nextAttempt(token), expiry: Date.now() + 24 * 60 * 60_000 };
  const renewed = await stage.enter(ending);
  assert.notEqual(renewed.keys?.["token"], token["token"]);
  assert.equal(renewed.keys?.["count"], 0);
});

test("where a token was asked for and none came, the keys of SCRAM are kept", async () => {
  stage.server.play({ ...EJABBERD, forgetsAgents: true });
  assert.equal((await stage.enter()).keys?.kind, "scram");
});

test("a server with nothing but PLAIN gives a token, and the password is not needed again", async () => {
  const plainOnly = { ...PROSODY, sasl: ["PLAIN"], sasl2: { ...PROSODY.sasl2, mechanisms: ["PLAIN"] } };
  stage.server.play(plainOnly);
  assert.equal(await stage.refused(), "only-plain: ");
  const { keys, mechanism } = await stage.enter(password({ plain: true }));
  assert.equal(mechanism, "PLAIN");
  assert.ok(keys?.kind === "fast");
  stage.server.play(plainOnly);
  assert.equal((await stage.enter(nextAttempt(keys))).kind, "bound");
  assert.doesNotMatch(String(stage.server.last("authenticate")), new RegExp(Buffer.from(PASSWORD).toString("base64")));
});

for (const condition of ["not-authorized", "credentials-expired"]) {
  test(`a token that the server refuses (${condition}) asks for the password once`, async () => {
    const token = nextAttempt(await stage.tokenOf(PROSODY));
    stage.server.play({ ...PROSODY, refusesTokens: condition });
    assert.equal(await stage.refused(token), "wrong-password: ");
    assert.deepEqual(stage.heard(), ["authenticate"]);
  });
}

test("where tokens are no longer taken at any door the password is asked for", async () => {
  const token = nextAttempt(await stage.tokenOf(PROSODY));
  stage.server.play({ sasl: SCRAM, sasl2: { mechanisms: SCRAM } });
  const result = await stage.runtime.open(stage.opening(token));
  assert.deepEqual(result, { ok: false, error: { kind: "keys-unfit", detail: "no tokens" } });
  assert.deepEqual(stage.heard(), []);
});

test("a server that does not know the token cannot pass for the one that gave it", async () => {
  const token = nextAttempt(await stage.tokenOf(PROSODY));
  stage.server.play({ ...PROSODY, lies: "token" });
  assert.equal(await stage.refused(token), "server-not-proven: token");
});
