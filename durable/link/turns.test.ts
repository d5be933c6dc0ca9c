import assert from "node:assert/strict";
import { test } from "node:test";
import type { FailureKind, Result } from "../../worker/contract/failures.ts";
import { personWith } from "../testing/person.ts";
import { type Endpoint, parseEndpoint } from "./discovery/endpoint.ts";
import type { Credentials, FastToken } from "./sasl/credentials.ts";
import { tryInTurn } from "./turns.ts";

const endpoint = (uri: string): Endpoint => {
  const parsed = parseEndpoint(uri);
  assert.ok(parsed.ok);
  return parsed.value;
};
const WEB = endpoint("wss://a.org/ws");
const TCP = endpoint("tls://a.org:5223");
const PERSON = personWith("pencil");
const WANTS_TOKEN = personWith("pencil", { prefersToken: true });
const TOKEN: FastToken = { kind: "fast", mechanism: "HT-SHA-256-NONE", token: "t", expiry: undefined, count: 1 };

/** Where it got in, or with what it ended, and which doors it knocked at. */
async function tried(credentials: Credentials, at: (scheme: string, prefersToken: boolean) => FailureKind | "in") {
  const knocked: string[] = [];
  const { answer, failures } = await tryInTurn([WEB, TCP], credentials, async ({ scheme }, used) => {
    const prefers = used.kind === "person" && used.prefersToken;
    knocked.push(prefers ? `${scheme} for a token` : scheme);
    const outcome = at(scheme, prefers);
    const result: Result<string> =
      outcome === "in" ? { ok: true, value: scheme } : { ok: false, error: { kind: outcome } };
    return result;
  });
  return { knocked, end: answer?.ok ? answer.value : (answer?.error.kind ?? failures.map(({ kind }) => kind)) };
}

test("the first endpoint that says something decides", async () => {
  assert.deepEqual(await tried(PERSON, (scheme) => (scheme === "wss" ? "refused" : "in")), {
    knocked: ["wss", "tls"],
    end: "tls",
  });
  assert.deepEqual(await tried(PERSON, () => "wrong-password"), { knocked: ["wss"], end: "wrong-password" });
  const nothing = { knocked: ["wss", "tls"], end: ["no-mechanism", "no-mechanism"] };
  assert.deepEqual(await tried(PERSON, () => "no-mechanism"), nothing);
});

test("A1: where a token is wanted, the endpoint that gives one is taken, though it stands last", async () => {
  const outcome = await tried(WANTS_TOKEN, (scheme) => (scheme === "wss" ? "no-mechanism" : "in"));
  assert.deepEqual(outcome, { knocked: ["wss for a token", "tls for a token"], end: "tls" });
});

test("N1: where nobody gives a token, the first endpoint does as before", async () => {
  const outcome = await tried(WANTS_TOKEN, (_, prefersToken) => (prefersToken ? "no-mechanism" : "in"));
  assert.deepEqual(outcome, { knocked: ["wss for a token", "tls for a token", "wss"], end: "wss" });
  const half = await tried(WANTS_TOKEN, (scheme, prefersToken) =>
    scheme === "tls" ? "refused" : prefersToken ? "no-mechanism" : "in",
  );
  assert.equal(half.end, "wss", "one that cannot be reached changes nothing about that");
});

test("where nobody can be reached, nobody is asked twice", async () => {
  const outcome = await tried(WANTS_TOKEN, () => "refused");
  assert.deepEqual(outcome, { knocked: ["wss for a token", "tls for a token"], end: ["refused", "refused"] });
});

test("a token is taken to every endpoint before it counts as over", async () => {
  assert.deepEqual(await tried(TOKEN, (scheme) => (scheme === "wss" ? "no-mechanism" : "in")), {
    knocked: ["wss", "tls"],
    end: "tls",
  });
});
