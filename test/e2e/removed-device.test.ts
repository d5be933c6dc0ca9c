/** Another app of alice's own is taken off the account: off the list, its keys off the server, and it reads nothing more. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { OMEMO_NODES, publishedDevices } from "./published.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "removed-device", endpoint: "starttls" });
const ADDRESS = "alice@localhost";

let alice: Person;
let bob: PythonPeer;
let phone: PythonPeer;

const devicesOfAlice = () => publishedDevices(bob, ADDRESS);

async function hasBundle(device: number): Promise<boolean> {
  return (await bob.command("newest", { to: ADDRESS, node: `${OMEMO_NODES.bundles}${device}` })).xml !== null;
}

story.test("alice's phone reads along once it is allowed", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  phone = await story.peer(ALICE, { resource: "phone" });
  await alice.reads(/Is this you\? Another app just signed in/);
  await alice.openChat("bob");
  await alice.send("not for the phone");
  await bob.reads("not for the phone");
  await alice.clicks("ol[aria-label='Messages'] > li:last-child .meta-info");
  await alice.reads(/Not encrypted for 1 device, which cannot read it/);
  await alice.reads(new RegExp(`Another app, yours\\s+${phone.fingerprint.slice(0, 8)}`));
  await alice.press("Close");
  await alice.allowsNewBrowser();
  await alice.send("for the phone, too");
  await Promise.all([bob.reads("for the phone, too"), phone.reads("for the phone, too")]);
  assert.ok(!phone.texts().includes("not for the phone"));
});

story.test("the phone is lost: its device is removed, from the list and from the server", async () => {
  await phone.signOut();
  assert.ok((await devicesOfAlice()).includes(phone.device));
  assert.ok(await hasBundle(phone.device));
  await alice.press("Account menu");
  await alice.press("Devices");
  await alice.opensDevice(phone.device);
  await alice.press("Remove from account");
  await until("it is off the list", async () => !(await devicesOfAlice()).includes(phone.device));
  await until("its keys are gone", async () => !(await hasBundle(phone.device)));
  await until("U20: its row is gone, and the dialog with it", () =>
    alice.page.evaluate((device) => document.querySelector(`dialog, [data-device="${device}"]`) === null, phone.device),
  );
});

story.test("neither alice nor bob writes to it any more", async () => {
  await alice.leaveChat();
  await alice.openChat("bob");
  await alice.send("after the loss");
  await bob.reads("after the loss");
  await bob.send(ADDRESS, "I am sorry");
  await alice.sees("I am sorry");
});

story.test("whoever found it and puts it back on the list gets nothing from alice", async () => {
  await phone.signIn();
  await alice.send("still not for the phone");
  await bob.reads("still not for the phone");
  await phone.until("is given what it cannot read", () => phone.events.some(({ event }) => event === "unreadable"));
  assert.ok(!phone.texts().some((text) => ["after the loss", "still not for the phone"].includes(text)));
});
