/** The main story: alice in two browsers, bob with an app of another make, one encrypted conversation. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow, findTexts } from "./canaries.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "two-browsers", endpoint: "starttls", start: startDevWorker });

let a: Person;
let b: Person;
let bob: PythonPeer;
const written: string[] = [];

/** Words nobody else says, so that they can be looked for afterwards. */
function say(words: string): string {
  const text = `canary-${crypto.randomUUID()} ${words}`;
  written.push(text);
  return text;
}

story.test("alice signs in with two browsers and the first is told of the second by name and fingerprint", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  b = await story.signedIn(ALICE, { called: "alice in B", others: () => [] });
  assert.ok(await b.isAwaiting(), "B says that it waits to be allowed");
  const here = (await b.devices()).find((device) => device.here);
  assert.ok(here);
  assert.match(here.name, /Chrome on Linux/);
  const notice = await until("A is told of B", async () =>
    (await a.notices()).find((words) => /Is this you\?.*\d{3} \d{3}/.test(words)),
  );
  assert.match(notice, /Chrome on Linux 2 signed in on/);
  assert.ok(!notice.replace(/\s/g, "").includes(here.fingerprint), "V6: the key is one step further");
  await a.clicks(`main section[data-kind="letting-in"] summary`);
  await until("A sees the whole key", async () =>
    (await a.notices()).join("").replace(/\s/g, "").includes(here.fingerprint),
  );
  const code = /\d{3} \d{3}/;
  const [shown] = code.exec(notice) ?? [];
  const [shownInB] = code.exec((await b.notices()).join(" ")) ?? [];
  assert.ok(shown !== undefined && shown === shownInB, "one code on both screens");
  await a.allowsNewBrowser();
  await b.isLetIn();
  assert.deepEqual(await b.notices(), []);
});

story.test(
  "U20: two browsers of one name are numbered, and one that is renamed is so in both, also after a reload",
  async () => {
    const names = async (who: Person) => (await who.devices()).map(({ name }) => name).toSorted();
    for (const who of [a, b]) assert.deepEqual(await names(who), ["Chrome on Linux", "Chrome on Linux 2"]);
    const [kitchen] = (await b.devices()).filter(({ here }) => !here);
    await b.opensDevices();
    await b.opensDevice(kitchen?.device ?? 0);
    await b.press("Rename…");
    await b.fill("Name", "Kitchen");
    await b.press("Rename");
    await until("the question is gone", () => b.page.evaluate(() => document.querySelector("dialog") === null));
    await b.reads(/Kitchen/);
    await b.leaveChat();
    // The other one is the only of its name now.
    await until("A is told", async () => (await names(a)).join() === "Chrome on Linux,Kitchen");
    await b.reload();
    await b.isConnected();
    assert.deepEqual(await names(b), ["Chrome on Linux", "Kitchen"]);
  },
);

story.test("A writes: B shows it as alice's own, bob reads it", async () => {
  await Promise.all([a.openChat("bob"), b.openChat("bob")]);
  const text = say("from A");
  await a.send(text);
  const [inB] = await Promise.all([b.sees(text), bob.reads(text)]);
  assert.deepEqual([inB.own, inB.encrypted], [true, true]);
});

story.test("B writes: A shows it as alice's own, bob reads it", async () => {
  const text = say("from B");
  await b.send(text);
  const [inA] = await Promise.all([a.sees(text), bob.reads(text)]);
  assert.deepEqual([inA.own, inA.encrypted], [true, true]);
});

story.test("bob writes: both show it as bob's", async () => {
  const text = say("from bob");
  await bob.send("alice@localhost", text);
  for (const shown of await Promise.all([a.sees(text), b.sees(text)])) {
    assert.deepEqual([shown.own, shown.encrypted], [false, true]);
  }
});

story.test("they go on in turns: everywhere once, in the same order, marked as sent", async () => {
  for (const [who, other] of [
    [a, b],
    [b, a],
    [a, b],
  ] as const) {
    const mine = say(`turn of ${who.called}`);
    await who.send(mine);
    await Promise.all([other.sees(mine), bob.reads(mine)]);
    const answer = say("and an answer");
    await bob.send("alice@localhost", answer);
    await Promise.all([a.sees(answer), b.sees(answer)]);
  }
  await Promise.all([a.seesInOrder(written), b.seesInOrder(written)]);
  assert.deepEqual(
    bob.texts(),
    written.filter((text) => !text.endsWith("bob") && !text.endsWith("answer")),
  );
  await a.isMarked(written.findLast((text) => text.endsWith("in A")) ?? "", "sent", "delivered", "read");
  assert.ok(bob.allEncrypted());
  assert.equal(await a.encryption(), "on");
});

story.test("unread counts and previews are shared; reading in A clears them in B", async () => {
  await Promise.all([a.leaveChat(), b.leaveChat()]);
  const [first, second] = [say("unread, one"), say("unread, two")];
  await bob.send("alice@localhost", first);
  await bob.send("alice@localhost", second);
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { unread: 2, preview: second })));
  await a.openChat("bob");
  await Promise.all([a, b].map((one) => one.seesChat("bob@localhost", { unread: 0 })));
  await b.openChat("bob");
});

story.test("the server knows one session of alice, whatever the number of browsers", async () => {
  assert.equal((await story.stack.xmpp.sessions("alice@localhost")).length, 1);
});

story.test("neither the server nor the object has a word of what was written", async () => {
  const [objects, server] = await Promise.all([story.stack.objectDatabases(), filesBelow(story.stack.xmpp.state)]);
  assert.ok(objects.length > 0);
  assert.ok(server.length > 0);
  const canaries = written.map((text) => text.split(" ")[0] ?? text);
  assert.deepEqual(await findTexts([...objects, ...server], canaries), []);
  // The search itself can find: the contact's address is known to both.
  assert.notDeepEqual(await findTexts(objects, ["bob@localhost"]), []);
});
