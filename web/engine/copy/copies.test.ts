/** Texts go into the sealed copy and come back out of it; browsers that share it, and browsers that die at any step. */
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { CallName } from "../../../worker/contract/calls.ts";
import type { BrowserId, EntryId } from "../../../worker/contract/names.ts";
import { randomBytes } from "../bytes.ts";
import type { Delays } from "../delays.ts";
import { deletedRow } from "../store/messages.ts";
import { CopyingBrowser, CopyObject, numbers, row, until } from "./testing/copying-browser.ts";

const DONE = { ok: true, value: { done: true } };
const said = (from: number, to: number) => numbers(from, to).map((n) => row(n, { text: `text ${n}` }));
const holes = (from: number, to: number) => numbers(from, to).map((n) => row(n));

let object: CopyObject;
let chrome: CopyingBrowser;
let firefox: CopyingBrowser;
let recovery: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  object = new CopyObject();
  recovery = randomBytes(16);
  chrome = new CopyingBrowser(object, 1, "Chrome on Mac", 1_000);
  // Came long after the copy was begun.
  firefox = new CopyingBrowser(object, 2, "Firefox on Linux", Date.now() + 1_000_000);
  await chrome.open();
});

afterEach(async () => {
  await chrome.close();
  await firefox.close();
});

const inCopy = () => object.copy.writes.length;

/** Everything of this browser is in the copy. */
async function copied(browser: CopyingBrowser, atLeast: number): Promise<void> {
  await until(
    () => inCopy() >= atLeast && browser.view?.writtenAt !== undefined,
    () => JSON.stringify(browser.view),
  );
}

/** A new browser with the rows of the log opens the copy; what it can read then. */
async function restored(to: number, key = recovery): Promise<readonly string[]> {
  await firefox.open();
  await firefox.put(holes(1, to));
  assert.deepEqual(await firefox.act({ act: "open", recovery: key }), DONE);
  await firefox.hasRead();
  return firefox.texts();
}

