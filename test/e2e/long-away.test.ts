/** A browser that nobody opens for 43 days: nothing is encrypted to it any more, and it comes back with words. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { OMEMO_NODES, publishedDevices } from "./published.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "long-away", endpoint: "starttls" });
const ADDRESS = "alice@localhost";
const AWAY_MS = 43 * 24 * 60 * 60_000;

let a: Person;
let b: Person;
let bob: PythonPeer;
let device: number;

const listed = async () => (await publishedDevices(bob, ADDRESS)).includes(device);

story.test("alice leaves one of two browsers alone for 43 days: its device is taken off", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  const here = (await b.devices()).find((row) => row.here);
  assert.ok(here);
  device = here.device;
  await Promise.all([a.openChat("bob"), b.openChat("bob")]);
  await a.send("before the journey");
  await Promise.all([b.sees("before the journey"), bob.reads("before the journey")]);
  assert.ok(await listed());
  await b.page.goto("about:blank");

  await story.outage(async () => {
    await story.stack.setClock(AWAY_MS);
    // So long a silence ends every connection; A comes back, B does not. The next heartbeat looks who is away.
    await until("its device is off the list", async () => {
      await story.stack.ringAlarm(ADDRESS);
      return !(await listed());
    });
    await a.isConnected();
  });
  // The list first, so that nobody looks for a bundle that is gone; the bundle in a request of its own behind it.
  await until("its bundle is gone", async () => {
    const bundle = await bob.command("newest", { to: ADDRESS, node: `${OMEMO_NODES.bundles}${device}` });
    return bundle.xml === null;
  });
});

story.test("meanwhile life goes on without it", async () => {
  await bob.send(ADDRESS, "are you back?");
  await a.sees("are you back?");
  await a.send("in one browser");
  await bob.reads("in one browser");
});

story.test("it comes back with the same device, says what it missed, and is written to again", async () => {
  // Her other browser would hand over what it has, if it was open: what is told before that is what is looked at.
  await a.page.goto("about:blank");
  await b.page.goto(story.stack.url);
  await b.reads(/Welcome back\. This browser was not opened for more than six weeks/);
  await b.openChat("bob");
  await b.reads(/2 messages came while this browser was not in use, so they were not encrypted for it\./);
  await b.seesInOrder(["before the journey"]);
  assert.equal((await b.devices()).find((row) => row.here)?.device, device);
  await until("it is on the list", listed);
  await b.press("Got it");
  await b.openChat("bob");
  await a.page.goto(story.stack.url);
  await a.openChat("bob");
  await bob.send(ADDRESS, "welcome home");
  await Promise.all([a.sees("welcome home"), b.sees("welcome home")]);
  await b.send("it was far");
  await Promise.all([a.sees("it was far"), bob.reads("it was far")]);
});
