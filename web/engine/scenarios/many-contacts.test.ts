/** Thousands of contacts: what a page is told when they come online. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, Fixture } from "../testing/fixture.ts";

const PEOPLE = 1_000;
const person = (n: number) => `p${n}@b.example` as BareJid;

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  alice = await fixture.browser(ALICE);
  const object = fixture.object(ALICE);
  for (let n = 0; n < PEOPLE; n += 1)
    object.append({ kind: "contact", jid: person(n), subscription: "both", asked: false, request: false } as never);
  // The page is told of the last of them, too.
  await until(() => told().filter(({ jid }) => jid.startsWith("p")).length >= PEOPLE);
});

afterEach(() => fixture.end());

const told = () => alice.events.flatMap((event) => (event.type === "chats" ? event.chats : []));

test("R5: a page is told of those who have come online or gone, and of nobody else", async () => {
  const object = fixture.object(ALICE);
  alice.events.length = 0;
  const presence = Array.from({ length: PEOPLE }, (_, n) => ({ jid: person(n), available: true }));
  object.tell({ type: "presence", presence });
  await until(() => told().length > 0);
  assert.equal(told().length, PEOPLE);
  assert.ok(told().every(({ available }) => available));
  alice.events.length = 0;
  // Somebody who is there already, somebody who goes, somebody who is no contact.
  const stranger = "eve@x.example" as BareJid;
  object.tell({
    type: "presence",
    presence: [
      { jid: person(1), available: true },
      { jid: person(2), available: false },
      { jid: stranger, available: true },
    ],
  });
  await until(() => told().length > 0);
  assert.deepEqual(
    told().map(({ jid, available }) => [jid, available]),
    [[person(2), false]],
  );
});

test("R5: a change of the link tells no row of the list again; who is online after an absence is told by what differs", async () => {
  const object = fixture.object(ALICE);
  alice.events.length = 0;
  object.tell({ type: "state", state: { link: { state: "live", caughtUp: true }, pep: "ok", stayOnline: true } });
  object.tell({ type: "presence", presence: [{ jid: person(3), available: true }] });
  await until(() => told().length > 0);
  assert.deepEqual(
    told().map(({ jid }) => jid),
    [person(3)],
  );
});
