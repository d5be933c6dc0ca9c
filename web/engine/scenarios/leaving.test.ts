/** What becomes of what a browser holds: erased, held by another tab, thrown away by the browser itself. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { deleteDB, openDB, unwrap } from "idb";
import { openAccount } from "../store/database.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

const DATABASE = `alcove:${ALICE}`;

let fixture: Fixture;
let browser: TestBrowser;
let bob: TestBrowser;

const session = () => browser.engine.snapshot().session;
const signIn = () => browser.engine.signIn({ address: ALICE, password: "secret", plain: false });

/** A tab that is frozen, or older than the wish to be asked: it opens the database and hears nothing. */
async function deafTab(): Promise<{ readonly close: () => void }> {
  browser.useDisk();
  return openDB(DATABASE);
}

beforeEach(async () => {
  ({ fixture, alice: browser, bob } = await twoPeople());
  await browser.send({ chat: BOB, text: "private" });
  await bob.waitForTexts(ALICE, ["private"]);
  browser.useDisk();
});

afterEach(() => fixture.end());

describe("erasing", () => {
  it("asks the other tabs of this program to let go, and they do", async () => {
    let told = false;
    const other = await openAccount(ALICE, () => {
      told = true;
    });
    assert.ok((await browser.engine.signOut({ erase: true })).ok);
    assert.ok(told);
    assert.throws(() => other.transaction("meta"), "its connection is closed");
    assert.deepEqual(session(), { state: "signed-out", because: "by-choice" });
    assert.deepEqual(await browser.databases(), ["alcove"]);
  });

  it("says that another tab holds the data, and that all is gone once that tab is", async () => {
    const deaf = await deafTab();
    assert.ok((await browser.engine.signOut({ erase: true })).ok);
    assert.deepEqual(session(), { state: "erasing", account: ALICE });
    assert.ok((await browser.databases()).includes(DATABASE), "and so it is");
    const tried = await signIn();
    assert.equal(!tried.ok && tried.error.kind, "still-erasing");
    deaf.close();
    await until(() => session().state === "signed-out");
    assert.deepEqual(await browser.databases(), ["alcove"]);
    await browser.signIn(ALICE);
    assert.deepEqual(await browser.texts(BOB), []);
  });

  it("goes on after a restart, and never opens what is to go", async () => {
    const deaf = await deafTab();
    await browser.engine.signOut({ erase: true });
    await browser.crash();
    assert.deepEqual(session(), { state: "erasing", account: ALICE });
    deaf.close();
    await until(() => session().state === "signed-out");
    assert.deepEqual(await browser.databases(), ["alcove"]);
    await browser.crash();
    assert.deepEqual(session(), { state: "signed-out" });
  });

  it("S4: what is locked here is erased the same way, once the person says so", async () => {
    const deaf = await deafTab();
    fixture.object(ALICE).revoke(browser.remote.browser);
    await until(() => session().state === "signed-out");
    assert.deepEqual(session(), { state: "signed-out", account: ALICE, because: "revoked" });
    await browser.engine.signOut({ erase: true });
    assert.deepEqual(session(), { state: "erasing", account: ALICE });
    deaf.close();
    await until(() => session().state === "signed-out");
    assert.deepEqual(session(), { state: "signed-out", because: "by-choice" });
  });
});

describe("a tab of an older version that hears nothing", () => {
  it("keeps this one from opening the database for a moment, not for ever; once it is gone all is there", async () => {
    browser.remote.cut();
    await browser.engine.stop();
    browser.useDisk();
    await deleteDB(DATABASE);
    const old = await openDB(DATABASE, 1, {
      upgrade: (fresh, _from, _to, transaction) => MIGRATIONS[0]?.(unwrap(fresh) as IDBDatabase, unwrap(transaction)),
    });
    await assert.rejects(browser.crash(), /older version/);
    old.close();
    await openAccount(ALICE, () => undefined).then((database) => database.close());
  });
});

