/** The main story once more with browsers of two makers. */
import assert from "node:assert/strict";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { ALICE, BOB } from "../stack.ts";
import { writeInAllDirections } from "./in-all-directions.ts";
import type { Person } from "./person.ts";
import { scan } from "./scan.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "firefox-and-chromium", endpoint: "starttls", start: startDevWorker });

type Maker = "firefox" | "chromium";
const browsers = new Map<Maker, Promise<Person>>();
/** Alice's browser of that maker, where she signs in when a test needs it first. */
function alicesBrowser(maker: Maker): Promise<Person> {
  const name = maker === "firefox" ? "Firefox" : "Chromium";
  const alice = browsers.get(maker) ?? story.signedIn(ALICE, { called: `alice in ${name}`, browser: maker });
  browsers.set(maker, alice);
  return alice;
}

story.test("alice in Firefox and in Chromium, and bob with another app, write in all directions", async () => {
  const [a, bob] = await Promise.all([alicesBrowser("firefox"), story.peer(BOB)]);
  // Firefox raises the alarm about Chromium, and is the one that allows it.
  const b = await alicesBrowser("chromium");
  await writeInAllDirections({ a, b, bob });
  const [inFirefox, inChromium] = [await a.devices(), await b.devices()];
  const byDevice = (rows: typeof inFirefox) =>
    rows
      .map(({ device, name, fingerprint }) => ({ device, name, fingerprint }))
      .toSorted((x, y) => x.device - y.device);
  assert.deepEqual(byDevice(inFirefox), byDevice(inChromium));
  assert.deepEqual(inFirefox.map(({ name }) => name).toSorted(), ["Chrome on Linux", "Firefox on Linux"]);
  assert.equal((await story.stack.xmpp.sessions("alice@localhost")).length, 1);
});

story.test("Firefox shows the history at once after a reload", async () => {
  const firefox = await alicesBrowser("firefox");
  await firefox.openChat("bob");
  await firefox.send("before the reload");
  await firefox.isMarked("before the reload", "sent", "delivered", "read");
  await firefox.reload();
  await firefox.sees("before the reload");
});

story.test("either browser shows alice's fingerprints as a code that a phone can scan", async () => {
  for (const browser of ["firefox", "chromium"] as const) {
    const alice = await alicesBrowser(browser);
    const [own] = (await alice.devices()).filter(({ here }) => here);
    await alice.press("Account menu");
    await alice.press("Devices");
    await alice.press("Show my code");
    const link = await until(`${browser} shows a code`, () => scan(alice.page, "QR code of your fingerprints"));
    assert.match(link, /^xmpp:alice@localhost\?/);
    assert.ok(link.includes(`omemo-sid-${own?.device}=${own?.fingerprint}`), link);
  }
});
