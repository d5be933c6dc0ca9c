/** The device of a browser on the account: its sessions, its keys, its place on the list. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoBrowsers } from "../testing/fixture.ts";
import type { PreKeyRow } from "../store/device-rows.ts";

const HOUR_MS = 60 * 60 * 1_000;

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
});

afterEach(() => fixture.end());

describe("the device", () => {
  it("completes a new session and replaces the pre-key that was used", async () => {
    const before = fixture.object(BOB).bundles.get(fixture.object(BOB).devices[0] as DeviceId);
    await bob.send({ chat: ALICE, text: "greeting" });
    await firefox.waitForTexts(BOB, ["greeting"]);
    await firefox.send({ chat: BOB, text: "answer" });
    await bob.waitForTexts(ALICE, ["greeting", "answer"]);
    // Chrome has not answered; as bob is somebody alice writes to, it completes the session by itself.
    await until(() =>
      fixture.object(ALICE).sends.some(({ content }) => content.kind === "omemo" && !content.omemo.payload),
    );
    await chrome.send({ chat: BOB, text: "chrome" });
    await bob.waitForTexts(ALICE, ["greeting", "answer", "chrome"]);
    await until(() => {
      const object = fixture.object(ALICE);
      return object.devices.every((device) => object.bundles.get(device)?.preKeys.some(({ id }) => id > 100));
    });
    for (const device of fixture.object(ALICE).devices) {
      assert.equal(fixture.object(ALICE).bundles.get(device)?.preKeys.length, 100);
    }
    assert.equal(before?.preKeys.length, 100);
  });

  it("reads both who drew one pre-key from one bundle, though it has been replaced when the second comes", async () => {
    const { bundles } = fixture.object(ALICE);
    const first = bundles.get(firefox.device) ?? assert.fail("no bundle");
    // Everybody draws by themselves: from a bundle with one pre-key they draw the same.
    const drawn = first.preKeys.at(-1) ?? assert.fail("no pre-key");
    bundles.set(firefox.device, { ...first, preKeys: [drawn] });
    const carol = await fixture.browser(CAROL);
    const late = await fixture.withheld(carol, ALICE, "from carol");
    await bob.send({ chat: ALICE, text: "from bob" });
    await firefox.waitForTexts(BOB, ["from bob"]);
    await until(() => bundles.get(firefox.device)?.preKeys.some(({ id }) => id > drawn.id) === true);
    assert.equal(
      bundles.get(firefox.device)?.preKeys.some(({ id }) => id === drawn.id),
      false,
    );
    fixture.object(ALICE).deliver({ chat: CAROL, sender: CAROL, content: { kind: "omemo", omemo: late } });
    await firefox.waitForTexts(CAROL, ["from carol"]);
  });

  it("forgets a pre-key some time after nobody can draw it any more", async () => {
    const rows = () => firefox.rows("preKeys");
    await bob.send({ chat: ALICE, text: "greeting" });
    await firefox.waitForTexts(BOB, ["greeting"]);
    const withdrawn = async () => (await rows()).flatMap((row) => (row.withdrawn === undefined ? [] : [row.id]));
    await until(async () => (await withdrawn()).length > 0);
    const ids = await withdrawn();
    await firefox.meddle(async (database) => {
      for (const row of (await database.getAll("preKeys")) as PreKeyRow[]) {
        if (row.withdrawn !== undefined) await database.put("preKeys", { ...row, withdrawn: row.withdrawn - HOUR_MS });
      }
    });
    await until(async () => !(await rows()).some(({ id }) => ids.includes(id)));
  });

  it("comes back at once when it could not be published for a while: what was lost is no publication", async () => {
    const object = fixture.object(ALICE);
    const { device, remote } = firefox;
    const others = object.devices.filter((listed) => listed !== device);
    const fallsOff = () => {
      object.devices = others;
      object.tell({ type: "devices", jid: ALICE, devices: [...others] });
    };
    const { call } = remote;
    let lost = 0;
    remote.call = async (name, args) => {
      if (name !== "publish") return call(name, args);
      lost += 1;
      return { ok: false, error: { kind: "offline" } };
    };
    for (let round = 1; round <= 4; round += 1) {
      fallsOff();
      await until(() => lost >= round);
    }
    remote.call = call;
    fallsOff();
    await until(() => object.devices.includes(device));
  });

  it("comes back when it falls off the list", async () => {
    const object = fixture.object(ALICE);
    const { device } = await ownDevice(firefox);
    object.devices = object.devices.filter((listed) => listed !== device);
    object.tell({ type: "devices", jid: ALICE, devices: [...object.devices] });
    await until(() => object.devices.includes(device));
    assert.equal(object.devices.length, 2);
  });
});

async function ownDevice(of: TestBrowser) {
  const own = (await of.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
  assert.ok(own?.device);
  return { ...own, device: own.device };
}
