/** Devices that come, and keys that change: what is told of them, and what is encrypted to them before somebody has seen it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, summaryOf, twoBrowsers } from "../testing/fixture.ts";

/** Longer than any test waits. */
const FOR_EVER_MS = 3_600_000;

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
});

afterEach(() => fixture.end());

describe("a new device or another key", () => {
  it("T42 the first browser is told of a new one within a second, and nothing is encrypted to it before it is allowed", async ({
    mock,
  }) => {
    const third = fixture.unsigned("Safari on macOS");
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
    const keyed = fixture
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
    const object = fixture.object(ALICE);
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
    const phone = fixture.unsigned("Chrome on Android");
    await phone.signIn(BOB);
    // It is announced before anything is written.
    await until(() => summaryOf(firefox, BOB)?.trust?.kind === "new-device");
    const ofPhone = (await phone.engine.devices({ jid: undefined })).devices.find(({ here }) => here)?.fingerprint;
    const devices = [{ jid: BOB, device: phone.device, why: "new-device", fingerprint: ofPhone }] as const;
    assert.deepEqual(summaryOf(firefox, BOB)?.trust?.devices, devices);

    const sends = fixture.object(ALICE).sends.length;
    await firefox.send({ chat: BOB, text: "two" });
    await firefox.send({ chat: BOB, text: "three" });
    await firefox.crash();
    await bob.send({ chat: ALICE, text: "read meanwhile" });
    await firefox.waitForTexts(BOB, ["one", "read meanwhile", "two", "three"]);
    const states = (await firefox.items(BOB)).slice(-2).map(({ state }) => state);
    assert.deepEqual(states, ["waiting", "waiting"]);
    assert.equal(
      fixture
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
    const phone = fixture.unsigned("Chrome on Android");
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
    const phone = fixture.unsigned("Chrome on Android");
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
    const phone = fixture.unsigned("Chrome on Android");
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

    const impostor = fixture.unsigned("Impostor");
    await impostor.signIn(CAROL);
    await impostor.send({ chat: ALICE, text: "I am bob" });
    await until(() => fixture.object(CAROL).sends.length === 1);
    const sent = fixture.object(CAROL).sends[0]?.content as Extract<SendArguments["content"], { kind: "omemo" }>;
    const forged = { kind: "omemo", omemo: { ...sent.omemo, sid: device } } as const;
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: forged });
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
});

/** How many texts left. A key transport has none; the greeting of a new browser may be one, whenever upkeep comes. */
const sendsTo = (chat: BareJid) =>
  fixture
    .object(ALICE)
    .sends.filter(
      ({ chat: to, content }) => to === chat && (content.kind !== "omemo" || content.omemo.payload !== undefined),
    ).length;

/** The codes of a browser that waits, once all are known. */
async function awaitedCodes(of: TestBrowser) {
  const find = () => of.engine.snapshot().notices.flatMap((notice) => (notice.kind === "awaiting" ? notice.by : []));
  await until(() => find().length > 0 && find().every(({ code }) => code !== undefined));
  return find();
}

async function ownDevice(of: TestBrowser) {
  const own = (await of.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
  assert.ok(own?.device);
  return { ...own, device: own.device };
}
