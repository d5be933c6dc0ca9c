import assert from "node:assert/strict";
import { test } from "node:test";
import { INVITATION_FRAGMENT } from "../../worker/contract/fragments.ts";
import { INVITATION_REFUSALS } from "../../worker/contract/invitation.ts";
import { invitationHere } from "../ui/page/invitation.ts";
import { detailBeyondWords, failureText } from "./failures.ts";
import { greetingText, lookAt } from "./invitation.ts";

const ENDS = Date.parse("2026-12-04T12:00:00Z");

const answering = (body: string) => async () => new Response(body);

test("D13: what an invitation says of itself is read, whatever else an answer holds", async () => {
  const answer = { ok: true, value: { ends: ENDS, address: "Alice@Example.org", uses: 3 } };
  assert.deepEqual(await lookAt("token", answering(JSON.stringify(answer))), {
    ...{ ok: true, value: { ends: ENDS, address: "alice@example.org" } },
  });
  const none = { ok: true, value: { ends: ENDS, address: "<b>", domain: 1 } };
  assert.deepEqual(await lookAt("token", answering(JSON.stringify(none))), { ok: true, value: { ends: ENDS } });
});

test("D13: an answer that says nothing of it leaves the question to the sign-in", async () => {
  for (const body of [
    "<html>",
    "null",
    "{}",
    '{"ok":true}',
    '{"ok":true,"value":{"ends":"soon"}}',
    '{"ok":false,"error":{"kind":"not-found"}}',
    '{"ok":false,"error":{"kind":"too-many-tries","detail":"60"}}',
    '{"ok":false,"error":{"kind":"invitation"}}',
  ])
    assert.equal(await lookAt("token", answering(body)), undefined, body);
  const offline = () => Promise.reject(new TypeError("Failed to fetch"));
  assert.equal(await lookAt("token", offline), undefined);
});

test("D13: each reason why an invitation lets nobody in has words of its own", () => {
  const wordsOf = (detail: string) => failureText({ kind: "invitation", detail }, "");
  const texts = [...INVITATION_REFUSALS, "of tomorrow"].map(wordsOf);
  assert.equal(new Set(texts).size, INVITATION_REFUSALS.length + 1);
  for (const words of texts) assert.match(words, /^[A-Z][^{}]+\.$/);
  for (const detail of INVITATION_REFUSALS)
    assert.equal(detailBeyondWords({ kind: "invitation", detail }, ""), undefined);
  const greetings = [{}, { domain: "a.example" }, { address: "alice@a.example" as never }].map(greetingText);
  assert.equal(new Set(greetings).size, 3);
});

test("D13: the page looks for an invitation behind the very letters that the operator's link has", () => {
  const kept = new Map<string, string>();
  const { location, sessionStorage } = globalThis;
  Object.assign(globalThis, {
    location: { hash: `${INVITATION_FRAGMENT}abc-_1` },
    sessionStorage: { getItem: (key: string) => kept.get(key) ?? null },
  });
  try {
    assert.equal(invitationHere(), "abc-_1");
    Object.assign(globalThis, { location: { hash: INVITATION_FRAGMENT } });
    assert.equal(invitationHere(), undefined);
    kept.set("alcove-invitation", "kept");
    assert.equal(invitationHere(), "kept");
  } finally {
    Object.assign(globalThis, { location, sessionStorage });
  }
});
