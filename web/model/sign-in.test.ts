import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { Engine } from "../engine/protocol/engine.ts";
import { fieldOf, SignIn } from "./sign-in.ts";

type Asked = Parameters<Engine["signIn"]>[0];

function scripted(...answers: Result<{ readonly account: BareJid }>[]) {
  const asked: Asked[] = [];
  const signIn = async (args: Asked) => {
    asked.push(args);
    return answers.shift() ?? assert.fail("asked more often than scripted");
  };
  return { asked, engine: { signIn } };
}

const fine = { ok: true, value: { account: "alice@example.org" as BareJid } } as const;
const onlyPlain = { ok: false, error: { kind: "only-plain" } } as const;

test("an address that cannot be one is said to be none where it is typed", async () => {
  const { engine } = scripted({ ok: false, error: { kind: "address-invalid" } });
  const form = new SignIn(engine, "alice");
  form.password.value = "secret";
  await form.submit();
  assert.deepEqual(form.step.value, { step: "form", failure: { kind: "address-invalid" } });
  assert.equal(fieldOf({ kind: "address-invalid" }), "address");
});

test("nobody is asked about a password that was not typed, which would count as a try", async () => {
  const { engine, asked } = scripted();
  const form = new SignIn(engine, "alice@example.org");
  await form.submit();
  assert.deepEqual(form.step.value, { step: "form", failure: { kind: "wrong-password", detail: "empty" } });
  assert.deepEqual(asked, []);
});

test("after signing in the password is forgotten", async () => {
  const { engine, asked } = scripted(fine);
  const form = new SignIn(engine, " alice@example.org ");
  form.password.value = "secret";
  await form.submit();
  assert.deepEqual(asked, [{ address: "alice@example.org", password: "secret", plain: false }]);
  assert.equal(form.password.value, "");
});

test("a server that wants the password itself gets it only after the person agreed", async () => {
  const { engine, asked } = scripted(onlyPlain, fine);
  const form = new SignIn(engine, "alice@example.org");
  form.password.value = "secret";
  await form.submit();
  assert.equal(form.step.value.step, "consent");
  assert.deepEqual(
    asked.map((args) => args.plain),
    [false],
  );
  await form.agree();
  assert.deepEqual(
    asked.map((args) => args.plain),
    [false, true],
  );
});

test("going back from the question sends nothing", async () => {
  const { engine, asked } = scripted(onlyPlain);
  const form = new SignIn(engine, "alice@example.org");
  form.password.value = "secret";
  await form.submit();
  form.back();
  await form.agree();
  assert.equal(asked.length, 1);
});

test("a wrong password keeps the form filled and says why", async () => {
  const { engine } = scripted({ ok: false, error: { kind: "wrong-password" } });
  const form = new SignIn(engine, "alice@example.org");
  form.password.value = "wrong";
  await form.submit();
  assert.deepEqual(form.step.value, { step: "form", failure: { kind: "wrong-password" } });
  assert.equal(form.address.value, "alice@example.org");
});
