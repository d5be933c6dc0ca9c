/** Messages that were sealed and wait, while a device that they were sealed for is taken off its account, or refused. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";
import { ALICE, BOB, CAROL, decides, type Fixture, readersOf, twoBrowsers } from "../testing/fixture.ts";

const ON_ITS_WAY_MS = 50;

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;
let phone: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
  phone = await fixture.browser(BOB, "Chrome on Android");
  await firefox.send({ chat: BOB, text: "hello" });
  await until(async () => (await phone.texts(ALICE)).at(-1) === "hello");
});

afterEach(() => fixture.end());

/** Sealed for everybody, and it cannot leave. */
async function waits(text: string): Promise<void> {
  const object = fixture.object(ALICE);
  object.loseSends = 1_000;
  const before = (await firefox.rows("outbox")).length;
  await firefox.send({ chat: BOB, text });
  await until(async () => (await firefox.rows("outbox")).filter(({ stage }) => stage === "finished").length > 0);
  assert.equal((await firefox.rows("outbox")).length > before, true);
}

async function leaves(): Promise<void> {
  firefox.remote.unplug();
  // What is on its way is as it was.
  await new Promise((resolve) => setTimeout(resolve, ON_ITS_WAY_MS));
  fixture.object(ALICE).loseSends = 0;
  firefox.remote.plug();
}

const knowsDevices = (count: number) =>
  until(async () =>
    (await firefox.rows("deviceLists")).some(({ jid, devices }) => jid === BOB && devices.length === count),
  );
/** Bob's list holds none of these any more, but a device whose keys nobody has. */
async function hasOther(...gone: readonly TestBrowser[]): Promise<void> {
  for (const by of gone) await by.engine.stop();
  const devices = [4242 as DeviceId];
  fixture.object(BOB).devices = devices;
  fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices });
}
const isAccepted = () => until(async () => (await firefox.rows("outbox")).some(({ stage }) => stage === "accepted"));
const sealedFor = async () => readersOf(fixture.lastText(ALICE, BOB));
const all = (...browsers: readonly TestBrowser[]) => browsers.map(({ device }) => device).toSorted((a, b) => a - b);
const isReader = ({ device }: TestBrowser, readers: OutboxRow["readers"]) =>
  readers?.some((reader) => reader.device === device) === true;
const arrived = (text: string) => until(async () => (await bob.texts(ALICE)).at(-1) === text);

