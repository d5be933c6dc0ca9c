import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../worker/contract/calls.ts";
import type { BareJid, DeviceId } from "../../worker/contract/names.ts";
import type { ChatSummary } from "./protocol/conversations.ts";
import { ScriptedNetwork } from "./testing/scripted-network.ts";
import { TestBrowser, until } from "./testing/browser.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;

/** Longer than any test waits. */
const FOR_EVER_MS = 3_600_000;

let network: ScriptedNetwork;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;
let opened: TestBrowser[];

function browser(name: string): TestBrowser {
  const made = new TestBrowser(network, name);
  opened.push(made);
  return made;
}

beforeEach(async () => {
  network = new ScriptedNetwork();
  opened = [];
  firefox = browser("Firefox on Linux");
  chrome = browser("Chrome on Linux");
  bob = browser("Chrome on Windows");
  await bob.signIn(BOB);
  await firefox.signIn(ALICE);
  await chrome.signIn(ALICE);
});

afterEach(async () => {
  for (const { engine } of opened) await engine.stop();
});

describe("two browsers of alice and one of bob", () => {
  it("what one browser sends is read by the other and by the contact", async () => {
    await firefox.send({ chat: BOB, text: "hello bob" });
    await chrome.waitForTexts(BOB, ["hello bob"]);
    await bob.waitForTexts(ALICE, ["hello bob"]);
    await bob.send({ chat: ALICE, text: "hello alice" });
    await firefox.waitForTexts(BOB, ["hello bob", "hello alice"]);
    await chrome.waitForTexts(BOB, ["hello bob", "hello alice"]);
    await chrome.send({ chat: BOB, text: "from chrome" });
    await bob.waitForTexts(ALICE, ["hello bob", "hello alice", "from chrome"]);
    await firefox.waitForTexts(BOB, ["hello bob", "hello alice", "from chrome"]);
    await until(async () => (await firefox.items(BOB))[0]?.state === "sent");
    assert.equal((await firefox.items(BOB))[0]?.encrypted, true);
    const stored = JSON.stringify(network.object(BOB).log) + JSON.stringify(network.object(ALICE).log);
    assert.equal(/hello|from chrome/.test(stored), false);
  });

  it("both write at the same moment, both read everything afterwards", async () => {
    await Promise.all([
      firefox.send({ chat: BOB, text: "a1" }),
      bob.send({ chat: ALICE, text: "b1" }),
      chrome.send({ chat: BOB, text: "c1" }),
    ]);
    for (const [who, chat] of [
      [firefox, BOB],
      [chrome, BOB],
      [bob, ALICE],
    ] as const) {
      await until(
        async () => (await who.texts(chat)).toSorted().join() === "a1,b1,c1",
        async () => String(await who.texts(chat)),
      );
    }
    for (let round = 2; round < 8; round++) {
      await Promise.all([firefox.send({ chat: BOB, text: `a${round}` }), bob.send({ chat: ALICE, text: `b${round}` })]);
    }
    for (const [who, chat] of [
      [firefox, BOB],
      [chrome, BOB],
      [bob, ALICE],
    ] as const) {
      await until(async () => (await who.texts(chat)).length === 15);
      assert.equal(
        (await who.texts(chat)).some((text) => text.startsWith("<")),
        false,
      );
    }
  });

  it("T42 the first browser is told of a new one within a second, and nothing is encrypted to it before it is allowed", async ({
    mock,
  }) => {
    const third = browser("Safari on macOS");
    // How fast this machine is says nothing: what would be put off by a second is put off for ever.
    const { setTimeout: real } = globalThis;
    const putOff = mock.method(globalThis, "setTimeout", (job: () => void, ms = 0) =>
      ms < 1_000 ? real(job, ms) : real(job, FOR_EVER_MS).unref(),
    );
    await third.signIn(ALICE, { allowed: false });
    const notice = await firefox.newDevice(third.device);
    putOff.mock.restore();
    const own = (await third.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
    assert.deepEqual([notice.name, notice.fingerprint], ["Safari on macOS", own?.fingerprint]);
    await firefox.send({ chat: BOB, text: "not for the new one" });
    await chrome.waitForTexts(BOB, ["not for the new one"]);
    const [unread] = (await firefox.items(BOB))[0]?.leftOut ?? [];
    assert.deepEqual([unread?.jid, unread?.device, unread?.why], [ALICE, third.device, "undecided"]);
    await third.waitForTexts(BOB, ["<not-allowed>"]);
    const keyed = network
      .object(ALICE)
      .sends.some(
        ({ content }) => content.kind === "omemo" && content.omemo.keys.some(({ rid }) => rid === third.device),
      );
    assert.equal(keyed, false);
    const here = await ownDevice(firefox);
    const awaiting = await awaitedCodes(third);
    assert.equal(
      awaiting.find(({ device }) => device === here.device)?.code,
      notice.code,
      "both screens show one code",
    );

    await third.send({ chat: BOB, text: "from the new one" });
    await firefox.waitForTexts(BOB, ["not for the new one", "from the new one"]);
    assert.equal((await firefox.items(BOB)).at(-1)?.doubt, "undecided");
    await firefox.allow(third.device);
    await until(() => !third.awaiting);
    await until(async () => (await firefox.items(BOB)).at(-1)?.doubt === undefined);
    await firefox.send({ chat: BOB, text: "for all" });
    await until(async () => (await third.texts(BOB)).at(-1) === "for all");
  });

  it("T42 a rogue own device without keys is told of, too", async () => {
    const object = network.object(ALICE);
    object.devices.push(4711 as DeviceId);
    object.tell({ type: "devices", jid: ALICE, devices: [...object.devices] });
    await until(() =>
      firefox.engine.snapshot().notices.some((notice) => notice.kind === "new-device" && notice.device === 4711),
    );
    await firefox.send({ chat: BOB, text: "without it" });
    await bob.waitForTexts(ALICE, ["without it"]);
    assert.deepEqual((await firefox.items(BOB))[0]?.leftOut, [{ jid: ALICE, device: 4711, why: "no-session" }]);
  });

  it("S3: a new device of a known contact gets nothing before somebody has seen it; then what waited leaves", async () => {
    firefox.attentive = false;
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    const phone = browser("Chrome on Android");
    await phone.signIn(BOB);
    // It is announced before anything is written.
    await until(() => summaryOf(firefox, BOB)?.trust?.kind === "new-device");
    const ofPhone = (await phone.engine.devices({ jid: undefined })).devices.find(({ here }) => here)?.fingerprint;
    const devices = [{ jid: BOB, device: phone.device, why: "new-device", fingerprint: ofPhone }] as const;
    assert.deepEqual(summaryOf(firefox, BOB)?.trust?.devices, devices);

    const sends = network.object(ALICE).sends.length;
    await firefox.send({ chat: BOB, text: "two" });
    await firefox.send({ chat: BOB, text: "three" });
    await firefox.crash();
    await bob.send({ chat: ALICE, text: "read meanwhile" });
    await firefox.waitForTexts(BOB, ["one", "read meanwhile", "two", "three"]);
    const states = (await firefox.items(BOB)).slice(-2).map(({ state }) => state);
    assert.deepEqual(states, ["waiting", "waiting"]);
    assert.equal(
      network
        .object(ALICE)
        .sends.slice(sends)
        .filter(({ content }) => content.kind === "clear").length,
      0,
    );
    assert.equal(
      (await phone.texts(ALICE)).some((text) => text === "two"),
      false,
    );
    assert.equal(summaryOf(firefox, BOB)?.trust?.kind, "new-device");

    await firefox.engine.devicesSeen({ devices });
    await until(async () => (await phone.texts(ALICE)).join().endsWith("two,three"));
    assert.equal(summaryOf(firefox, BOB)?.trust, undefined);
  });

  it("S3: who writes from a new device is read at once, and answered once that was seen", async () => {
    firefox.attentive = false;
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    const phone = browser("Chrome on Android");
    await phone.signIn(BOB);
    await phone.send({ chat: ALICE, text: "from my phone" });
    await firefox.waitForTexts(BOB, ["one", "from my phone"]);
    await firefox.send({ chat: BOB, text: "back" });
    await until(() => summaryOf(firefox, BOB)?.trust?.kind === "new-device");
    const item = (await phone.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
    // Comparing its key, and refusing it, are answers, too.
    const { device = phone.device, fingerprint = "" } = item ?? {};
    assert.ok((await firefox.engine.decide({ jid: BOB, device, fingerprint, trust: "distrusted" })).ok);
    await until(async () => (await bob.texts(ALICE)).at(-1) === "back");
    assert.equal((await phone.texts(ALICE)).at(-1) === "back", false);
    assert.equal(summaryOf(firefox, BOB)?.trust?.kind, "excluded");
  });

  it("S3: devices that were there when the first message was written are not new", async () => {
    firefox.attentive = false;
    const phone = browser("Chrome on Android");
    await phone.signIn(BOB);
    await bob.send({ chat: ALICE, text: "hello" });
    await firefox.waitForTexts(BOB, ["hello"]);
    await firefox.send({ chat: BOB, text: "welcome" });
    await until(async () => (await phone.texts(ALICE)).at(-1) === "welcome");
    await phone.send({ chat: ALICE, text: "and from here" });
    await firefox.waitForTexts(BOB, ["hello", "welcome", "and from here"]);
    assert.equal(summaryOf(firefox, BOB)?.trust, undefined);
  });

  it("T35 a changed key stops what is sent until somebody decides, T36 a new device of a verified contact is left out", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    const { device } = bob;
    const fingerprint = (await firefox.engine.devices({ jid: BOB })).devices.find(
      (one) => one.device === device,
    )?.fingerprint;
    assert.ok(fingerprint);
    assert.ok((await firefox.engine.decide({ jid: BOB, device, fingerprint, trust: "verified" })).ok);
    const phone = browser("Chrome on Android");
    await phone.signIn(BOB);
    await firefox.send({ chat: BOB, text: "two" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "two");
    assert.equal((await phone.texts(ALICE)).includes("two"), false);
    await until(() => summaryOf(firefox, BOB)?.trust?.kind === "excluded");
    const ofPhone = (await phone.engine.devices({ jid: undefined })).devices.find(({ here }) => here)?.fingerprint;
    const left = [{ jid: BOB, device: phone.device, why: "undecided", fingerprint: ofPhone }];
    assert.deepEqual(summaryOf(firefox, BOB)?.trust?.devices, left, "it is named");
    const two = (await firefox.items(BOB)).find(({ body }) => body.kind === "text" && body.text === "two");
    assert.deepEqual(two?.leftOut, left, "also in what is kept of the message");
    assert.equal((await firefox.items(BOB))[0]?.leftOut, undefined);

    const impostor = browser("Impostor");
    await impostor.signIn(CAROL);
    await impostor.send({ chat: ALICE, text: "I am bob" });
    await until(() => network.object(CAROL).sends.length === 1);
    const sent = network.object(CAROL).sends[0]?.content as Extract<SendArguments["content"], { kind: "omemo" }>;
    const forged = { kind: "omemo", omemo: { ...sent.omemo, sid: device } } as const;
    network.object(ALICE).deliver({ chat: BOB, sender: BOB, content: forged });
    await until(() => summaryOf(firefox, BOB)?.trust?.kind === "key-changed");
    const before = sendsTo(BOB);
    await firefox.send({ chat: BOB, text: "three" });
    await until(async () => (await firefox.items(BOB)).some(({ state }) => state === "failed"));
    assert.equal((await firefox.items(BOB)).find(({ state }) => state === "failed")?.failure?.kind, "key-changed");
    assert.equal(sendsTo(BOB), before);

    assert.ok((await firefox.engine.decide({ jid: BOB, device, fingerprint, trust: "verified" })).ok);
    await firefox.engine.retry({ key: (await firefox.items(BOB)).find(({ state }) => state === "failed")?.key ?? "" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "three");
  });

  it("messages from before a browser came are one quiet count", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    const third = browser("Safari on macOS");
    await third.signIn(ALICE);
    await until(async () => (await third.engine.timeline({ chat: BOB })).beforeDevice === 2);
    assert.deepEqual(await third.texts(BOB), []);
    assert.equal(summaryOf(third, BOB)?.unread, 0);
    await bob.send({ chat: ALICE, text: "three" });
    await third.waitForTexts(BOB, ["three"]);
  });

  it("what is read in one browser is read in the other", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await bob.send({ chat: ALICE, text: "two" });
    await until(() => summaryOf(firefox, BOB)?.unread === 2 && summaryOf(chrome, BOB)?.unread === 2);
    const [first] = await firefox.items(BOB);
    await firefox.engine.read({ chat: BOB, position: first?.position ?? (0 as never) });
    await until(() => summaryOf(firefox, BOB)?.unread === 1 && summaryOf(chrome, BOB)?.unread === 1);
    await chrome.send({ chat: BOB, text: "answer" });
    await until(() => summaryOf(firefox, BOB)?.unread === 0 && summaryOf(chrome, BOB)?.unread === 0);
    assert.equal(summaryOf(firefox, BOB)?.last?.outgoing, true);
  });

  it("a reload shows everything from the store, without the network", async () => {
    await firefox.send({ chat: BOB, text: "kept" });
    await chrome.waitForTexts(BOB, ["kept"]);
    const { device } = await ownDevice(chrome);
    network.object(ALICE).linked = false;
    await chrome.crash();
    const snapshot = chrome.engine.snapshot();
    assert.deepEqual(snapshot.session, { state: "signed-in", account: ALICE });
    assert.deepEqual(snapshot.chats.find(({ jid }) => jid === BOB)?.last?.body, { kind: "text", text: "kept" });
    assert.deepEqual(await chrome.texts(BOB), ["kept"]);
    assert.equal((await ownDevice(chrome)).device, device);
  });

  it("signs out and in again: history readable, same device; erased: neither", async () => {
    await firefox.send({ chat: BOB, text: "kept" });
    await chrome.waitForTexts(BOB, ["kept"]);
    const { device } = await ownDevice(chrome);
    await chrome.engine.signOut({ erase: false });
    assert.deepEqual(chrome.engine.snapshot().session, { state: "signed-out", account: ALICE, because: "by-choice" });
    assert.deepEqual(chrome.engine.snapshot().chats, []);
    await chrome.signIn(ALICE);
    assert.deepEqual(await chrome.texts(BOB), ["kept"]);
    assert.equal((await ownDevice(chrome)).device, device);
    chrome.useDisk();
    await chrome.engine.signOut({ erase: true });
    await chrome.signIn(ALICE);
    assert.notEqual((await ownDevice(chrome)).device, device);
    await until(async () => (await chrome.engine.timeline({ chat: BOB })).beforeDevice === 1);
  });

  it("an address that cannot be one is not sent anywhere", async () => {
    const fresh = browser("Firefox on Android");
    let asked = 0;
    fresh.remote.signIn = async () => {
      asked += 1;
      return { ok: false, error: { kind: "internal" } };
    };
    fresh.useDisk();
    for (const address of ["alice", "alice@", "@a.example", "al ice@a.example"]) {
      const answer = await fresh.engine.signIn({ address, password: "secret", plain: false });
      assert.deepEqual(answer, { ok: false, error: { kind: "address-invalid" } }, address);
    }
    assert.equal(asked, 0);
  });

  it("somebody else who signs in here sees nothing of the first account", async () => {
    await firefox.send({ chat: BOB, text: "private" });
    await firefox.engine.signOut({ erase: false });
    await firefox.signIn(CAROL);
    assert.deepEqual(firefox.engine.snapshot().chats, []);
    assert.deepEqual(await firefox.texts(BOB), []);
  });
});

const sendsTo = (chat: BareJid) => network.object(ALICE).sends.filter((send) => send.chat === chat).length;

/** The codes of a browser that waits, once all are known. */
async function awaitedCodes(of: TestBrowser) {
  const find = () => of.engine.snapshot().notices.flatMap((notice) => (notice.kind === "awaiting" ? notice.by : []));
  await until(() => find().length > 0 && find().every(({ code }) => code !== undefined));
  return find();
}

function summaryOf(of: TestBrowser, chat: BareJid): ChatSummary | undefined {
  return of.engine.snapshot().chats.find(({ jid }) => jid === chat);
}

async function ownDevice(of: TestBrowser) {
  const own = (await of.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
  assert.ok(own?.device);
  return { ...own, device: own.device };
}
