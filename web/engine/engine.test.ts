import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, DeviceId, SendArguments } from "../../worker/contract.ts";
import type { ChatSummary } from "./protocol/conversations.ts";
import { ScriptedNetwork } from "./testing/scripted-network.ts";
import { TestBrowser, until } from "./testing/browser.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;

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

  it("T42 the first browser is told of a new one within a second, and nothing is encrypted to it before it is allowed", async () => {
    const third = browser("Safari on macOS");
    const began = Date.now();
    await third.signIn(ALICE, { allowed: false });
    const notice = await firefox.newDevice(third.device);
    assert.ok(Date.now() - began < 2_000, "sign-in and alarm");
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
    for (const address of ["alice", "alice@", "@a.example", "alice@a.example/phone", "al ice@a.example"]) {
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

describe("the outbox", () => {
  it("sends the same bytes again when the answer was lost", async () => {
    // Over the socket the entry itself would tell that it arrived.
    firefox.remote.cut();
    network.object(ALICE).loseReplies = 1;
    await firefox.send({ chat: BOB, text: "once" });
    const toBob = () => network.object(ALICE).sends.filter(({ chat }) => chat === BOB);
    await until(() => toBob().length === 2);
    const [first, second] = toBob();
    assert.deepEqual(second, first);
    await bob.waitForTexts(ALICE, ["once"]);
    await chrome.waitForTexts(BOB, ["once"]);
  });

  it("survives a crash between storing and sending, without encrypting again", async () => {
    await firefox.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, ["hello"]);
    const object = network.object(ALICE);
    object.loseSends = 1_000;
    await firefox.send({ chat: BOB, text: "last words" });
    await until(() => object.loseSends < 1_000);
    const before = await finishedBytes(firefox);
    await firefox.crash();
    assert.deepEqual(await firefox.texts(BOB), ["hello", "last words"]);
    object.loseSends = 0;
    firefox.remote.cut();
    firefox.remote.mend();
    await bob.waitForTexts(ALICE, ["hello", "last words"]);
    assert.deepEqual(object.sends.at(-1)?.content, before);
    await chrome.waitForTexts(BOB, ["hello", "last words"]);
  });

  it("keeps the order of what was written while the object was away", async () => {
    const object = network.object(ALICE);
    object.loseSends = 1;
    for (const text of ["one", "two", "three"]) await firefox.send({ chat: BOB, text });
    await bob.waitForTexts(ALICE, ["one", "two", "three"]);
    await firefox.waitForTexts(BOB, ["one", "two", "three"]);
  });

  it("holds a text for a contact whose devices cannot be asked for, and sends the others", async () => {
    await firefox.send({ chat: BOB, text: "first" });
    await bob.waitForTexts(ALICE, ["first"]);
    const carol = browser("Chrome on Android");
    await carol.signIn(CAROL);
    network.object(ALICE).linked = false;
    await firefox.send({ chat: CAROL, text: "waits" });
    await firefox.send({ chat: BOB, text: "goes" });
    await chrome.waitForTexts(BOB, ["first", "goes"]);
    assert.equal((await firefox.items(CAROL))[0]?.state, "waiting");
    network.object(ALICE).linked = true;
    network.object(ALICE).tell({
      type: "state",
      state: { link: { state: "live", caughtUp: true }, pep: "ok", stayOnline: false },
    });
    await carol.waitForTexts(ALICE, ["waits"]);
  });

  it("never writes in clear by itself; after a confirmation, and only until there is a device", async () => {
    const toCarol = () => network.object(ALICE).sends.filter(({ chat }) => chat === CAROL);
    await firefox.send({ chat: CAROL, text: "secret" });
    await until(async () => (await firefox.items(CAROL))[0]?.state === "failed");
    assert.deepEqual((await firefox.items(CAROL))[0]?.failure, { kind: "encryption-unavailable" });
    assert.equal(summaryOf(firefox, CAROL)?.encryption, "unavailable");
    assert.deepEqual(toCarol(), []);
    await firefox.engine.expose({ chat: CAROL });
    assert.equal(summaryOf(firefox, CAROL)?.encryption, "exposed");
    await firefox.engine.retry({ key: (await firefox.items(CAROL))[0]?.key ?? "" });
    await until(() => toCarol().length === 1);
    assert.deepEqual(toCarol()[0]?.content, { kind: "clear", text: "secret", exposed: true });
    const carol = browser("Chrome on Android");
    await carol.signIn(CAROL);
    await until(() => summaryOf(firefox, CAROL)?.encryption === "ready");
    await firefox.send({ chat: CAROL, text: "encrypted again" });
    await carol.waitForTexts(ALICE, ["secret", "encrypted again"]);
    assert.equal(toCarol().at(-1)?.content.kind, "omemo");
  });

  it("an encrypted conversation stays encrypted when the device list is emptied", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    const sends = network.object(ALICE).sends.length;
    network.object(BOB).devices = [];
    network.object(ALICE).tell({ type: "devices", jid: BOB, devices: [] });
    await until(() => summaryOf(firefox, BOB)?.encryption === "unavailable");
    await firefox.send({ chat: BOB, text: "two" });
    await until(async () => (await firefox.items(BOB))[1]?.state === "failed");
    assert.equal(network.object(ALICE).sends.length, sends);
  });
});

describe("the log", () => {
  it("another epoch is read from its start: nothing twice, no text lost", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    await bob.send({ chat: ALICE, text: "two" });
    await chrome.waitForTexts(BOB, ["one", "two"]);
    await firefox.waitForTexts(BOB, ["one", "two"]);
    for (const each of [firefox, chrome]) each.remote.cut();
    network.object(ALICE).startEpoch("epoch-2");
    for (const each of [firefox, chrome]) each.remote.mend();
    await bob.send({ chat: ALICE, text: "three" });
    for (const each of [firefox, chrome]) await each.waitForTexts(BOB, ["one", "two", "three"]);
  });

  it("a restored storage that has grown past the cursor is noticed: nothing twice, no text lost, nothing left out", async () => {
    for (const text of ["one", "two", "three"]) await bob.send({ chat: ALICE, text });
    for (const each of [firefox, chrome]) await each.waitForTexts(BOB, ["one", "two", "three"]);
    const object = network.object(ALICE);
    for (const each of [firefox, chrome]) each.remote.cut();
    const { epoch } = object;
    const before = object.log.length;
    // The archive of the server still had one of the two; more came before anybody looked.
    const [, three] = object.restore(2).filter((entry) => entry.kind === "message");
    assert.ok(three?.kind === "message" && three.content.kind === "omemo");
    object.deliver({ chat: BOB, sender: BOB, content: three.content });
    for (const text of ["four", "five", "six"]) await bob.send({ chat: ALICE, text });
    await until(() => object.log.length > before);
    for (const each of [firefox, chrome]) each.remote.mend();
    for (const each of [firefox, chrome]) {
      await until(async () => (await each.texts(BOB)).at(-1) === "six");
      const texts = await each.texts(BOB);
      assert.deepEqual(texts.toSorted(), ["five", "four", "one", "six", "three", "two"]);
    }
    assert.notEqual(object.epoch, epoch);
  });

  it("a page that comes twice is shown once, and what is committed is acknowledged", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    const object = network.object(ALICE);
    object.tell({ type: "entries", entries: object.log, head: object.log.length as never });
    firefox.remote.cut();
    firefox.remote.mend();
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    await until(() => [...object.acknowledged.values()].includes(object.log.length));
  });

  it("a changed ciphertext shows a reason, never its fallback, and stops nothing", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    const sealed = network.object(BOB).sends[0]?.content;
    assert.equal(sealed?.kind, "omemo");
    if (sealed?.kind !== "omemo") return;
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    const forged = { ...sealed.omemo, payload: btoa("something else") };
    network.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo: forged } });
    network.object(ALICE).deliver({
      chat: BOB,
      sender: BOB,
      content: {
        kind: "omemo",
        omemo: { ...forged, iv: "AAAA", keys: [{ ...forged.keys[0], data: "MwohBQ==" } as never] },
      },
    });
    await bob.send({ chat: ALICE, text: "three" });
    await until(async () => (await firefox.texts(BOB)).at(-1) === "three");
    assert.equal((await firefox.texts(BOB)).includes("something else"), false);
  });

  it("an entry that nobody understands keeps its place and stops nothing", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    const object = network.object(ALICE);
    for (const each of [firefox, chrome]) each.remote.cut();
    object.deliver({ chat: BOB, sender: BOB, content: { kind: "from the future" } as never });
    await bob.send({ chat: ALICE, text: "two" });
    for (const each of [firefox, chrome]) each.remote.mend();
    for (const each of [firefox, chrome]) await each.waitForTexts(BOB, ["one", "<malformed>", "two"]);
    await until(() => [...object.acknowledged.values()].every((seq) => seq === object.log.length));
  });

  it("a device added while a browser was away is written to as soon as it is back", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    firefox.remote.cut();
    const phone = browser("Chrome on Android");
    await phone.signIn(BOB);
    firefox.remote.mend();
    await until(() => network.object(ALICE).attached.size === 2);
    await firefox.send({ chat: BOB, text: "two" });
    await phone.waitForTexts(ALICE, ["two"]);
  });

  it("a device that shows another identity is not believed", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    const impostor = browser("Impostor");
    await impostor.signIn(CAROL);
    await impostor.send({ chat: ALICE, text: "I am bob" });
    await until(() => network.object(CAROL).sends.length === 1);
    const sent = network.object(CAROL).sends[0]?.content as Extract<SendArguments["content"], { kind: "omemo" }>;
    const device = network.object(BOB).devices[0] as DeviceId;
    network
      .object(ALICE)
      .deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo: { ...sent.omemo, sid: device } } });
    await firefox.waitForTexts(BOB, ["one", "two", "<untrusted>"]);
  });
});

