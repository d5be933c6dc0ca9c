/** Failures of Movim (0.33) about reading, and about what a browser keeps: each is named, and what happens here instead. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { MessageContent } from "../../../worker/contract/entries.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { ScriptedRoom } from "../testing/scripted-room.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, shownDevice, summaryOf, twoPeople } from "../testing/fixture.ts";
import type { SignedPreKeyRow } from "../store/device-rows.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});

afterEach(() => fixture.end());

/** What bob has written, and nobody was given. */
async function onlyWritten(text: string): Promise<MessageContent> {
  return { kind: "omemo", omemo: await fixture.withheld(bob, ALICE, text) };
}

describe("what a browser keeps", () => {
  it("Movim 10, JSXC: private keys lie as bytes where every script reads them, and stay there after signing out", async () => {
    await fixture.acquaint(alice, bob);
    const stores = ["identity", "preKeys", "signedPreKeys", "sessions"] as const;
    const rows = await Promise.all(stores.map((store) => alice.rows(store)));
    const secrets = rows.flatMap(secretsIn);
    assert.ok(secrets.length > 100, "identity, pre-keys, signed pre-key, the key of a ratchet");
    for (const secret of secrets) {
      assert.ok(secret instanceof CryptoKey);
      assert.equal(secret.extractable, false);
    }
    alice.useDisk();
    await alice.engine.signOut({ erase: true });
    assert.deepEqual(await alice.databases(), ["alcove"]);
  });

  it("Movim 26: what is asked before the database is open fails", async () => {
    await fixture.acquaint(alice, bob);
    await alice.die();
    const answers = await Promise.all([
      alice.send({ chat: BOB, text: "before anything is open" }),
      alice.engine.timeline({ chat: BOB }),
    ]);
    assert.equal(answers[0].ok, true);
    assert.ok(answers[1].items.length >= 2);
    await until(async () => (await bob.texts(ALICE)).at(-1) === "before anything is open");
  });
});

/** Whatever is kept under the name of a private half. */
function secretsIn(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null || value instanceof CryptoKey || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    ["privateKey", "privKey", "signing", "agreement", "seed"].includes(name) ? [inner] : secretsIn(inner),
  );
}

describe("a message", () => {
  it("Movim 13, JSXC: that was encrypted while nobody was there, and comes from the archive, is never read", async () => {
    alice.remote.cut();
    const content = await onlyWritten("while you were away");
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content, archive: { by: ALICE, id: "28482" } });
    alice.remote.mend();
    await alice.waitForTexts(BOB, ["while you were away"]);
    await until(() => summaryOf(alice, BOB)?.unread === 1);
  });

  it("Movim 15: that comes again under another id is decrypted again, fails, and its text is lost", async () => {
    const content = await onlyWritten("once");
    const message = { chat: BOB, sender: BOB, content } as const;
    fixture.object(ALICE).deliver({ ...message, archive: { by: ALICE, id: "1" } });
    await alice.waitForTexts(BOB, ["once"]);
    fixture.object(ALICE).deliver({ ...message, archive: { by: ALICE, id: "2" } });
    alice.remote.cut();
    fixture.object(ALICE).startEpoch("another log");
    alice.remote.mend();
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "clear", text: "end" } });
    await alice.waitForTexts(BOB, ["once", "end"]);
  });

  it("Movim 16: of our own that comes back to a tab that did not write it is marked as unreadable", async () => {
    await fixture.acquaint(alice, bob);
    // Neither the answer nor the entry itself has told the tab that it was accepted.
    alice.remote.cut();
    fixture.object(ALICE).loseReplies = 1;
    await alice.send({ chat: BOB, text: "last words" });
    await until(() => fixture.object(ALICE).loseReplies === 0);
    await alice.crash();
    await until(async () => (await alice.items(BOB)).at(-1)?.state === "sent");
    assert.equal((await alice.texts(BOB)).at(-1), "last words");
  });

  it("Movim 23: that failed once has failed for ever, though what was missing comes later", async () => {
    await fixture.acquaint(alice, bob);
    const carol = await fixture.browser(CAROL);
    fixture.forge(await fixture.withheld(carol, ALICE, "I have a new key"), BOB, bob.device, ALICE);
    await alice.waitForTexts(BOB, ["hello", "hello too", "<untrusted>"]);
    const { changedTo = "" } = await shownDevice(alice, BOB, bob.device);
    assert.ok(
      (await alice.engine.decide({ jid: BOB, device: bob.device, fingerprint: changedTo, trust: "verified" })).ok,
    );
    await alice.waitForTexts(BOB, ["hello", "hello too", "I have a new key"]);
  });

  it("Movim 24: of somebody who has left the room is unreadable for ever", async () => {
    const room = new ScriptedRoom(fixture.network, "ridge@conference.a.example" as BareJid);
    for (const jid of [ALICE, BOB]) room.members.set(jid, "member");
    for (const who of [alice, bob]) await who.engine.room({ address: room.jid, action: "join" });
    await until(() => summaryOf(alice, room.jid)?.room?.people === 2);
    await alice.engine.members({ room: room.jid });
    room.anonymous = true;
    await bob.send({ chat: room.jid, text: "said, and gone" });
    await alice.waitForTexts(room.jid, ["said, and gone"]);
    assert.equal((await alice.items(room.jid))[0]?.author?.jid, BOB);
  });

  it("Movim 25: that is read makes its sender's server give out bundles", async () => {
    await fixture.browser(ALICE, "Firefox");
    // Of a device that was never met it does, once (S6).
    await bob.send({ chat: ALICE, text: "hello" });
    await alice.waitForTexts(BOB, ["hello"]);
    const asked: string[] = [];
    const { call } = alice.remote;
    alice.remote.call = (name, args) => {
      asked.push(`${name} ${JSON.stringify(args)}`);
      return call(name, args);
    };
    await bob.send({ chat: ALICE, text: "for two browsers" });
    await alice.waitForTexts(BOB, ["hello", "for two browsers"]);
    await until(
      () => asked.some((question) => question.startsWith("reading")),
      () => asked.join(),
    );
    assert.deepEqual(
      asked.filter((question) => question.includes(BOB)),
      [],
    );
  });
});