describe("the sealed copy", () => {
  it("takes in what was said before and after it was begun, in one write for many; another browser reads it by the key alone", async () => {
    await chrome.put(said(1, 250));
    assert.deepEqual(await chrome.act({ act: "begin", recovery }), DONE);
    await copied(chrome, 1);
    await chrome.put(said(251, 260));
    await copied(chrome, 2);
    assert.equal(inCopy(), 2, "not one for each message");
    await chrome.close();
    const texts = await restored(261);
    assert.deepEqual(texts, [...numbers(1, 260).map((n) => `text ${n}`), "<before-device>"]);
    const { filled, known, elsewhere, bad, lost } = await firefox.hasRead();
    assert.deepEqual({ filled, known, elsewhere, bad, lost }, { filled: 260, known: 0, elsewhere: 0, bad: 0, lost: 0 });
  });

  it("says in every browser that it is there and by whom, and offers itself to one that is newer", async () => {
    const safari = new CopyingBrowser(object, 3, "Safari on iPhone", 2_000);
    await safari.open();
    await chrome.act({ act: "begin", recovery });
    await until(() => safari.view?.news === "began");
    assert.equal(safari.view?.kept?.name, "Chrome on Mac");
    assert.equal(chrome.view?.news, undefined);
    await safari.act({ act: "seen" });
    assert.equal(safari.view?.news, undefined);
    await safari.close();
    await firefox.open();
    assert.deepEqual([firefox.view?.news, firefox.view?.here], ["offer", "none"]);
  });

  it("is told of what changed while this browser held it, and of nothing before", async () => {
    await chrome.put(said(1, 3));
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 1);
    await firefox.open();
    await firefox.put(holes(1, 3));
    await firefox.change(async (unit) => unit.delete("messages", "entry-2", await unit.get("messages", "entry-2")));
    await firefox.act({ act: "open", recovery });
    assert.equal((await firefox.hasRead()).elsewhere, 1);
    await firefox.put(said(4, 4));
    await until(async () => (await idsIn(firefox)).includes("entry-4" as EntryId));
    assert.ok((await idsIn(firefox)).includes("entry-2" as EntryId));
  });

  it("opens with no other key, and says so", async () => {
    await chrome.put(said(1, 3));
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 1);
    await firefox.open();
    const answer = await firefox.act({ act: "open", recovery: randomBytes(16) });
    assert.deepEqual(answer, { ok: false, error: { kind: "copy", detail: "key" } });
    assert.equal(firefox.view?.here, "none");
  });

  it("holds nothing that can be read, and no key stays in the browser that could be taken out", async () => {
    await chrome.put([row(1, { text: "a canary of gold" })]);
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 1);
    const kept = JSON.stringify([object.copy.kept, [...(object.copy.kept?.bytes ?? [])]]);
    assert.ok(!Buffer.from(kept, "base64").includes("canary") && !kept.includes("canary"));
    const meta = await chrome.store.database.get("meta", "copy");
    assert.ok(meta?.name === "copy" && !meta.key.extractable);
    await assert.rejects(crypto.subtle.exportKey("raw", meta.key));
  });

  it("changes no text that was opened here, and reads in what it has as often as one likes", async () => {
    await chrome.put(said(1, 5));
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 1);
    await firefox.open();
    await firefox.put([...holes(1, 4), row(5, { text: "opened here" })]);
    await firefox.act({ act: "open", recovery });
    assert.deepEqual((await firefox.hasRead()).filled, 4);
    assert.equal((await firefox.texts()).at(-1), "opened here");
    await firefox.act({ act: "again" });
    await until(() => firefox.view?.outcome?.known === 5);
  });

  it("has the text of an edited message as it was edited last", async () => {
    await chrome.put(said(1, 2));
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 1);
    await chrome.put([row(1, { text: "edited", edited: true, editedAt: 5_000_000 })]);
    await copied(chrome, 2);
    assert.deepEqual(await restored(2), ["edited", "text 2"]);
  });

  it("loses at once what is deleted or taken back, in every browser's hands", async () => {
    await chrome.put(said(1, 6));
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 1);
    await firefox.open();
    await firefox.put(holes(1, 6));
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    const before = object.copy.kept?.bytes;
    await chrome.change(async (unit) => {
      const [deleted, taken] = [await unit.get("messages", "entry-2"), await unit.get("messages", "entry-3")];
      if (deleted === undefined || taken === undefined) throw new Error("no such rows");
      unit.put("messages", deletedRow(deleted));
      unit.put("messages", { ...taken, retracted: {} });
      unit.delete("messages", "entry-4", await unit.get("messages", "entry-4"));
    });
    const kept = () => [...(object.copy.kept?.bytes.values() ?? [])];
    await until(() => kept().every((bytes) => ![...(before?.values() ?? [])].includes(bytes)));
    // The other one has all of them still, and writes none of them again.
    await firefox.put(said(7, 7));
    await until(async () =>
      (await firefox.store.database.getAll("copies")).some(({ records }) => records.some(([id]) => id === "entry-7")),
    );
    const writes = object.copy.writes.length;
    // Nor when it compares everything once more.
    await firefox.close();
    await firefox.open();
    await firefox.put(said(8, 8));
    await until(async () => (await idsIn(firefox)).includes("entry-8" as EntryId));
    for (const { records } of await firefox.store.database.getAll("copies"))
      for (const [id] of records) assert.ok(!["entry-2", "entry-3", "entry-4"].includes(id));
    assert.ok(object.copy.writes.length <= writes + 1, "what is gone is not written to be taken out again");
    const third = new CopyingBrowser(object, 3, "Safari on iPhone", Date.now() + 1_000_000);
    await third.open();
    await third.put(holes(1, 7));
    await third.act({ act: "open", recovery });
    await third.hasRead();
    const none = "<before-device>";
    assert.deepEqual(await third.texts(), ["text 1", none, none, none, "text 5", "text 6", "text 7"]);
    await third.close();
  });

  it("loses what was taken back also where an answer repeats it", async () => {
    const quote = { key: "entry-1", outgoing: false, text: "text 1" };
    await chrome.put([...said(1, 1), row(2, { text: "an answer", quote })]);
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 1);
    const { text: _text, ...bare } = quote;
    await chrome.put([
      row(1, { text: "text 1", retracted: {} }),
      row(2, { text: "an answer", quote: { ...bare, gone: true } }),
    ]);
    await until(async () => {
      const records = (await chrome.store.database.getAll("copies")).flatMap((chunk) => chunk.records);
      return records.length === 1 && records[0]?.[1] === 0.5;
    });
    await chrome.close();
    assert.deepEqual(await restored(2), ["<before-device>", "an answer"]);
    const [, answer] = await firefox.store.database.getAll("messages");
    assert.equal(answer?.quote?.text, undefined);
    assert.equal(answer?.quote?.gone, true);
  });

  it("puts small chunks together, so that their number does not grow with every write", async () => {
    await chrome.act({ act: "begin", recovery });
    for (const n of numbers(1, 20)) {
      await chrome.put(said(n, n));
      await until(async () =>
        (await chrome.store.database.getAll("copies")).some(({ records }) =>
          records.some(([id]) => id === `entry-${n}`),
        ),
      );
    }
    await until(() => (object.copy.kept?.bytes.size ?? 99) < 16);
    assert.equal((await restored(20)).filter((text) => text.startsWith("text")).length, 20);
  });
});

