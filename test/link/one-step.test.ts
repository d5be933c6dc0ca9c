/**
 * Sign-in, resource, stream management and the token for the next time in one step (XEP-0388, 0386, 0198, 0484), with
 * the habits of Prosody 13 and ejabberd 24.12, in real workerd against the scripted server.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "../e2e/waiting.ts";
import type { Script } from "./script.ts";
import { AGENT, ALICE, EJABBERD, nextAttempt, OLD_STREAM, password, PROSODY, SCRAM, SM, Stage } from "./stage.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const PORT = await claimPorts();
const LOOK_EVERY_MS = 20;

let stage: Stage;
before(async () => {
  stage = await Stage.set(PORT);
});
after(async () => stage?.strike());

/** Returns when it is so, or after a while: what is asserted then says what is not. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await holds()) && Date.now() < end; ) await sleep(LOOK_EVERY_MS);
}

for (const [name, script] of [
  ["Prosody", PROSODY],
  ["ejabberd", EJABBERD],
] as const) {
  test(`${name}: a password becomes a session with everything on, and a token`, async () => {
    stage.server.play(script);
    const entered = await stage.enter();
    assert.equal(entered.kind, "bound");
    assert.equal(entered.mechanism, "SCRAM-SHA-256");
    assert.equal(entered.jid, `${ALICE}/Alcove~scripted`);
    assert.equal(entered.carbons, true);
    assert.deepEqual(entered.management, {
      kind: "enabled",
      resumption: { id: "inline", resumableMs: 600_000, location: "localhost:1" },
    });
    assert.equal(entered.clientState, name === "Prosody");
    assert.equal(entered.keys?.kind, "fast");
    assert.equal(entered.keys?.["count"], 0);
    assert.deepEqual(stage.server.tokens(AGENT).slice(-1), [entered.keys?.["token"]]);
    assert.deepEqual(stage.heard(), ["authenticate", "response"], "no second bind, no second enable, no restart");

    const request = stage.server.last("authenticate");
    assert.equal(request?.getChild("user-agent")?.attrs["id"], AGENT);
    assert.equal(request?.getChild("bind")?.getChildText("tag"), "Alcove");
    assert.equal(request?.getChild("request-token")?.attrs["mechanism"], "HT-SHA-256-NONE");
  });

  test(`${name}: a token signs in without the password, resumes the stream, and is counted`, async () => {
    const token = nextAttempt(await stage.tokenOf(script));
    stage.server.play(script, { id: "old", h: 12 });
    const entered = await stage.enter(token, OLD_STREAM);
    assert.equal(entered.kind, "resumed");
    assert.equal(entered.mechanism, "HT-SHA-256-NONE");
    assert.equal(entered.jid, OLD_STREAM.jid);
    assert.equal(entered.acknowledged, 12);
    assert.deepEqual(stage.heard(), ["authenticate"], "one round trip");
    const request = stage.server.last("authenticate");
    assert.deepEqual(request?.getChild("resume")?.attrs, { xmlns: SM, h: "41", previd: "old" });
    assert.equal(request?.getChild("fast")?.attrs["count"], "1");
    const renewed = entered.keys?.["token"] !== token["token"];
    assert.equal(renewed, name === "Prosody", "Prosody renews unasked, ejabberd does not");
    assert.equal(entered.keys?.["count"], renewed ? 0 : 1);
  });

  test(`${name}: where the stream is gone a resource is bound in the same step`, async () => {
    const token = nextAttempt(await stage.tokenOf(script));
    stage.server.play(script);
    const entered = await stage.enter(token, OLD_STREAM);
    assert.equal(entered.kind, "bound");
    assert.deepEqual(entered.notResumed, { acknowledged: 7 });
    assert.equal(entered.management?.kind, "enabled");
    assert.deepEqual(stage.heard(), ["authenticate"]);
  });
}

test("what follows the sign-in in the same chunk is kept for the session", async () => {
  const stanzas = "<message id='1'/><presence id='2'/>";
  stage.server.play({ ...EJABBERD, atOnce: stanzas });
  const entered = await stage.enter();
  assert.equal(entered.after.length, 2);
  stage.server.play({ ...EJABBERD, atOnce: stanzas }, { id: "old", h: 0 });
  const resumed = await stage.enter(undefined, OLD_STREAM);
  assert.equal(resumed.kind, "resumed");
  assert.equal(resumed.after.length, 2);
});

test("what overtakes the features is kept as well, in order", async () => {
  stage.server.play({ ...PROSODY, tooEarly: "<message id='1'/>", atOnce: "<message id='2'/>" });
  const entered = await stage.enter();
  assert.equal(entered.kind, "bound");
  assert.deepEqual(
    entered.after.map((element) => /id="(.)"/.exec(element)?.[1]),
    ["1", "2"],
  );
});

test("stanzas that come with the end of the sign-in are counted from it, and ours are acknowledged", async () => {
  stage.server.play({ ...EJABBERD, atOnce: `<message id='1'/><presence id='2'/><r xmlns='${SM}'/>` });
  const opened = await stage.runtime.open(stage.opening());
  assert.ok(opened.ok, JSON.stringify(opened));
  await stage.runtime.say({ to: ALICE, id: "m1", text: "hello" });
  await eventually(async () => (await stage.runtime.seen()).acknowledged.length > 0);
  const { stanzas, acknowledged } = await stage.runtime.seen();
  assert.equal(stanzas.length, 2);
  assert.deepEqual(acknowledged, ["m1"]);
  assert.equal(stage.server.last("a")?.attrs["h"], "2");
  assert.ok(!stage.heard().includes("enable"));
  await stage.runtime.close();
});

test("a link that was cut goes on within the next sign-in, by token, with what was not acknowledged", async () => {
  stage.server.play({ ...EJABBERD, atOnce: `<message id='1'/><r xmlns='${SM}'/>`, acknowledgesNothing: true });
  const opened = await stage.runtime.open(stage.opening());
  assert.ok(opened.ok && opened.value.keys?.kind === "fast", JSON.stringify(opened));
  await stage.runtime.say({ to: ALICE, id: "m1", text: "lost on the way" });
  // What is heard below comes on the next connection, and the count is of what has come on this one.
  await eventually(() => stage.server.last("message") !== undefined);
  await eventually(async () => (await stage.runtime.count()) === 1);
  await stage.runtime.cut();
  stage.server.play(EJABBERD, { id: "inline", h: 0 });
  const again = await stage.runtime.open(stage.opening(nextAttempt(opened.value.keys)));
  assert.ok(again.ok, JSON.stringify(again));
  assert.equal(again.value.jid, opened.value.jid);
  assert.deepEqual(stage.server.last("authenticate")?.getChild("resume")?.attrs, {
    xmlns: SM,
    h: "1",
    previd: "inline",
  });
  assert.deepEqual((await stage.runtime.seen()).streams, ["resumed"]);
  await eventually(() => stage.server.last("message") !== undefined);
  assert.equal(stage.server.last("message")?.attrs["id"], "m1", "written again");
  await stage.runtime.close();
});

test("a second factor is refused in order, and named", async () => {
  stage.server.play({ ...PROSODY, tasks: ["TOTP-EXAMPLE"] });
  assert.equal(await stage.refused(), "no-mechanism: a further step: TOTP-EXAMPLE");
  assert.deepEqual(stage.heard(), ["authenticate", "response", "abort"]);
});

test("a list of mechanisms that was changed on the way ends it before the proof is told (XEP-0474)", async () => {
  for (const script of [PROSODY, { ...PROSODY, sasl2: undefined }]) {
    const { sasl2, ...rest } = script;
    stage.server.play({ ...rest, ...(sasl2 && { sasl2 }), proof: "tampered" });
    assert.equal(await stage.refused(), "server-not-proven: the list of mechanisms was changed");
    assert.deepEqual(stage.heard(), [sasl2 ? "authenticate" : "auth", "abort"]);
  }
});

test("a wrong password is that in one step too", async () => {
  stage.server.play(PROSODY);
  assert.equal(await stage.refused(password({ password: "guess" })), "wrong-password: ");
});

test("another account's address, and somebody else's stream, are refused (CVE-2018-10847)", async () => {
  stage.server.play({ ...PROSODY, lies: "address" });
  assert.equal(await stage.refused(), "wrong-account: ");
  assert.equal((await stage.runtime.prove(stage.opening())).ok, false);
  stage.server.play({ ...PROSODY, lies: "address" }, { id: "old", h: 0 });
  assert.equal(await stage.refused(undefined, OLD_STREAM), "wrong-account: ");
  stage.server.play({ ...PROSODY, lies: "stream" });
  assert.equal(await stage.refused(undefined, OLD_STREAM), "server-error: resumption");
});

test("SASL 2 without Bind 2 goes on with the classic steps, without a restart", async () => {
  stage.server.play({ sasl2: { mechanisms: SCRAM } });
  const entered = await stage.enter();
  assert.equal(entered.jid, `${ALICE}/alcove`);
  assert.equal(entered.management?.kind, "offered");
  assert.equal(entered.carbons, false);
  assert.deepEqual(stage.heard(), ["authenticate", "response", "iq"]);
});

test("where resumption stands apart from the sign-in it comes before binding, and binding only where it failed", async () => {
  for (const script of [{ sasl: SCRAM }, { sasl2: { mechanisms: SCRAM, bind: [SM] } }] satisfies Script[]) {
    stage.server.play(script, { id: "old", h: 3 });
    const resumed = await stage.enter(undefined, OLD_STREAM);
    assert.equal(resumed.kind, "resumed");
    assert.equal(resumed.acknowledged, 3);
    assert.equal(stage.heard().at(-1), "resume");
    stage.server.play(script);
    const bound = await stage.enter(undefined, OLD_STREAM);
    assert.equal(bound.kind, "bound");
    assert.equal(bound.jid, `${ALICE}/alcove`);
    assert.deepEqual(bound.notResumed, { acknowledged: 7 });
    assert.equal(bound.management?.kind, "offered");
    assert.deepEqual(stage.heard().slice(-2), ["resume", "iq"]);
  }
});

test("proving a password binds nothing, whatever could be bound in the same step", async () => {
  stage.server.play(PROSODY);
  const proof = await stage.runtime.prove(stage.opening());
  assert.ok(proof.ok);
  assert.equal(proof.value.keys?.kind, "fast");
  assert.equal(stage.server.last("authenticate")?.getChild("bind"), undefined);
  assert.ok(!stage.heard().includes("iq"));
});
