/** A browser that makes keys and gives `null` back for what it has stored, as WebKit has done. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { IdentityRow } from "../store/device-rows.ts";
import { curvesSupported } from "../omemo/curve.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";

let fixture: Fixture;

beforeEach(() => {
  fixture = new Fixture();
});

afterEach(async () => {
  mock.restoreAll();
  await fixture.end();
});

function emptied(value: unknown): unknown {
  if (value instanceof CryptoKey) return null;
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, emptied(inner)]));
}

/** From now on keys are stored as nothing, without an error. */
function forgetsKeys(): void {
  const put: (this: IDBObjectStore, value: unknown, key?: IDBValidKey) => IDBRequest<IDBValidKey> =
    Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, "put")?.value;
  mock.method(IDBObjectStore.prototype, "put", function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    return put.call(this, emptied(value), key);
  });
}

const stateOf = (browser: TestBrowser) => browser.engine.snapshot().session;

describe("O2: a browser that does not keep keys", () => {
  it("O2: is found out by storing and reading, not by making them", async () => {
    fixture.unsigned().useDisk();
    assert.deepEqual(await curvesSupported(), { kind: "supported" });
    forgetsKeys();
    assert.deepEqual(await curvesSupported(), { kind: "not-kept" });
    assert.deepEqual(await indexedDB.databases(), []);
  });

  it("O2: says so, and signs nobody in", async () => {
    forgetsKeys();
    const browser = fixture.unsigned();
    browser.useDisk();
    const answer = await browser.engine.signIn({ address: ALICE, password: "secret", plain: false });
    assert.equal(!answer.ok && answer.error.kind, "encryption-unavailable");
    assert.equal(browser.engine.snapshot().connection.encryption, "not-kept");
    assert.deepEqual(fixture.object(ALICE).browsers, []);
  });
});

describe("O2: an identity that came back as nothing", () => {
  it("O2: is none: nothing is published for it, the person is told, and the texts stay for the device that follows", async () => {
    const bob = await fixture.browser(BOB);
    const alice = await fixture.browser(ALICE);
    await fixture.acquaint(alice, bob);
    const { device } = alice;
    await alice.meddle(async (database) => {
      const row = (await database.get("identity", "self")) as IdentityRow;
      await database.put("identity", { ...row, signing: null, agreement: null });
    });
    await until(() => stateOf(alice).state === "signed-out");
    const session = stateOf(alice);
    assert.equal(session.state === "signed-out" && session.because, "evicted");
    await alice.signIn(ALICE, { allowed: false });
    assert.notEqual(alice.device, device);
    assert.deepEqual(await alice.texts(BOB), ["hello", "hello too"]);
    await alice.send({ chat: BOB, text: "by a device of its own" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "by a device of its own");
    const { notices } = alice.engine.snapshot();
    assert.ok(!notices.some(({ kind }) => kind === "new-device"), "its own former device is nobody new");
  });
});