describe("a copy that waits to begin", () => {
  it("goes on waiting while the object is only too busy", async () => {
    object.offline = true;
    await chrome.put(said(1, 3));
    assert.equal((await chrome.act({ act: "begin", recovery })).ok, false);
    const call = object.call.bind(object);
    let busy = 0;
    object.call = async (by, name, args) => {
      if (name !== "copyBegin" || busy === 2) return call(by, name, args);
      busy += 1;
      return { ok: false, error: { kind: "too-busy" } };
    };
    object.offline = false;
    chrome.hear();
    await until(async () => (await idsIn(chrome)).length === 3);
    assert.equal(busy, 2);
  });
});

describe("two browsers that keep one copy up", () => {
  const bothKeepIt = async () => {
    await chrome.act({ act: "begin", recovery });
    await copied(chrome, 0);
    await firefox.open();
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
  };

  /** Neither is let through before both are there, of which `there` is told. How many were let through. */
  const bothAtOnce = (there: () => void = () => undefined): (() => number) => {
    let waiting = 0;
    let open = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    object.copy.beforeWrite = async () => {
      waiting += 1;
      if (waiting === 2) {
        there();
        open();
      }
      await both;
    };
    return () => waiting;
  };

  it("write at the same moment, and nothing is lost or there twice", async () => {
    await bothKeepIt();
    const writes = bothAtOnce();
    await Promise.all([chrome.put(said(1, 10)), firefox.put(said(6, 15))]);
    const ids = async (browser: CopyingBrowser) =>
      (await browser.store.database.getAll("copies")).flatMap(({ records }) => records.map(([id]) => id));
    await until(async () => (await ids(chrome)).length >= 15 && (await ids(firefox)).length >= 15);
    assert.deepEqual((await ids(chrome)).toSorted(), (await ids(firefox)).toSorted());
    assert.equal(new Set(await ids(chrome)).size, 15);
    assert.equal((await ids(chrome)).length, 15, "each once");
    assert.ok(writes() >= 3, "one of them had to look again");
  });

  it("the second of two that write at once looks again at once, as nothing is wrong", async () => {
    await chrome.close();
    const [chromes, others] = [{ copyMs: 20 }, { copyMs: 20 }] as [Delays, Delays];
    [chrome.delays, firefox.delays] = [chromes, others];
    await chrome.open();
    await bothKeepIt();
    // Whatever is put off from then on comes too late.
    bothAtOnce(() => {
      for (const delays of [chromes, others]) Object.assign(delays, { copyMs: 1_000_000 });
    });
    await Promise.all([chrome.put(said(1, 3)), firefox.put(said(4, 6))]);
    await until(async () => (await idsIn(chrome)).length === 6 && (await idsIn(firefox)).length === 6);
  });

  it("a browser that has written and got no answer does not write it twice", async () => {
    await chrome.act({ act: "begin", recovery });
    object.copy.loseAnswers = 1;
    await chrome.put(said(1, 3));
    await until(async () => (await chrome.store.database.getAll("copies")).length === 1);
    assert.equal(inCopy(), 1);
  });
});

