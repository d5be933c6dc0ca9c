import assert from "node:assert/strict";
import { test } from "node:test";
import { personWith, proofOf } from "../testing/person.ts";
import { claiming, Openings } from "./claim.ts";

const CHALLENGE = { mechanism: "SCRAM-SHA-1", salt: "QSXCR+Q6sek8bf92", iterations: 4_096 } as const;
const LAPSED = { ok: false, error: { kind: "sign-in-lapsed" } } as const;

test("an opening is claimed with what shows that the person knows the password, not before", async () => {
  let claims = 0;
  const person = claiming(personWith("pencil"), async () => {
    claims += 1;
    return true;
  });
  assert.equal(claims, 0);
  assert.deepEqual(await person.keysFor(CHALLENGE), { ok: true, value: proofOf("pencil", CHALLENGE) });
  assert.deepEqual(await person.password(), { ok: true, value: "pencil" });
  assert.equal(claims, 2);
});

test("where another stream came up meanwhile, nothing is told to the server", async () => {
  const person = claiming(personWith("pencil"), async () => false);
  assert.deepEqual(await person.keysFor(CHALLENGE), LAPSED);
  assert.deepEqual(await person.password(), LAPSED);
});

test("somebody who gives nothing claims nothing", async () => {
  const nothing = { keysFor: async () => LAPSED, password: async () => LAPSED };
  const person = claiming(personWith("pencil", nothing), () => assert.fail("claimed"));
  assert.deepEqual(await person.keysFor(CHALLENGE), LAPSED);
  assert.deepEqual(await person.password(), LAPSED);
});

test("the next one that can show something waits until the one before is over, whoever it was", async () => {
  const openings = new Openings();
  const [guess, right] = [new AbortController(), new AbortController()];
  openings.begin(guess);
  const order: string[] = [];
  const waits = openings.whenNone(() => {
    order.push("free");
    openings.begin(right);
  });
  const behind = openings.whenNone(() => order.push("free again"));
  await Promise.resolve();
  assert.deepEqual([openings.isOwn(guess), order], [true, []]);
  openings.end();
  await waits;
  await Promise.resolve();
  assert.deepEqual([openings.isOwn(right), order], [true, ["free"]], "the other one waits on");
  openings.abort();
  await behind;
  assert.ok(right.signal.aborted && !openings.going);
});
