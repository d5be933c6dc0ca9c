import { FORM_ROUTES } from "./contract/forms.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import type { Result } from "./contract/failures.ts";
import { offerServers, register, submit } from "./registration.ts";

type Asked = { readonly what: string; readonly about: Record<string, unknown> };

const FORM = { step: "form", id: "f1", form: { legacy: true, fields: [] } } as const;

/** The three routes, with an object and a gatekeeper that note what they are asked. */
function edge(variables: Readonly<Record<string, string>>, refusal?: string, broken?: Error) {
  const asked: Asked[] = [];
  const note = (what: string, about: unknown) => asked.push({ what, about: about as Record<string, unknown> });
  const account = {
    register: async (about: unknown) => {
      note("register", about);
      return { ok: true, value: FORM };
    },
    submit: async (about: unknown) => {
      note("submit", about);
      if (broken !== undefined) throw broken;
      return { ok: true, value: { step: "done", address: "nadia@a.org" } };
    },
  };
  const gatekeeper = {
    admit: async (knock: { readonly refused?: string; readonly registers: string }) => {
      note("knock", knock);
      const kind = refusal ?? knock.refused;
      if (kind !== undefined) return { ok: false, error: { kind } };
      return { ok: true, value: { ticket: "t", invited: false } };
    },
    settle: async (...args: readonly unknown[]) => void note("settle", args),
  };
  const object = (name: string) => {
    note("object", { name });
    return account;
  };
  const env = {
    ...{ ALLOWED_DOMAINS: "*", NAME_SECRET: "n".repeat(40), COOKIE_SECRET: "c".repeat(40) },
    ...variables,
    SIGN_IN_LIMIT: { limit: async () => ({ success: true }) },
    ACCOUNT: { idFromName: (name: string) => name, get: object },
    GATEKEEPER: { idFromName: () => "g", get: () => gatekeeper },
  } as unknown as Env;
  const app = new Hono<{ Bindings: Env }>();
  app.post(FORM_ROUTES.servers, offerServers);
  app.post(FORM_ROUTES.register, register);
  app.post(FORM_ROUTES.submit, submit);
  const post = async <T>(route: string, about: unknown, from = "192.0.2.7") => {
    const headers = { "content-type": "application/json", "cf-connecting-ip": from };
    const answer = await app.request(route, { method: "POST", headers, body: JSON.stringify(about) }, env);
    return (await answer.json()) as Result<T>;
  };
  return { asked, env, post };
}

type Form = { readonly attempt: string };
const answers = { legacy: true, answers: [{ name: "username", values: ["nadia"] }] };
const kindOf = (result: Result<unknown>) =>
  result.ok ? "ok" : `${result.error.kind} ${result.error.detail ?? ""}`.trim();

for (const { allowed, named, is } of [
  { allowed: "*", named: undefined, is: { servers: [], others: true } },
  { allowed: "*", named: "", is: { servers: [], others: true } },
  { allowed: "", named: "", is: { servers: [], others: false } },
  { allowed: "A.org b.org", named: "", is: { servers: ["a.org", "b.org"], others: false } },
  { allowed: "*", named: "b.org A.org", is: { servers: ["b.org", "a.org"], others: false } },
  { allowed: "*", named: "none", is: { servers: [], others: false } },
])
  test(`of ALLOWED_DOMAINS "${allowed}" and NEW_ACCOUNT_SERVERS "${named}" these servers are offered`, async () => {
    const { post, asked } = edge({
      ALLOWED_DOMAINS: allowed,
      ...(named !== undefined && { NEW_ACCOUNT_SERVERS: named }),
    });
    assert.deepEqual(await post(FORM_ROUTES.servers, {}), { ok: true, value: is });
    assert.deepEqual(asked, [], "nothing is asked");
  });

test("S21: what is not offered, not allowed or refused at the door wakes no object", async () => {
  const named = edge({ NEW_ACCOUNT_SERVERS: "a.org" });
  assert.equal(kindOf(await named.post(FORM_ROUTES.register, { domain: "b.org" })), "registration not-offered");
  const none = edge({ NEW_ACCOUNT_SERVERS: "none" });
  assert.equal(kindOf(await none.post(FORM_ROUTES.register, { domain: "a.org" })), "registration not-offered");
  const listed = edge({ ALLOWED_DOMAINS: "a.org" });
  assert.equal(kindOf(await listed.post(FORM_ROUTES.register, { domain: "b.org", token: "TOKEN" })), "domain-refused");
  const tired = edge({}, "too-many-tries");
  assert.equal(kindOf(await tired.post(FORM_ROUTES.register, { domain: "a.org" })), "too-many-tries");
  for (const { asked } of [named, none, listed, tired])
    assert.equal(
      asked.some(({ what }) => what === "object"),
      false,
    );
});

test("S21: a place has one object, whatever the server; it is no account's, and the door is told when it is over", async () => {
  const { asked, post } = edge({});
  const first = await post<Form>(FORM_ROUTES.register, { domain: "A.org" });
  assert.ok(first.ok);
  await post(FORM_ROUTES.register, { domain: "b.org" });
  await post(FORM_ROUTES.register, { domain: "a.org" }, "192.0.2.8");
  const names = asked.flatMap(({ what, about }) => (what === "object" ? [about["name"]] : []));
  assert.equal(names[0], names[1]);
  assert.notEqual(names[0], names[2]);
  assert.equal(asked.filter(({ what }) => what === "settle").length, 3);
  const sent = await post(FORM_ROUTES.submit, { attempt: first.value.attempt, ...answers });
  assert.deepEqual(sent, { ok: true, value: { step: "done", address: "nadia@a.org" } });
  const submitted = asked.find(({ what }) => what === "submit")?.about;
  assert.deepEqual([submitted?.["domain"], submitted?.["id"], submitted?.["invited"]], ["a.org", "f1", false]);
  assert.deepEqual(
    asked.flatMap(({ what, about }) => (what === "knock" ? [about["registers"]] : [])),
    ["form", "form", "form", "answers"],
  );
});

test("S21: answers go only where a form came from: what was not signed here, or long ago, wakes no object", async () => {
  const { asked, post } = edge({});
  const form = await post<Form>(FORM_ROUTES.register, { domain: "a.org" });
  assert.ok(form.ok);
  const { attempt } = form.value;
  const woken = asked.length;
  const [object, id, , , at, signature] = attempt.split(".");
  const elsewhere = btoa("b.org").replaceAll("=", "");
  for (const forged of [
    "x",
    `${object}.${id}.${elsewhere}.listed.${at}.${signature}`,
    attempt.replace(".listed.", ".invited."),
    `${attempt}.more`,
  ])
    assert.equal(kindOf(await post(FORM_ROUTES.submit, { attempt: forged, ...answers })), "sign-in-lapsed", forged);
  assert.equal(asked.length, woken);
});

test("S21: an object that breaks while it sends the answers may have made the account; the door is told that it is over", async () => {
  const { asked, post } = edge({}, undefined, new Error("the object was reset"));
  const form = await post<Form>(FORM_ROUTES.register, { domain: "a.org" });
  assert.ok(form.ok);
  const sent = await post(FORM_ROUTES.submit, { attempt: form.value.attempt, ...answers });
  assert.equal(kindOf(sent), "registration unanswered");
  assert.equal(asked.filter(({ what }) => what === "settle").length, 2);
});