describe("the keys of a device", () => {
  it("Movim 17: are all replaced under the same numbers when one was used, so that others' copies open nothing", async () => {
    const before = fixture.object(ALICE).bundles.get(alice.device) ?? assert.fail("no bundle");
    await fixture.acquaint(bob, alice);
    await until(
      () =>
        fixture
          .object(ALICE)
          .bundles.get(alice.device)
          ?.preKeys.some(({ id }) => id > 100) === true,
    );
    const now = fixture.object(ALICE).bundles.get(alice.device) ?? assert.fail("no bundle");
    const still = before.preKeys.filter(({ id, key }) => now.preKeys.some((one) => one.id === id && one.key === key));
    assert.equal(still.length, 99);
    const carol = await fixture.browser(CAROL);
    fixture.object(ALICE).bundles.set(alice.device, { ...before, preKeys: still });
    await carol.send({ chat: ALICE, text: "by an old copy" });
    await alice.waitForTexts(CAROL, ["by an old copy"]);
  });

  it("Movim 19: cannot be published again once a pre-key was used", async () => {
    await fixture.acquaint(bob, alice);
    await until(
      () =>
        fixture
          .object(ALICE)
          .bundles.get(alice.device)
          ?.preKeys.some(({ id }) => id > 100) === true,
    );
    const { device } = alice;
    fixture.object(ALICE).unlist(device);
    await until(() => fixture.object(ALICE).devices.includes(device));
    assert.equal(fixture.object(ALICE).bundles.get(device)?.preKeys.length, 100);
  });

  it("Movim 21, Converse: are signed once and for ever", async () => {
    const signedOf = () => fixture.object(ALICE).bundles.get(alice.device)?.signedPreKey.id;
    assert.equal(signedOf(), 1);
    await alice.meddle(async (database) => {
      for (const row of (await database.getAll("signedPreKeys")) as SignedPreKeyRow[])
        await database.put("signedPreKeys", { ...row, createdAt: 0 });
    });
    await until(() => signedOf() === 2);
  });
});

describe("a session", () => {
  it("Movim 22, Converse: that is broken stays broken", async () => {
    await fixture.acquaint(alice, bob);
    await alice.meddle((database) => database.clear("sessions"));
    await bob.send({ chat: ALICE, text: "unreadable" });
    await until(async () => (await alice.texts(BOB)).at(-1) === "<no-session>");
    await until(() =>
      fixture.sent(ALICE, BOB).some(({ content }) => content.kind === "omemo" && !content.omemo.payload),
    );
    await until(async () => (await bob.rows("outbox")).length === 0);
    await bob.send({ chat: ALICE, text: "readable" });
    await until(async () => (await alice.texts(BOB)).at(-1) === "readable");
  });

  it("Movim 22: that is new is answered by nobody, and an empty answer makes the program stumble", async () => {
    const entry = { kind: "contact", jid: ALICE, subscription: "both", asked: false, request: false } as const;
    fixture.object(BOB).append(entry);
    await alice.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, ["hello"]);
    await until(() => fixture.sent(BOB, ALICE).length === 1);
    const [answer] = fixture.sent(BOB, ALICE);
    assert.equal(answer?.content.kind === "omemo" && answer.content.omemo.payload, undefined);
    await until(async () =>
      (await alice.rows("meta")).some((row) => row.name === "cursor" && row.seq === headOf(ALICE)),
    );
    assert.deepEqual(await alice.texts(BOB), ["hello"]);
    await alice.send({ chat: BOB, text: "go on" });
    await bob.waitForTexts(ALICE, ["hello", "go on"]);
    assert.equal(fixture.lastText(ALICE, BOB).keys[0]?.prekey, false, "the answer has completed the session");
  });
});

const headOf = (jid: BareJid) => fixture.object(jid).log.length;