describe("a browser that was erased and is put back by a backup", () => {
  const home = async (): Promise<readonly unknown[]> => {
    const database = await openDB("alcove");
    const rows: readonly unknown[] = await database.getAll("residents");
    database.close();
    return rows;
  };

  it("is told that it was signed out, and locks what came back", async () => {
    const backup = await browser.backup();
    const residents = await home();
    await browser.engine.signOut({ erase: true });
    browser.useDisk();
    const database = await openDB("alcove");
    for (const row of residents) await database.put("residents", row);
    database.close();
    const copy = await openAccount(ALICE, () => undefined);
    for (const [name, rows] of backup.stores) for (const row of rows) await copy.put(name, row as never);
    copy.close();
    await browser.crash();
    assert.equal(session().state, "signed-in", "for all it knows");
    await browser.engine.signOut({ erase: false });
    const refused = await signIn();
    assert.equal(!refused.ok && refused.error.kind, "revoked");
    assert.deepEqual(session(), { state: "signed-out", account: ALICE, because: "revoked" });
    assert.ok((await signIn()).ok, "as a new device");
  });

  it("encrypts nothing with keys that nobody here remembers", async () => {
    const backup = await browser.backup();
    await browser.engine.signOut({ erase: true });
    browser.useDisk();
    const copy = await openAccount(ALICE, () => undefined);
    for (const [name, rows] of backup.stores) for (const row of rows) await copy.put(name, row as never);
    copy.close();
    await browser.crash();
    assert.ok((await signIn()).ok);
    await until(() => browser.engine.snapshot().connection.encryption === "behind");
    const sent = await browser.send({ chat: BOB, text: "with used keys" });
    assert.equal(!sent.ok && sent.error.kind, "behind");
    assert.deepEqual(await browser.texts(BOB), ["private"], "what it holds can be read");
  });
});

/** The browser throws databases away while nothing of the app runs. */
async function evict(...names: readonly string[]): Promise<void> {
  browser.remote.cut();
  await browser.engine.stop();
  browser.useDisk();
  for (const name of names) await deleteDB(name);
}

describe("a browser whose data was thrown away", () => {
  const EVICTED = { state: "signed-out", account: ALICE, because: "evicted" } as const;
  const deviceHere = async () => (await browser.engine.devices({ jid: undefined })).devices.find(({ here }) => here);

  it("says so instead of a history that is not there, and comes back as a new device in place of the old", async () => {
    const before = (await deviceHere())?.device;
    await evict(DATABASE);
    await browser.crash();
    assert.deepEqual(session(), EVICTED);
    await browser.crash();
    assert.deepEqual(session(), EVICTED, "and goes on saying so");
    assert.ok((await signIn()).ok, "whoever has read it may");
    await until(() => browser.engine.snapshot().connection.encryption === "ready");
    const now = (await deviceHere())?.device;
    assert.notEqual(now, before);
    assert.equal(fixture.object(ALICE).browsers.length, 1, "the object takes it for the same browser");
    assert.equal(fixture.object(ALICE).browsers[0]?.device, now);
    await browser.crash();
    assert.equal(session().state, "signed-in");
  });

  it("knows it by its session even if nothing at all was left", async () => {
    await evict(DATABASE, "alcove");
    await browser.crash();
    await until(() => session().state === "signed-out" && "account" in session());
    assert.deepEqual(session(), EVICTED);
  });

  it("makes no device before it could ask whose session it has", async () => {
    await evict(DATABASE, "alcove");
    browser.remote.unplug();
    await browser.crash();
    assert.deepEqual(session(), { state: "signed-out" });
    browser.remote.plug();
    const silent = await signIn();
    assert.equal(!silent.ok && silent.error.kind, "evicted");
    assert.deepEqual(session(), EVICTED);
    assert.ok((await signIn()).ok);
  });

  it("after a sign-out that kept everything: promises no history, makes no device silently", async () => {
    await browser.engine.signOut({ erase: false });
    await deleteDB(DATABASE);
    const silent = await signIn();
    assert.equal(!silent.ok && silent.error.kind, "evicted");
    assert.deepEqual(session(), EVICTED);
    await browser.crash();
    assert.deepEqual(session(), EVICTED);
  });

  it("waits to be let in by the browsers that are left, though it has been here longer than they", async () => {
    const phone = fixture.unsigned("Chrome on Android");
    await phone.signIn(ALICE);
    const former = browser.device;
    await evict(DATABASE);
    await browser.crash();
    assert.ok((await signIn()).ok);
    // It waits from the moment it knows whom for, which may be before the new device is published.
    await until(() => browser.awaiting && browser.device !== former);
    const { device } = browser;
    await phone.allow(device);
    await until(() => !browser.awaiting);
  });

  it("somebody who has never been here is told nothing of the kind", async () => {
    const stranger = fixture.unsigned("Safari");
    stranger.useDisk();
    await stranger.engine.attach({ visible: true });
    assert.deepEqual(stranger.engine.snapshot().session, { state: "signed-out" });
    await stranger.signIn(BOB, { allowed: false });
  });
});

describe("signing in once more", () => {
  it("N7: while the account is open nothing is opened anew: its tab goes on, with what waits", async () => {
    const { device } = browser;
    browser.remote.cut();
    await browser.send({ chat: BOB, text: "written while the account slept" });
    const told = browser.events.length;
    browser.remote.mend();
    assert.ok((await signIn()).ok);
    await bob.waitForTexts(ALICE, ["private", "written while the account slept"]);
    const since = browser.events.slice(told).map(({ type }) => type);
    assert.ok(!since.includes("session") && !since.includes("reset"), since.join(" "));
    assert.equal(browser.device, device);
  });
});
