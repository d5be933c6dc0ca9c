/** The page is killed, or the disk fails, after the password was proved and before the device is in its place. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  bob = await fixture.browser(BOB);
  alice = fixture.unsigned();
});

afterEach(() => fixture.end());

const signIn = () => alice.engine.signIn({ address: ALICE, password: "secret", plain: false });

/** The account's database cannot be opened; then the browser starts again. */
async function killedWhileSigningIn(): Promise<void> {
  alice.useDisk();
  const disk = globalThis.indexedDB;
  const open = disk.open.bind(disk);
  const { finishSignIn } = alice.remote;
  let proved = false;
  alice.remote.finishSignIn = async (proof) => {
    const answer = await finishSignIn(proof);
    proved = true;
    return answer;
  };
  disk.open = (name, version) => {
    if (proved && name === `alcove:${ALICE}`) throw new DOMException("killed here", "AbortError");
    return open(name, version);
  };
  await assert.rejects(signIn());
  disk.open = open;
  alice.engine = alice.newEngine();
  await alice.engine.attach({ visible: true });
}

it("a first sign-in goes on where it was, and nobody is told that anything was thrown away", async () => {
  await killedWhileSigningIn();
  assert.deepEqual(alice.engine.snapshot().session, { state: "signed-in", account: ALICE });
  await until(() => alice.engine.snapshot().connection.encryption === "ready");
  await alice.send({ chat: BOB, text: "here I am" });
  await bob.waitForTexts(ALICE, ["here I am"]);
});

it("S4: a browser that was signed out by another is a new device all the same", async () => {
  await alice.signIn(ALICE);
  const before = alice.device;
  const key = (await alice.rows("identity"))[0]?.publicKey;
  fixture.object(ALICE).revoke(alice.remote.browser);
  await until(() => alice.engine.snapshot().session.state === "signed-out");
  await killedWhileSigningIn();
  await until(() => alice.engine.snapshot().connection.encryption === "ready");
  assert.notEqual(alice.device, before);
  assert.notDeepEqual((await alice.rows("identity"))[0]?.publicKey, key);
});
