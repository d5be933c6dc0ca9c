/** What a browser does for its device and its sessions by itself, and what it does not. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { ScriptedNetwork } from "../testing/scripted-network.ts";
import { TestBrowser, until } from "../testing/browser.ts";
import type { SignedPreKeyRow } from "../store/device-rows.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Longer than everything a browser puts off. */
const QUIET_MS = 1_600;

let network: ScriptedNetwork;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  network = new ScriptedNetwork();
  alice = new TestBrowser(network, "Firefox on Linux");
  bob = new TestBrowser(network, "Chrome on Windows");
  await bob.signIn(BOB);
  await alice.signIn(ALICE);
  await alice.send({ chat: BOB, text: "hello" });
  await bob.waitForTexts(ALICE, ["hello"]);
  await bob.send({ chat: ALICE, text: "hi" });
  await alice.waitForTexts(BOB, ["hello", "hi"]);
});

afterEach(async () => {
  for (const { engine } of [alice, bob]) await engine.stop();
});

const deviceOf = (jid: BareJid) => network.object(jid).devices[0] ?? assert.fail("no device");
const transportsOf = (sends: readonly SendArguments[]) =>
  sends.filter(({ content }) => content.kind === "omemo" && content.omemo.payload === undefined);
const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));

async function losesSessions(who: TestBrowser): Promise<void> {
  await quiet();
  await who.meddle((database) => database.clear("sessions"));
  await until(() => who.engine.snapshot().connection.encryption === "ready");
}

describe("a session that is lost", () => {
  it("is rebuilt, and what follows is read on both sides", async () => {
    await losesSessions(bob);
    const before = transportsOf(network.object(BOB).sends).length;
    await alice.send({ chat: BOB, text: "unreadable" });
    await bob.waitForTexts(ALICE, ["hello", "hi", "<no-session>"]);
    await until(() => transportsOf(network.object(BOB).sends).length === before + 1);
    await quiet();
    await alice.send({ chat: BOB, text: "readable" });
    await bob.waitForTexts(ALICE, ["hello", "hi", "<no-session>", "readable"]);
    await bob.send({ chat: ALICE, text: "and back" });
    await until(async () => (await alice.texts(BOB)).at(-1) === "and back");
    assert.equal(transportsOf(network.object(BOB).sends).length, before + 1);
  });

  it("is rebuilt once a day and no more often", async () => {
    const before = transportsOf(network.object(BOB).sends).length;
    for (const text of ["first", "second"]) {
      await losesSessions(bob);
      await alice.send({ chat: BOB, text });
      await until(async () => (await bob.texts(ALICE)).at(-1) === "<no-session>");
      await quiet();
    }
    assert.equal(transportsOf(network.object(BOB).sends).length, before + 1);
  });
});

describe("a session that is lost, and no reason to make one,", () => {
  it("is not rebuilt with somebody whose identity is another one", async () => {
    await losesSessions(bob);
    const mallory = new TestBrowser(network, "Mallory");
    await mallory.signIn("mallory@m.example" as BareJid);
    const theirs = network.object("mallory@m.example" as BareJid);
    const bundle = [...theirs.bundles.values()][0] ?? assert.fail("no bundle");
    network.object(ALICE).bundles.set(deviceOf(ALICE), bundle);
    const before = network.object(BOB).sends.length;
    await alice.send({ chat: BOB, text: "unreadable" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "<no-session>");
    await quiet();
    assert.equal(network.object(BOB).sends.length, before);
    assert.deepEqual(await bob.rows("sessions"), []);
    const reset = await bob.engine.resetSession({ jid: ALICE, device: deviceOf(ALICE) });
    assert.deepEqual(reset, { ok: false, error: { kind: "encryption-unavailable" } });
    await mallory.engine.stop();
  });

  it("is not rebuilt with a device that is no longer listed", async () => {
    await losesSessions(bob);
    const device = deviceOf(ALICE);
    await alice.send({ chat: BOB, text: "one" });
    network.object(ALICE).devices = [];
    network.object(BOB).tell({ type: "devices", jid: ALICE, devices: [] });
    const before = network.object(BOB).sends.length;
    await quiet();
    const reset = await bob.engine.resetSession({ jid: ALICE, device });
    assert.deepEqual(reset, { ok: false, error: { kind: "encryption-unavailable" } });
    assert.equal(network.object(BOB).sends.length, before);
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
    const published = () => network.object(BOB).bundles.get(deviceOf(BOB))?.signedPreKey.id;
    await quiet();
    const old = network.object(BOB).bundles.get(deviceOf(BOB)) ?? assert.fail("no bundle");
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
      ["dave", network.object(BOB).bundles.get(deviceOf(BOB)) ?? assert.fail("no bundle")],
    ] as const) {
      network.object(BOB).bundles.set(deviceOf(BOB), bundle);
      const writer = new TestBrowser(network, name);
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
    network.object(ALICE).caughtUp = false;
    await alice.crash();
    const carol = new TestBrowser(network, "Firefox on Windows");
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
    network.object(ALICE).caughtUp = false;
    const before = network.object(ALICE).bundles.get(deviceOf(ALICE))?.signedPreKey.id;
    await alice.meddle(async (database) => {
      const rows = (await database.getAll("signedPreKeys")) as SignedPreKeyRow[];
      for (const row of rows) await database.put("signedPreKeys", { ...row, createdAt: Date.now() - 36 * DAY_MS });
    });
    await until(() => network.object(ALICE).bundles.get(deviceOf(ALICE))?.signedPreKey.id !== before);
  });
});
