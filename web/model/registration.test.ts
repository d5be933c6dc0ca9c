import { FORM_ROUTES } from "../../worker/contract/forms.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegistrationReply } from "../../worker/contract/registration.ts";
import { Registration } from "./registration.ts";
import { readServerInvitation } from "./server-invitation.ts";

const PASSWORD = "eight herons";
const field = (
  name: string,
  kind: "text" | "secret" | "hidden" | "yes-no" = "text",
  values: readonly string[] = [],
) => ({
  ...{ name, kind, values, required: false },
});
const form = (attempt: string, ...more: readonly ReturnType<typeof field>[]): RegistrationReply => ({
  step: "form",
  attempt,
  form: { legacy: false, fields: [field("username"), field("password", "secret"), ...more] },
});
const offered = { ok: true, value: { servers: ["a.org", "b.org"], others: false } };

/** A Worker that gives these answers, one after the other; keeps what it was asked. */
function worker(...answers: readonly unknown[]) {
  const asked: { readonly route: string; readonly about: Record<string, unknown> }[] = [];
  const made: unknown[] = [];
  const left = [...answers];
  const ask = (async (route: string, { body }: { readonly body: string }) => {
    asked.push({ route, about: JSON.parse(body) as Record<string, unknown> });
    const next = left.shift();
    if (next === undefined) throw new TypeError("no network");
    return { json: async () => next };
  }) as unknown as typeof fetch;
  const making = new Registration(
    (...said) => made.push(said),
    () => undefined,
    ask,
  );
  return { asked, made, making };
}

const type = (making: Registration, name: string, words: string) => {
  making.value({ name, values: [] }).value = words;
};

test("the first server is chosen, its form is filled in, and the account is handed on with its password", async () => {
  const { asked, made, making } = worker(
    offered,
    { ok: true, value: form("one", field("FORM_TYPE", "hidden", ["jabber:iq:register"]), field("news", "yes-no")) },
    { ok: true, value: { step: "done", address: "nadia@a.org" } },
  );
  await making.begin(undefined);
  await making.choose();
  assert.deepEqual(asked[1], { route: FORM_ROUTES.register, about: { domain: "a.org" } });
  type(making, "username", " nadia ");
  type(making, "password", PASSWORD);
  await making.submit();
  assert.deepEqual(asked[2]?.about, {
    attempt: "one",
    legacy: false,
    answers: [
      { name: "username", values: ["nadia"] },
      { name: "password", values: [PASSWORD] },
      { name: "FORM_TYPE", values: ["jabber:iq:register"] },
      { name: "news", values: ["0"] },
    ],
  });
  assert.deepEqual(made, [["nadia@a.org", PASSWORD, undefined]]);
});

test("a short password, or no server, is told without asking anybody", async () => {
  const { asked, making } = worker(
    { ok: true, value: { servers: [], others: true } },
    { ok: true, value: form("one") },
  );
  await making.begin(undefined);
  await making.choose();
  assert.deepEqual(making.step.peek(), {
    step: "server",
    offered: { servers: [], others: true },
    failure: { kind: "registration", detail: "no-server" },
  });
  making.server.value = "Someone@Example.ORG";
  await making.choose();
  assert.equal(asked.at(-1)?.about["domain"], "example.org", "an address names its server");
  type(making, "password", "short");
  await making.submit();
  const step = making.step.peek();
  assert.deepEqual(step.step === "form" && step.failure, { kind: "registration", detail: "password-short" });
  assert.equal(asked.length, 2);
});

