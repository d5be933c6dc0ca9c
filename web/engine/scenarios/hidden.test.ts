/** A page that nobody has looked at for long: its account rests, and looks in now and then (`durable/connection/resting.ts`). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { CallName } from "../../../worker/contract/calls.ts";
import type { LinkState } from "../../../worker/contract/state.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoAcquainted } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;
let asked: CallName[];

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoAcquainted());
  await fixture.hasReadAll(alice);
  await alice.engine.visible({ visible: false });
  asked = [];
  const { call } = alice.remote;
  alice.remote.call = (name, args) => {
    asked.push(name);
    return call(name, args);
  };
});

afterEach(() => fixture.end());

const told = (state: LinkState) =>
  alice.remote.object.tell({ type: "state", state: { ...alice.remote.object.state, link: state } });

/** What pages hear of a look: the question for the key, and how the stream is resumed. Of its end they hear nothing. */
async function look(): Promise<void> {
  alice.remote.object.tell({ type: "unlock" });
  await until(() => asked.includes("unlock"));
  for (const state of ["resolving", "dialing", "securing", "authenticating"] as const) told({ state });
  alice.remote.object.linked = true;
  told({ state: "live", caughtUp: true });
}

it("D11: a look with nothing new asks the object for nothing but to open the sign-in data", async () => {
  alice.remote.object.linked = false;
  for (let n = 0; n < 3; n += 1) await look();
  await fixture.quiet();
  assert.deepEqual(asked, ["unlock", "unlock", "unlock"]);
});

it("D11: what a look brings is counted and its receipt leaves within it; the page was told of no connection that ended", async () => {
  alice.remote.object.linked = false;
  await look();
  const before = alice.remote.object.receipts.length;
  await bob.send({ chat: ALICE, text: "nobody looks" });
  await alice.waitForTexts(BOB, ["hello", "hello too", "nobody looks"]);
  await until(() => alice.engine.snapshot().chats.some(({ jid, unread }) => jid === BOB && unread > 0));
  await until(() => alice.remote.object.receipts.length > before);
  const states = alice.events.flatMap((event) => (event.type === "connection" ? event.connection.link?.state : []));
  assert.ok(!states.includes("off"), states.join());
});
