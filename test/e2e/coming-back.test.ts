/** Reloading, leaving, coming back, coming with another browser, with another account, with another tab. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { OMEMO_NODES, publishedDevices } from "./published.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "coming-back", endpoint: "starttls" });

let a: Person;
let bob: PythonPeer;
let device: number;
const written: string[] = [];

/** For the words of a failure. */
async function whatTheObjectKnows(): Promise<string> {
  const ask = (query: string) => story.stack.objectRows("alice@localhost", query);
  const rows = await Promise.all([
    ask("select id, device, secret_hash is null as out from browsers"),
    ask("select jid, devices from device_lists"),
    ask("select key, value from meta where key in ('erased-devices', 'setback', 'left-at')"),
  ]);
  return JSON.stringify(rows);
}

async function ownDevice(person: Person): Promise<number> {
  const here = (await person.devices()).find((row) => row.here);
  assert.ok(here, `${person.called} has a device`);
  return here.device;
}

story.test("a reload shows everything at once, also while the server is away", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  device = await ownDevice(a);
  await a.openChat("bob");
  await a.send("first");
  await bob.reads("first");
  await bob.send("alice@localhost", "second");
  await a.sees("second");
  written.push("first", "second");
  await a.reload();
  await a.seesInOrder(written);
  await story.stack.xmpp.stop();
  await a.isTold(/localhost/);
  await a.reload();
  await a.seesInOrder(written);
  await story.stack.xmpp.start();
  await a.isConnected();
  await bob.signOut();
  await bob.signIn();
});

story.test("sign out and keep, sign in again: the history is readable, the device is the same", async () => {
  await a.leaveChat();
  await a.signOut("keep");
  await a.reads(/Your history is still in this browser/);
  // While nobody of alice is here, bob goes on.
  await bob.send("alice@localhost", "are you there?");
  written.push("are you there?");
  await a.signIn(ALICE);
  await a.openChat("bob");
  await a.seesInOrder(written);
  assert.equal(await ownDevice(a), device);
  assert.equal((await publishedDevices(bob, "alice@localhost")).filter((id) => id === device).length, 1);
});

story.test("a new browser has a device of its own and one quiet line for what was before it", async () => {
  const late = await story.signedIn(ALICE, { called: "alice in a new browser" });
  await late.openChat("bob");
  const line = await until("one quiet line", async () => {
    const lines = (await late.quietLines()).filter((words) => words.includes("before this browser"));
    return lines.length > 0 ? lines : undefined;
  });
  assert.equal(line.length, 1);
  assert.ok(line[0]?.startsWith(`${written.length} earlier messages were encrypted before this browser came`), line[0]);
  assert.deepEqual(await late.messages(), [], "and no row of errors");
  await late.seesChat("bob@localhost", { unread: 0 });
  await a.openChat("bob");
  await bob.send("alice@localhost", "now for both");
  await Promise.all([a.sees("now for both"), late.sees("now for both")]);
  written.push("now for both");
  assert.notEqual(await ownDevice(late), device);
  await story.leaves(late);
});

story.test("somebody else in the same browser sees nothing of alice's and touches nothing", async () => {
  await a.leaveChat();
  await a.signOut("keep");
  await a.signIn(BOB);
  await a.openChat("alice");
  await until("bob's own history has come", async () => (await a.quietLines()).length > 0);
  assert.deepEqual(await a.texts(), []);
  for (const text of written) assert.ok(!(await a.words()).includes(text), `“${text}” is not on the screen`);
  assert.notEqual(await ownDevice(a), device);
  await a.signOut("erase");
  await a.signIn(ALICE);
  await a.openChat("bob");
  await a.seesInOrder(written);
  assert.equal(await ownDevice(a), device);
});

story.test("a second tab follows the first and goes on without it", async () => {
  const tab = await story.secondTab(a);
  await tab.openChat("bob");
  await a.openChat("bob");
  await tab.seesInOrder(written);
  await tab.send("from the second tab");
  await Promise.all([a.sees("from the second tab"), bob.reads("from the second tab")]);
  await bob.send("alice@localhost", "to both tabs");
  written.push("from the second tab", "to both tabs");
  await Promise.all([a.seesInOrder(written), tab.seesInOrder(written)]);
  await tab.types("half a sent");
  await a.closeTab();
  story.forget(a);
  await tab.isConnected();
  assert.equal(await tab.draft(), "half a sent");
  await tab.send("the first tab is gone");
  await bob.reads("the first tab is gone");
  await bob.send("alice@localhost", "and still here");
  written.push("the first tab is gone", "and still here");
  await tab.seesInOrder(written);
  assert.equal(await ownDevice(tab), device);
  a = tab;
});

story.test("sign out and erase: nothing is left in the browser, the device is gone from the server", async () => {
  assert.ok((await publishedDevices(bob, "alice@localhost")).includes(device));
  await a.signOut("erase");
  const listed = await publishedDevices(bob, "alice@localhost");
  assert.ok(!listed.includes(device), `${device} is off the list ${listed.join()}: ${await whatTheObjectKnows()}`);
  const bundle = await bob.command("newest", { to: "alice@localhost", node: `${OMEMO_NODES.bundles}${device}` });
  assert.equal(bundle.xml, null, "its bundle is gone");
  const left = await a.page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = "" }) => name);
    const kept: unknown[] = [];
    for (const name of names) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error ?? new Error("not opened"));
      });
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result);
        });
        kept.push(...rows.map((row) => JSON.stringify(row)));
      }
      database.close();
    }
    return { names, kept };
  });
  assert.ok(!left.names.some((name) => name.includes("alice")), `databases: ${left.names.join(", ")}`);
  assert.ok(!left.kept.some((row) => String(row).includes("alice")), `rows: ${left.kept.join(", ")}`);
});