test("what was typed outlives a refusal and a lost connection; the letters of a picture do not", async () => {
  const pictured = (attempt: string) =>
    form(attempt, { ...field("ocr"), picture: { data: "AAAA" } } as ReturnType<typeof field>);
  const { making } = worker(
    offered,
    { ok: true, value: pictured("one") },
    { ok: true, value: { ...pictured("two"), refused: { why: "picture", says: "no" } } },
  );
  await making.begin(undefined);
  await making.choose();
  type(making, "username", "nadia");
  type(making, "password", PASSWORD);
  type(making, "ocr", "wrong");
  await making.submit();
  const typed = ["username", "password", "ocr"].map((name) => making.value({ name, values: [] }).peek());
  assert.deepEqual(typed, ["nadia", PASSWORD, ""]);
  await making.submit();
  const step = making.step.peek();
  const failure = { kind: "registration", detail: "unanswered" };
  assert.deepEqual(step.step === "form" && [step.attempt, step.failure], ["two", failure]);
  assert.equal(making.value({ name: "username", values: [] }).peek(), "nadia");
});

test("a server's invitation asks its server at once, also when it is pasted in the place of one", async () => {
  const link = "xmpp:juliet@a.org?register;preauth=TOKEN";
  const opened = worker({ ok: true, value: form("one") });
  await opened.making.begin(readServerInvitation(link));
  assert.deepEqual(opened.asked[0]?.about, { domain: "a.org", token: "TOKEN" });
  assert.equal(opened.making.value({ name: "username", values: [] }).peek(), "juliet");
  const pasted = worker(offered, { ok: false, error: { kind: "registration", detail: "token" } });
  await pasted.making.begin(undefined);
  pasted.making.server.value = link;
  await pasted.making.choose();
  const step = pasted.making.step.peek();
  assert.deepEqual(step.step === "server" && step.failure, { kind: "registration", detail: "token" });
});

test("a Worker of the release before, which knows no accounts, is named", async () => {
  const { making } = worker({ ok: false, error: { kind: "not-found" } });
  await making.begin(undefined);
  assert.deepEqual(making.step.peek(), { step: "server", failure: { kind: "other-release" } });
});

const failureIn = (making: Registration) => {
  const step = making.step.peek();
  return step.step === "form" ? step.failure?.detail : step.step;
};

test("S21: a connection lost while the form is sent says that the account may exist, and so does its name that is taken then", async () => {
  const taken = (attempt: string) => ({ ok: true, value: { ...form(attempt), refused: { why: "name-taken" } } });
  for (const lost of [undefined, { ok: false, error: { kind: "registration", detail: "unanswered" } }]) {
    const { making } = worker(offered, { ok: true, value: form("one") }, lost, taken("two"), taken("three"));
    await making.begin(undefined);
    await making.choose();
    type(making, "username", "Nadia");
    type(making, "password", PASSWORD);
    await making.submit();
    assert.equal(failureIn(making), "unanswered");
    await making.submit();
    assert.equal(failureIn(making), "perhaps-yours");
    type(making, "username", "nadia2");
    await making.submit();
    assert.equal(failureIn(making), undefined, "another name is somebody else's");
  }
});

test("S21: a form that is too old is followed by a fresh one, and what was typed stays", async () => {
  const { asked, making } = worker(
    ...[offered, { ok: true, value: form("one") }, { ok: false, error: { kind: "sign-in-lapsed" } }],
    ...[
      { ok: true, value: form("two") },
      { ok: true, value: { step: "done", address: "nadia@a.org" } },
    ],
  );
  await making.begin(undefined);
  await making.choose();
  type(making, "username", "nadia");
  type(making, "password", PASSWORD);
  await making.submit();
  assert.equal(failureIn(making), "lapsed");
  await making.submit();
  assert.equal(asked.at(-1)?.about["attempt"], "two");
  assert.match(JSON.stringify(asked.at(-1)?.about["answers"]), /"nadia"/);
});

test("S21: a password that the server has filled in is none of the person's", async () => {
  const { making } = worker();
  assert.equal(making.value({ name: "password", kind: "secret", values: ["chosen by them"] }).peek(), "");
  assert.equal(making.value({ name: "username", kind: "text", values: ["nadia"] }).peek(), "nadia");
});
