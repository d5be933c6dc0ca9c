/** One engine serves all tabs of a browser: in two of them somebody may sign in, or out, at the same moment. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, Fixture } from "../testing/fixture.ts";

let fixture: Fixture;
let bob: TestBrowser;
let alice: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  bob = await fixture.browser(BOB);
  alice = fixture.unsigned();
});

afterEach(() => fixture.end());

const signIn = (address: string) => alice.engine.signIn({ address, password: "secret", plain: false });

it("the same account in two tabs at once is one browser, which goes on", async () => {
  alice.useDisk();
  const answers = await Promise.all([signIn(ALICE), signIn(ALICE)]);
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, true],
  );
  assert.equal(fixture.object(ALICE).browsers.length, 1);
  await until(() => fixture.object(ALICE).attached.size === 1);
  await until(() => alice.engine.snapshot().connection.encryption === "ready");
  await alice.send({ chat: BOB, text: "from whichever tab" });
  await bob.waitForTexts(ALICE, ["from whichever tab"]);
});

it("of two accounts in two tabs at once the last is here, and the other one is left", async () => {
  alice.useDisk();
  await Promise.all([signIn(CAROL), signIn(ALICE)]);
  const { session } = alice.engine.snapshot();
  assert.deepEqual(session, { state: "signed-in", account: ALICE });
  assert.equal(alice.remote.object.jid, ALICE);
  await until(() => fixture.object(ALICE).attached.size === 1);
  await until(() => alice.engine.snapshot().connection.encryption === "ready");
  await alice.send({ chat: BOB, text: "from the one that is here" });
  await bob.waitForTexts(ALICE, ["from the one that is here"]);
});

it("who signs out while a sign-in is under way is signed out", async () => {
  alice.useDisk();
  await signIn(ALICE);
  await Promise.all([signIn(ALICE), alice.engine.signOut({ erase: false })]);
  assert.equal(alice.engine.snapshot().session.state, "signed-out");
  assert.equal(fixture.object(ALICE).attached.size, 0);
});

it("a sign-in under way in an engine that another one has taken over from opens nothing behind it", async () => {
  alice.useDisk();
  const { finishSignIn } = alice.remote;
  const { engine } = alice;
  alice.remote.finishSignIn = async (proof) => {
    await engine.stop();
    return finishSignIn(proof);
  };
  assert.equal((await signIn(ALICE)).ok, false);
  alice.remote.finishSignIn = finishSignIn;
  assert.equal(fixture.object(ALICE).attached.size, 0);
  alice.engine = alice.newEngine();
  assert.ok((await signIn(ALICE)).ok);
  assert.equal(fixture.object(ALICE).browsers.length, 1, "and the person signs in again as the same browser");
});
