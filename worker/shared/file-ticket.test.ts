import assert from "node:assert/strict";
import { test } from "node:test";
import { FILE_LIMITS } from "../contract/media.ts";
import type { BrowserId } from "../contract/names.ts";
import { openTicket, sealTicket } from "./file-ticket.ts";

const SECRET = "a secret of this deployment, long enough";
const browser = "b1" as BrowserId;
const now = Date.parse("2026-11-28T08:00:00Z");
const ticket = {
  browser,
  url: "https://u.example/slot",
  size: 3,
  type: "application/octet-stream",
  headers: [["authorization", "Bearer canary"]] as const,
  trusted: false,
  until: now + FILE_LIMITS.ticketMs,
};

test("a ticket opens for its browser within its time, and shows nobody what is in it", async () => {
  const text = await sealTicket(SECRET, ticket);
  assert.deepEqual(await openTicket(SECRET, text, { browser, now }), ticket);
  assert.match(text, /^[A-Za-z0-9_-]+$/);
  assert.doesNotMatch(Buffer.from(text, "base64url").toString("latin1"), /canary|slot/);
  assert.notEqual(await sealTicket(SECRET, ticket), text);
});

test("S10: a ticket of another browser, another deployment or another time opens nothing, nor does any text", async () => {
  const text = await sealTicket(SECRET, ticket);
  const late = now + FILE_LIMITS.ticketMs;
  assert.equal(await openTicket(SECRET, text, { browser: "b2" as BrowserId, now }), undefined);
  assert.equal(await openTicket(`${SECRET}!`, text, { browser, now }), undefined);
  assert.equal(await openTicket(SECRET, text, { browser, now: late }), undefined);
  assert.equal(await openTicket(SECRET, text, { browser, now: now - 2 * FILE_LIMITS.ticketMs }), undefined);
  for (let at = 0; at < text.length; at += 7) {
    const changed = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    assert.equal(await openTicket(SECRET, changed, { browser, now }), undefined);
  }
  for (const other of ["", "A", "AAAA", "A".repeat(16), "A".repeat(40), "ü", "A".repeat(20_000)])
    assert.equal(await openTicket(SECRET, other, { browser, now }), undefined);
});