describe("the device", () => {
  it("completes a new session and replaces the pre-key that was used", async () => {
    const before = network.object(BOB).bundles.get(network.object(BOB).devices[0] as DeviceId);
    await bob.send({ chat: ALICE, text: "greeting" });
    await firefox.waitForTexts(BOB, ["greeting"]);
    await firefox.send({ chat: BOB, text: "answer" });
    await bob.waitForTexts(ALICE, ["greeting", "answer"]);
    // Chrome has not answered; as bob is somebody alice writes to, it completes the session by itself.
    await until(() =>
      network.object(ALICE).sends.some(({ content }) => content.kind === "omemo" && !content.omemo.payload),
    );
    await chrome.send({ chat: BOB, text: "chrome" });
    await bob.waitForTexts(ALICE, ["greeting", "answer", "chrome"]);
    await until(() => {
      const object = network.object(ALICE);
      return object.devices.every((device) => object.bundles.get(device)?.preKeys.some(({ id }) => id > 100));
    });
    for (const device of network.object(ALICE).devices) {
      assert.equal(network.object(ALICE).bundles.get(device)?.preKeys.length, 100);
    }
    assert.equal(before?.preKeys.length, 100);
  });

  it("comes back when it falls off the list", async () => {
    const object = network.object(ALICE);
    const { device } = await ownDevice(firefox);
    object.devices = object.devices.filter((listed) => listed !== device);
    object.tell({ type: "devices", jid: ALICE, devices: [...object.devices] });
    await until(() => object.devices.includes(device));
    assert.equal(object.devices.length, 2);
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

/** The content of the last outbox row, straight from the disk. */
async function finishedBytes(of: TestBrowser): Promise<SendArguments["content"] | undefined> {
  of.useDisk();
  const rows = await of.rows("outbox");
  return rows.toSorted((a, b) => a.order - b.order).at(-1)?.content;
}
