/** One browser signs out another; a browser whose data was put back to an earlier state starts again as a new device. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { publishedDevices } from "./published.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "signed-out-elsewhere", endpoint: "starttls" });
const ADDRESS = "alice@localhost";
const BACKUP = "backup";

let a: Person;
let b: Person;
let bob: PythonPeer;

async function ownDevice(person: Person): Promise<number> {
  const here = (await person.devices()).find((row) => row.here);
  assert.ok(here, `${person.called} has a device`);
  return here.device;
}

/** Copies every store of one database into those of another, within the browser, so that nothing is lost on the way. */
function copyDatabase(person: Person, from: string, to: string): Promise<void> {
  return person.page.evaluate(
    async ({ from, to }) => {
      const opened = (request: IDBOpenDBRequest) =>
        new Promise<IDBDatabase>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error("not opened"));
        });
      const source = await opened(indexedDB.open(from));
      const names = [...source.objectStoreNames];
      const making = indexedDB.open(to);
      making.onupgradeneeded = () => {
        for (const name of names) {
          const { keyPath } = source.transaction(name).objectStore(name);
          making.result.createObjectStore(name, { keyPath });
        }
      };
      const target = await opened(making);
      for (const name of names) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const reading = source.transaction(name).objectStore(name).getAll();
          reading.onsuccess = () => resolve(reading.result);
          reading.onerror = () => reject(reading.error ?? new Error("not read"));
        });
        await new Promise<void>((resolve, reject) => {
          const writing = target.transaction(name, "readwrite");
          writing.objectStore(name).clear();
          for (const row of rows) writing.objectStore(name).put(row);
          writing.oncomplete = () => resolve();
          writing.onerror = () => reject(writing.error ?? new Error("not written"));
        });
      }
      source.close();
      target.close();
    },
    { from, to },
  );
}

/** Nothing of the app runs, but the page is of its origin: what is put back is not written over by what still works. */
async function leaveApp(person: Person): Promise<void> {
  const style = await person.page.evaluate(() => document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")?.href);
  assert.ok(style, "the app has a style sheet");
  await person.page.goto(style);
}

function databases(person: Person): Promise<readonly string[]> {
  return person.page.evaluate(async () => (await indexedDB.databases()).map(({ name = "" }) => name));
}

story.test("S4: one browser signs another out: it is told at once and locked, and erases nothing unasked", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), b.openChat("bob")]);
  await a.send("for both of mine");
  await b.sees("for both of mine");
  const device = await ownDevice(b);
  assert.ok((await publishedDevices(bob, ADDRESS)).includes(device));

  await a.opensDevices();
  await a.opensDevice(device);
  await a.press("Sign out Chrome on Linux 2");
  await a.reads(/locks what it holds/);
  await a.press("Sign out Chrome on Linux 2");
  await b.isSignedOut();
  await b.reads(/signed out from another one/);
  assert.ok(!(await b.words()).includes("for both of mine"));
  assert.ok((await databases(b)).includes(`alcove:${ADDRESS}`), "it is all there, and shown to nobody");
  await until("its device is off the list", async () => !(await publishedDevices(bob, ADDRESS)).includes(device));
  await until("A no longer lists it", async () => !(await a.words()).includes("Chrome on Linux 2"));
  assert.ok(!(await a.words()).includes("Sign out all others"));
  await b.reload();
  await b.reads(/signed out from another one/);
  await b.press("Erase what is kept here…");
  await b.reads(/Erase everything here\?/);
  await b.press("Go back");
});

story.test("S4: it may come back as a new device, has its texts, and is written to again", async () => {
  await b.signIn(ALICE, "Sign in as a new device");
  await b.openChat("bob");
  await b.sees("for both of mine");
  await a.leaveChat();
  await a.openChat("bob");
  await a.send("welcome back");
  await b.sees("welcome back");
  await bob.reads("welcome back");
  await bob.send(ADDRESS, "seen by both");
  await Promise.all([a.sees("seen by both"), b.sees("seen by both")]);
});

story.test(
  "a browser put back to an earlier state reads, sends nothing, and starts again as a new device",
  async () => {
    const device = await ownDevice(b);
    await copyDatabase(b, `alcove:${ADDRESS}`, BACKUP);
    await b.openChat("bob");
    await b.send("after the backup");
    await Promise.all([a.sees("after the backup"), bob.reads("after the backup")]);

    await leaveApp(b);
    await copyDatabase(b, BACKUP, `alcove:${ADDRESS}`);
    await b.page.goto(story.stack.url);
    await b.reads(/has to start again as a new device/);
    await b.openChat("bob");
    await b.sees("welcome back");
    assert.equal(await b.hasField("Message"), false, "there is nothing to write into");
    await bob.send(ADDRESS, "can you still read?");
    await b.sees("can you still read?");
    await a.sees("can you still read?");

    await b.press("Start as a new device…");
    await b.press("Erase and start again");
    await b.isSignedOut();
    await b.signIn(ALICE);
    assert.notEqual(await ownDevice(b), device);
    await b.openChat("bob");
    await b.send("as a new device");
    await Promise.all([a.sees("as a new device"), bob.reads("as a new device")]);
  },
);