describe("a browser that dies", () => {
  const steps: readonly (readonly [CallName, "before" | "after"])[] = (
    ["copyBegin", "copyRead", "copyWrite"] as const
  ).flatMap((name) => [[name, "before"] as const, [name, "after"] as const]);
  for (const [name, when] of steps)
    for (const nth of name === "copyBegin" ? [1] : [1, 2, 3])
      it(`${when} its ${nth}. ${name} goes on from there, and all is in the copy once`, async () => {
        await chrome.put(said(1, 5));
        await chrome.put([row(5, { text: "text 5" })]);
        let times = 0;
        object.strike = (called, at) => {
          if (called !== name || at !== when) return false;
          times += 1;
          return times === nth;
        };
        void chrome.act({ act: "begin", recovery }).catch(() => undefined);
        for (const n of [6, 7]) {
          await until(async () => !chrome.isOpen || (await idsIn(chrome)).length >= n - 1);
          await says(n);
        }
        await until(async () => !chrome.isOpen || (await idsIn(chrome)).length >= 7);
        if (!chrome.isOpen) await chrome.open();
        await until(
          async () => (await idsIn(chrome)).length >= 7,
          () => JSON.stringify([object.calls, chrome.view]),
        );
        const ids = await idsIn(chrome);
        assert.deepEqual([ids.length, new Set(ids).size], [7, 7]);
        assert.ok(times >= nth, "it died");
        object.strike = () => false;
        assert.deepEqual(
          await restored(7),
          numbers(1, 7).map((n) => `text ${n}`),
        );
      });

  it("while it reads in, reads in to the end when it is back", async () => {
    await chrome.put(said(1, 700));
    await chrome.act({ act: "begin", recovery });
    await until(async () => (await idsIn(chrome)).length === 700);
    let reads = 0;
    // The other one may look once more what is there.
    object.strike = (name, when, by) => {
      if (by !== firefox || name !== "copyRead" || when !== "after") return false;
      reads += 1;
      return reads === 4;
    };
    await firefox.open();
    await firefox.put(holes(1, 700));
    void firefox.act({ act: "open", recovery });
    await until(() => !firefox.isOpen);
    await firefox.open();
    await firefox.hasRead();
    assert.equal((await firefox.texts()).filter((text) => text.startsWith("text")).length, 700);
  });
});

/** Also where it dies over it. */
async function says(n: number): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    if (!chrome.isOpen) await chrome.open();
    try {
      return await chrome.put(said(n, n));
    } catch (error) {
      if (chrome.isOpen) throw error;
    }
  }
}

async function idsIn(browser: CopyingBrowser): Promise<readonly EntryId[]> {
  if (!browser.isOpen) return [];
  try {
    return (await browser.store.database.getAll("copies")).flatMap(({ records }) => records.map(([id]) => id));
  } catch (error) {
    // It died in this moment.
    if (error instanceof DOMException) return [];
    throw error;
  }
}

describe("an end of the copy", () => {
  it("by a browser with its key is at once, and the others are told by whom", async () => {
    await chrome.act({ act: "begin", recovery });
    await firefox.open();
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    assert.deepEqual(await chrome.act({ act: "end" }), DONE);
    assert.equal(object.copy.kept, undefined);
    await until(() => firefox.view?.news === "ended");
    assert.equal(firefox.view?.ended?.name, "Chrome on Mac");
    assert.equal(firefox.view?.here, "left");
    await firefox.act({ act: "seen" });
    assert.equal(firefox.view?.here, "none");
    assert.equal((await firefox.store.database.getAll("copies")).length, 0);
    assert.deepEqual([chrome.view?.here, chrome.view?.news], ["none", undefined]);
  });

  it("by one without the key is a week away, which is said everywhere, and whoever has the key says no", async () => {
    await chrome.act({ act: "begin", recovery });
    await firefox.open();
    await firefox.act({ act: "end" });
    assert.ok(object.copy.kept !== undefined);
    await until(() => chrome.view?.news === "ending");
    assert.equal(chrome.view?.kept?.ending?.name, "Firefox on Linux");
    assert.deepEqual(await chrome.act({ act: "keep" }), DONE);
    assert.equal(chrome.view?.kept?.ending, undefined);
    assert.equal(chrome.view?.news, undefined);
  });

  it("that came while nobody was there is said to who held it, and a new one can be begun", async () => {
    await chrome.act({ act: "begin", recovery });
    await chrome.close();
    object.copy.delete("a browser that left" as BrowserId);
    await chrome.open();
    assert.deepEqual([chrome.view?.here, chrome.view?.news], ["left", "ended"]);
    assert.deepEqual(await chrome.act({ act: "begin", recovery: randomBytes(16) }), DONE);
    await until(() => chrome.view?.here === "keeps");
  });
});
