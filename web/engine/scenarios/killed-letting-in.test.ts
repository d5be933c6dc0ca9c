/**
 * What a person has said of a new browser holds, whichever of both is killed at which moment: it is on the disk before anything
 * is told, and what was not told is told when both are there again.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Handover } from "../protocol/account.ts";
import type { JoiningView, LettingInView } from "../protocol/letting-in.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";
import type { Relayed } from "../testing/scripted-object.ts";

let fixture: Fixture;
let older: TestBrowser;
let bob: TestBrowser;
let newcomer: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  bob = await fixture.browser(BOB);
  older = await fixture.browser(ALICE, "Firefox on Linux");
  newcomer = fixture.unsigned("Chrome on macOS");
  await fixture.acquaint(older, bob);
  await newcomer.signIn(ALICE, { allowed: false });
  await until(() => sheet()?.state === "code" && joining()?.state === "code");
});

afterEach(() => fixture.end());

const noticesOf = ({ engine }: TestBrowser) => engine.snapshot().notices;

function joining(): JoiningView["by"][number] | undefined {
  return noticesOf(newcomer).find((notice) => notice.kind === "joining")?.by[0];
}

function sheet(): LettingInView | undefined {
  return noticesOf(older).find((notice) => notice.kind === "letting-in");
}

function handover(browser: TestBrowser): Handover | undefined {
  return noticesOf(browser).find((notice) => notice.kind === "handover");
}

/** Nothing that this one says reaches the other one, from now on or until it is let through again. */
function silence(who: TestBrowser): () => void {
  const object = fixture.object(ALICE);
  const { device } = who;
  object.meddle = (said: Relayed) => (said.from === device ? [] : [said]);
  return () => {
    object.meddle = (said) => [said];
  };
}

const allow = (history: boolean) => older.engine.letIn({ act: "allow", device: newcomer.device, history });

/** The person sees that it is allowed there, and one code on both. */
async function compares(): Promise<void> {
  await until(
    () => joining()?.state === "asks" && sheet()?.state === "allowed" && joining()?.code === sheet()?.code,
    () => JSON.stringify([joining(), sheet()]),
  );
  await newcomer.engine.letIn({ act: "same", device: older.device });
}

/** The history is there, and both say so. */
async function hasAll(): Promise<void> {
  await until(
    () => handover(newcomer)?.state === "finished" && handover(older)?.state === "finished",
    () => JSON.stringify([noticesOf(newcomer), noticesOf(older)]),
  );
  assert.deepEqual(await newcomer.texts(BOB), await older.texts(BOB));
}

describe("Allow and send history", () => {
  it("holds where the older browser is killed before it could tell it: both show one code again, and all comes", async () => {
    const speak = silence(older);
    assert.equal((await allow(true)).ok, true);
    await older.crash();
    speak();
    await compares();
    await hasAll();
  });

  it("holds where the older browser is killed before the answer came", async () => {
    await allow(true);
    await until(() => joining()?.state === "asks");
    const speak = silence(newcomer);
    await newcomer.engine.letIn({ act: "same", device: older.device });
    await older.crash();
    speak();
    await hasAll();
  });

  it("holds where the new browser is killed before its person has answered", async () => {
    await allow(true);
    await until(() => joining()?.state === "asks");
    await until(() => !newcomer.awaiting);
    await newcomer.crash();
    await compares();
    await hasAll();
  });

  it("is not taken for allowed where only Allow was pressed: nothing older is given after a kill either", async () => {
    const speak = silence(older);
    await allow(false);
    await older.crash();
    speak();
    await older.engine.devices({ jid: undefined });
    assert.equal(handover(older), undefined);
    await bob.send({ chat: ALICE, text: "now" });
    await newcomer.waitForTexts(BOB, ["now"]);
    assert.equal(handover(newcomer), undefined);
  });
});

describe("a disk that takes nothing", () => {
  it("is said where a person presses Allow: nobody was told, nothing is decided, and it can be pressed again", async () => {
    const before = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, "transaction") as {
      readonly value: (this: IDBDatabase, ...args: Parameters<IDBDatabase["transaction"]>) => IDBTransaction;
    };
    IDBDatabase.prototype.transaction = function (...args) {
      if (args[1] === "readwrite") throw new DOMException("full", "QuotaExceededError");
      return before.value.apply(this, args);
    };
    try {
      const answer = await allow(true);
      assert.deepEqual(answer, { ok: false, error: { kind: "storage-full" } });
      assert.equal(sheet()?.state, "code");
      assert.equal(joining()?.state, "code");
    } finally {
      Object.defineProperty(IDBDatabase.prototype, "transaction", before);
    }
    await allow(true);
    await compares();
    await hasAll();
  });
});

describe("a browser that was allowed everything", () => {
  it("is given nothing more once it is distrusted, also when its key is compared again", async () => {
    await allow(true);
    await compares();
    await hasAll();
    const { devices } = await older.engine.devices({ jid: undefined });
    const { fingerprint = "" } = devices.find(({ device }) => device === newcomer.device) ?? {};
    const decide = (trust: "verified" | "distrusted") =>
      older.engine.decide({ jid: ALICE, device: newcomer.device, fingerprint, trust });
    await decide("distrusted");
    await decide("verified");
    assert.equal(handover(older)?.state, "cancelled");
  });
});
