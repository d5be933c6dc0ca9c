/** What a browser does for its device and its sessions by itself, and what it does not. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";
import type { SignedPreKeyRow } from "../store/device-rows.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
  await alice.send({ chat: BOB, text: "hello" });
  await bob.waitForTexts(ALICE, ["hello"]);
  await bob.send({ chat: ALICE, text: "hi" });
  await alice.waitForTexts(BOB, ["hello", "hi"]);
});

afterEach(() => fixture.end());

const deviceOf = (jid: BareJid) => fixture.object(jid).devices[0] ?? assert.fail("no device");
const transportsOf = (sends: readonly SendArguments[]) =>
  sends.filter(({ content }) => content.kind === "omemo" && content.omemo.payload === undefined);

async function losesSessions(who: TestBrowser): Promise<void> {
  await fixture.quiet();
  await who.meddle((database) => database.clear("sessions"));
  await until(() => who.engine.snapshot().connection.encryption === "ready");
}

describe("a session that is lost", () => {
  it("is rebuilt, and what follows is read on both sides", async () => {
    await losesSessions(bob);
    const before = transportsOf(fixture.object(BOB).sends).length;
    await alice.send({ chat: BOB, text: "unreadable" });
    await bob.waitForTexts(ALICE, ["hello", "hi", "<no-session>"]);
    await until(() => transportsOf(fixture.object(BOB).sends).length === before + 1);
    await fixture.quiet();
    await alice.send({ chat: BOB, text: "readable" });
    await bob.waitForTexts(ALICE, ["hello", "hi", "<no-session>", "readable"]);
    await bob.send({ chat: ALICE, text: "and back" });
    await until(async () => (await alice.texts(BOB)).at(-1) === "and back");
    assert.equal(transportsOf(fixture.object(BOB).sends).length, before + 1);
  });

  it("is rebuilt once a day and no more often", async () => {
    const before = transportsOf(fixture.object(BOB).sends).length;
    for (const text of ["first", "second"]) {
      await losesSessions(bob);
      await alice.send({ chat: BOB, text });
      await until(async () => (await bob.texts(ALICE)).at(-1) === "<no-session>");
      await fixture.quiet();
    }
    assert.equal(transportsOf(fixture.object(BOB).sends).length, before + 1);
  });
});

describe("a session that is lost, and no reason to make one,", () => {
  it("is not rebuilt with somebody whose identity is another one", async () => {
    await losesSessions(bob);
    const mallory = fixture.unsigned("Mallory");
    await mallory.signIn("mallory@m.example" as BareJid);
    const theirs = fixture.object("mallory@m.example" as BareJid);
    const bundle = [...theirs.bundles.values()][0] ?? assert.fail("no bundle");
    fixture.object(ALICE).bundles.set(deviceOf(ALICE), bundle);
    const before = fixture.object(BOB).sends.length;
    await alice.send({ chat: BOB, text: "unreadable" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "<no-session>");
    await fixture.quiet();
    assert.equal(fixture.object(BOB).sends.length, before);
    assert.deepEqual(await bob.rows("sessions"), []);
    const reset = await bob.engine.resetSession({ jid: ALICE, device: deviceOf(ALICE) });
    assert.deepEqual(reset, { ok: false, error: { kind: "encryption-unavailable" } });
    await mallory.engine.stop();
  });

  it("is not rebuilt with a device that is no longer listed", async () => {
    await losesSessions(bob);
    const device = deviceOf(ALICE);
    await alice.send({ chat: BOB, text: "one" });
    fixture.object(ALICE).devices = [];
    fixture.object(BOB).tell({ type: "devices", jid: ALICE, devices: [] });
    const before = fixture.object(BOB).sends.length;
    await fixture.quiet();
    const reset = await bob.engine.resetSession({ jid: ALICE, device });
    assert.deepEqual(reset, { ok: false, error: { kind: "encryption-unavailable" } });
    assert.equal(fixture.object(BOB).sends.length, before);
  });
});

describe("a session", () => {
  it("can be rebuilt by a person at any time", async () => {
    const device = deviceOf(ALICE);
    for (let time = 0; time < 3; time++) {
      assert.deepEqual(await bob.engine.resetSession({ jid: ALICE, device }), { ok: true, value: { done: true } });
      await bob.send({ chat: ALICE, text: `b${time}` });
      await until(async () => (await alice.texts(BOB)).at(-1) === `b${time}`);
      await alice.send({ chat: BOB, text: `a${time}` });
      await until(async () => (await bob.texts(ALICE)).at(-1) === `a${time}`);
    }
  });
});

describe("the signed pre-key of a device", () => {
  it("is replaced when it is old, published, and both open what comes in", async () => {
    const published = () => fixture.object(BOB).bundles.get(deviceOf(BOB))?.signedPreKey.id;
    await fixture.quiet();
    const old = fixture.object(BOB).bundles.get(deviceOf(BOB)) ?? assert.fail("no bundle");
    await bob.meddle(async (database) => {
      for (const row of (await database.getAll("signedPreKeys")) as SignedPreKeyRow[]) {
        await database.put("signedPreKeys", { ...row, createdAt: row.createdAt - 29 * DAY_MS });
      }
    });
    await until(() => published() === 2);
    assert.deepEqual(
      (await bob.rows("signedPreKeys")).map(({ id }) => id),
      [1, 2],
    );
    // Somebody who still has the old bundle, and somebody who has the new one.
    for (const [name, bundle] of [
      ["carol", old],
      ["dave", fixture.object(BOB).bundles.get(deviceOf(BOB)) ?? assert.fail("no bundle")],
    ] as const) {
      fixture.object(BOB).bundles.set(deviceOf(BOB), bundle);
      const writer = fixture.unsigned(name);
      const jid = `${name}@c.example` as BareJid;
      await writer.signIn(jid);
      await writer.send({ chat: BOB, text: `hello from ${name}` });
      await bob.waitForTexts(jid, [`hello from ${name}`]);
      await writer.engine.stop();
    }
  });
});

describe("a server that never ends the catch-up", () => {
  const used = async () => (await alice.rows("preKeys")).filter((row) => row.used !== undefined);

  async function neverEnds(): Promise<void> {
    fixture.object(ALICE).caughtUp = false;
    await alice.crash();
    const carol = fixture.unsigned("Firefox on Windows");
    await carol.signIn("carol@c.example" as BareJid);
    await carol.send({ chat: ALICE, text: "first" });
    await until(async () => (await used()).length > 0);
    await carol.engine.stop();
  }

  it("S17: keeps no used pre-key for longer than a day", async () => {
    await neverEnds();
    const before = await used();
    await alice.meddle(async (database) => {
      for (const row of before) await database.put("preKeys", { ...row, used: Date.now() - DAY_MS - 1 });
    });
    await until(async () => (await used()).length === 0);
  });

  it("S17: keeps no signed pre-key for ever: it is replaced a week after its time, and published", async () => {
    fixture.object(ALICE).caughtUp = false;
    const before = fixture.object(ALICE).bundles.get(deviceOf(ALICE))?.signedPreKey.id;
    await alice.meddle(async (database) => {
      const rows = (await database.getAll("signedPreKeys")) as SignedPreKeyRow[];
      for (const row of rows) await database.put("signedPreKeys", { ...row, createdAt: Date.now() - 36 * DAY_MS });
    });
    await until(() => fixture.object(ALICE).bundles.get(deviceOf(ALICE))?.signedPreKey.id !== before);
  });
});