describe("a message that was sealed before", () => {
  it("S4: leaves without the key of an own browser that was signed out meanwhile", async () => {
    const stolen = await fixture.browser(ALICE, "Safari on iPhone");
    await waits("not for the thief");
    const expected = all(chrome, bob, phone);
    assert.ok((await chrome.engine.revoke({ browser: stolen.remote.browser })).ok);
    await leaves();
    await arrived("not for the thief");
    assert.deepEqual(await sealedFor(), expected);
    await chrome.waitForTexts(BOB, ["hello", "not for the thief"]);
    await firefox.waitForTexts(BOB, ["hello", "not for the thief"]);
  });

  for (const closed of [false, true]) {
    it(`S3: leaves without the key of a device that its owner took off their list${closed ? ", while this browser was closed" : ""}`, async () => {
      await waits("not for the lost phone");
      const { device } = phone;
      const expected = all(chrome, bob);
      await phone.engine.stop();
      if (closed) await firefox.die();
      fixture.object(BOB).unlist(device);
      if (closed) await firefox.engine.attach({ visible: true });
      else await knowsDevices(1);
      await leaves();
      await arrived("not for the lost phone");
      assert.deepEqual(await sealedFor(), expected);
      await firefox.waitForTexts(BOB, ["hello", "not for the lost phone"]);
    });
  }

  it("S3: leaves without the key of a device that was refused here meanwhile", async () => {
    await waits("not for the phone");
    await decides(firefox, BOB, phone.device, "distrusted");
    await leaves();
    await arrived("not for the phone");
    assert.deepEqual(await sealedFor(), all(chrome, bob));
  });

  it("S3: leaves without the key of a device that has left its list and come back unseen", async () => {
    await waits("not for who came back");
    firefox.attentive = false;
    await phone.engine.stop();
    const tell = (...devices: readonly TestBrowser[]) =>
      fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices: devices.map(({ device }) => device) });
    tell(bob);
    tell(bob, phone);
    await until(async () => (await firefox.rows("pins")).some(({ newcomer }) => newcomer === true));
    await knowsDevices(2);
    await leaves();
    await arrived("not for who came back");
    assert.deepEqual(await sealedFor(), all(chrome, bob));
  });

  it("S3: keeps its keys where the whole list is gone: servers lose lists", async () => {
    await waits("still for both");
    for (const by of [bob, phone]) await by.engine.stop();
    fixture.object(BOB).devices = [];
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices: [] });
    await knowsDevices(0);
    await leaves();
    await until(() => fixture.texts(ALICE, BOB).length === 2);
    assert.deepEqual(await sealedFor(), all(chrome, bob, phone));
  });

  it("S3: is sealed anew, and leaves once, where none of those can read it any more", async () => {
    for (const text of ["one", "two"]) await waits(text);
    const [object, old] = [fixture.object(BOB), all(bob, phone)];
    for (const by of [bob, phone]) await by.engine.stop();
    const tablet = fixture.unsigned("Firefox on Android");
    await tablet.signIn(BOB, { allowed: false });
    for (const device of old) object.unlist(device);
    // The object says in its hello that it has not taken them; until then they are told as they were.
    firefox.remote.cut();
    firefox.remote.mend();
    const forTablet = async () => (await firefox.rows("outbox")).filter(({ readers }) => isReader(tablet, readers));
    await until(async () => (await forTablet()).length === 2);
    fixture.object(ALICE).loseSends = 0;
    await until(async () => (await tablet.texts(ALICE)).join().endsWith("one,two"));
    assert.deepEqual(await sealedFor(), all(chrome, tablet));
    await firefox.waitForTexts(BOB, ["hello", "one", "two"]);
    await chrome.waitForTexts(BOB, ["hello", "one", "two"]);
    assert.ok((await firefox.items(BOB)).every(({ state }) => state !== "failed"));
    const clients = fixture.texts(ALICE, BOB).map(({ client }) => client);
    assert.equal(new Set(clients).size, 3);
  });

  it("S3: is told as it was where the object says that it has taken it", async () => {
    const object = fixture.object(ALICE);
    object.loseReplies = 1_000;
    // Its entry does not come: nothing but the number in the hello says so.
    object.distort = (entry, to) => (to === firefox.remote.browser ? undefined : entry);
    firefox.remote.cut();
    await firefox.send({ chat: BOB, text: "taken" });
    await until(() => fixture.texts(ALICE, BOB).length >= 2);
    await arrived("taken");
    await hasOther(bob, phone);
    firefox.remote.mend();
    await knowsDevices(1);
    object.loseReplies = 0;
    await isAccepted();
    await firefox.waitForTexts(BOB, ["hello", "taken"]);
    await chrome.waitForTexts(BOB, ["hello", "taken"]);
    assert.deepEqual(firefox.engine.snapshot().notices, []);
  });

  it("S3: is told as it was while the object may have taken it, and has not said hello since", async () => {
    fixture.object(ALICE).loseReplies = 1_000;
    firefox.remote.cut();
    await firefox.send({ chat: BOB, text: "taken" });
    await until(() => fixture.texts(ALICE, BOB).length >= 2);
    for (const { device } of [bob, phone]) await decides(firefox, BOB, device, "distrusted");
    fixture.object(ALICE).loseReplies = 0;
    await isAccepted();
    await arrived("taken");
  });

  it("S3: waits three seconds for a list that nobody tells, and holds up nothing else", async () => {
    const carol = await fixture.browser(CAROL);
    await waits("to bob");
    await firefox.die();
    const { call } = firefox.remote;
    firefox.remote.call = (name, args) => {
      const silent = name === "devices" && (args as { jid?: string }).jid === BOB;
      return silent ? new Promise(() => undefined) : call(name, args);
    };
    fixture.object(ALICE).loseSends = 0;
    await firefox.engine.attach({ visible: true });
    await arrived("to bob");
    await firefox.send({ chat: CAROL, text: "to carol" });
    await carol.waitForTexts(ALICE, ["to carol"]);
  });
});
