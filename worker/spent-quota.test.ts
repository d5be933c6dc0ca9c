import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { ROUTES } from "./contract/routes.ts";
import { health } from "./health.ts";
import { admitSignIn } from "./sign-in-gate.ts";
import { isQuotaSpent, nextDay, saysQuotaSpent } from "./shared/spent-quota.ts";
import type { BareJid } from "./contract/names.ts";

const SPENT = new Error("Exceeded allowed duration in Durable Objects free tier.");
const NOON = Date.parse("2026-11-27T12:00:00Z");

/** A deployment whose objects the platform runs no more today. */
const env = {
  SIGN_IN_LIMIT: { limit: async () => ({ success: true }) },
  GATEKEEPER: {
    idFromName: (name: string) => name,
    get: () => ({ ready: () => Promise.reject(SPENT), admit: () => Promise.reject(SPENT) }),
  },
  NAME_SECRET: "x".repeat(32),
  COOKIE_SECRET: "y".repeat(32),
  ALLOWED_DOMAINS: "*",
} as unknown as Env;

const app = new Hono<{ Bindings: Env }>();
app.get(ROUTES.health, health);
app.post(ROUTES.signIn, async (c) => c.json(await admitSignIn(c, "alice@example.org" as BareJid)));

test("D5: whoever signs in while the day's allowance is spent is told so, and not that many others do", async () => {
  const answer = await app.request(ROUTES.signIn, { method: "POST" }, env);
  assert.deepEqual(await answer.json(), { ok: false, error: { kind: "offline", detail: "quota" } });
});

test("D5: a watchman is told so, too", async () => {
  const answer = await app.request(ROUTES.health, {}, env);
  assert.equal(answer.status, 503);
  assert.equal(((await answer.json()) as { objects: string }).objects, "may not run: quota spent until 00:00 UTC");
});

test("D5: the platform's words are known, and nothing else is taken for them", () => {
  for (const what of ["duration", "rows read", "rows written", "volume of requests"])
    assert.equal(isQuotaSpent(new Error(`Exceeded allowed ${what} in Durable Objects free tier.`)), true, what);
  for (const other of [new Error("Durable Object is overloaded."), "Exceeded allowed duration", undefined])
    assert.equal(isQuotaSpent(other), false);
  assert.equal(saysQuotaSpent("error code: 1027"), true);
  assert.equal(saysQuotaSpent('{"seq": 1027}'), false);
  assert.equal(new Date(nextDay(NOON)).toISOString(), "2026-11-28T00:00:00.000Z");
});
