/** The engine's second script, and what an engine does while it cannot be had. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { LaterScript } from "../session/later.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, Fixture } from "../testing/fixture.ts";

const NOT_LOADED = { ok: false, error: { kind: "not-loaded" } };

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  alice = fixture.unsigned();
  bob = await fixture.browser(BOB);
});

afterEach(() => fixture.end());

const encryptionOf = ({ engine }: TestBrowser) => engine.snapshot().connection.encryption;

/** Started anew with everything that is on its disk, and without the script. */
async function startsWithout(who: TestBrowser): Promise<void> {
  who.lacksLater = true;
  await who.crash();
  await until(() => encryptionOf(who) === "not-loaded");
}

describe("without the second script", () => {
  it("nobody is signed in, which is told, and signing in again does it once the script can be had", async () => {
    alice.lacksLater = true;
    alice.useDisk();
    const signIn = () => alice.engine.signIn({ address: ALICE, password: "secret", plain: false });
    assert.deepEqual(await signIn(), NOT_LOADED);
    assert.equal(alice.engine.snapshot().session.state, "signed-out");
    alice.lacksLater = false;
    assert.equal((await signIn()).ok, true);
    await until(() => encryptionOf(alice) === "ready");
  });

  it("messages come and go, and it is told that keys are not looked after until it can be had", async () => {
    await alice.signIn(ALICE);
    await alice.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, ["hello"]);
    await startsWithout(alice);
    await alice.send({ chat: BOB, text: "still here" });
    await bob.waitForTexts(ALICE, ["hello", "still here"]);
    await bob.send({ chat: ALICE, text: "so am I" });
    await alice.waitForTexts(BOB, ["hello", "still here", "so am I"]);
    alice.lacksLater = false;
    await alice.engine.reconnect();
    await until(() => encryptionOf(alice) === "ready");
  });

  it("what a person does to keys and rooms fails in words, and does it afterwards", async () => {
    await alice.signIn(ALICE);
    await alice.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, ["hello"]);
    const [theirs] = (await alice.engine.devices({ jid: BOB })).devices;
    const { device = assert.fail("no device"), fingerprint = "" } = theirs ?? {};
    await startsWithout(alice);
    const { engine } = alice;
    const verify = () => engine.decide({ jid: BOB, device, fingerprint, trust: "verified" });
    const room = `room@conference.${CAROL.split("@")[1]}`;
    assert.deepEqual(await verify(), NOT_LOADED);
    assert.deepEqual(await engine.start({ address: CAROL }), NOT_LOADED);
    assert.deepEqual(await engine.room({ address: room, action: "join" }), NOT_LOADED);
    assert.deepEqual(await engine.revoke({ browser: "others" }), NOT_LOADED);
    assert.deepEqual((await engine.devices({ jid: BOB })).failure, NOT_LOADED.error);
    assert.deepEqual((await engine.members({ room: BOB })).failure, NOT_LOADED.error);
    alice.lacksLater = false;
    assert.equal((await verify()).ok, true);
    assert.equal((await engine.devices({ jid: BOB })).devices[0]?.trust, "verified");
    assert.deepEqual(await engine.start({ address: CAROL }), { ok: true, value: { chat: CAROL } });
  });
});

describe("a script that is fetched later", () => {
  it("is fetched once for all who ask, and anew after it could not be had", async () => {
    let asked = 0;
    const script = new LaterScript(async () => {
      asked += 1;
      if (asked === 1) throw new TypeError("offline");
      return "here";
    });
    assert.deepEqual(await Promise.all([script.get(), script.get()]), [undefined, undefined]);
    assert.equal(asked, 1);
    assert.deepEqual(await Promise.all([script.get(), script.get()]), ["here", "here"]);
    assert.equal(await script.get(), "here");
    assert.equal(asked, 2);
  });
});
