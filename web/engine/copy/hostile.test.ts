/** An object that lies about the sealed copy: what it drops, swaps, repeats, cuts, makes up or puts back is seen, or does nothing. */
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { CallName } from "../../../worker/contract/calls.ts";
import type { EntryId } from "../../../worker/contract/names.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { randomBytes } from "../bytes.ts";
import { packed } from "../chunks/packed.ts";
import { ALICE } from "../handover/testing/own-browser.ts";
import type { Remote } from "../object/calls.ts";
import { KeptCopy } from "./kept-copy.ts";
import { CopyingBrowser, CopyObject, numbers, row, until } from "./testing/copying-browser.ts";

const said = (from: number, to: number) => numbers(from, to).map((n) => row(n, { text: `text ${n}` }));
const holes = (from: number, to: number) => numbers(from, to).map((n) => row(n));

let object: CopyObject;
let chrome: CopyingBrowser;
let firefox: CopyingBrowser;
const recovery = randomBytes(16);

const held = async (browser: CopyingBrowser) =>
  (await browser.store.database.getAll("copies")).reduce((sum, { records }) => sum + records.length, 0);

/** Three chunks of two texts each. */
beforeEach(async () => {
  object = new CopyObject();
  chrome = new CopyingBrowser(object, 1, "Chrome on Mac", 1_000);
  firefox = new CopyingBrowser(object, 2, "Firefox on Linux", Date.now() + 1_000_000);
  await chrome.open();
  await chrome.act({ act: "begin", recovery });
  for (const n of [1, 3, 5]) {
    await chrome.put(said(n, n + 1));
    await until(async () => (await held(chrome)) === n + 1);
  }
  await firefox.open();
  await firefox.put(holes(1, 6));
});

afterEach(async () => {
  await chrome.close();
  await firefox.close();
});

const readable = async (browser: CopyingBrowser) =>
  (await browser.texts()).filter((text) => text.startsWith("text")).length;

describe("an object that lies to whoever reads the copy in", () => {
  const lies: Readonly<Record<string, (bytes: string, chunk: number) => string | undefined>> = {
    drops: () => undefined,
    changes: (bytes) => {
      const raw = fromBase64(bytes) ?? new Uint8Array();
      raw[20] = (raw[20] ?? 0) ^ 1;
      return toBase64(raw);
    },
    truncates: (bytes) => toBase64((fromBase64(bytes) ?? new Uint8Array()).slice(0, -5)),
    "swaps for another": (_bytes, chunk) => object.copy.kept?.bytes.get(chunk === 2 ? 1 : 2),
    empties: () => "AAAA",
  };
  for (const [name, lie] of Object.entries(lies))
    it(`${name} a chunk: the others are read, and it says that one is missing`, async () => {
      object.copy.distort = (read, chunk) => {
        if (chunk !== 2) return read;
        const bytes = lie(read.bytes, chunk);
        return bytes === undefined ? undefined : { ...read, bytes };
      };
      await chrome.close();
      await firefox.act({ act: "open", recovery });
      const { filled, lost } = await firefox.hasRead();
      assert.deepEqual({ filled, lost }, { filled: 4, lost: 1 });
      assert.equal(await readable(firefox), 4);
    });

  it("a chunk of another writer under the same number is none: the manifest names what it is", async () => {
    // Two have sealed a chunk of this number, and one of them was let through: the object has seen both.
    const before = object.copy.kept;
    await chrome.put(said(7, 8));
    await until(async () => (await held(chrome)) === 8);
    const other = object.copy.kept?.bytes.get(4);
    object.copy.kept = before;
    await firefox.put(holes(9, 10));
    await chrome.close();
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    await firefox.put(said(9, 10));
    await until(async () => (await held(firefox)) === 8);
    const third = new CopyingBrowser(object, 3, "Safari on iPhone", Date.now() + 2_000_000);
    await third.open();
    await third.put(holes(1, 10));
    object.copy.distort = (read, chunk) => (chunk === 4 && other !== undefined ? { ...read, bytes: other } : read);
    await third.act({ act: "open", recovery });
    assert.equal((await third.hasRead()).lost, 1);
    assert.equal(await readable(third), 6);
    await third.close();
  });

  it("a manifest that is changed, cut, of another number or of another copy opens nothing, and it says so", async () => {
    const old = object.copy.kept?.manifest ?? "";
    for (const bad of [
      (read: { number: number; bytes: string }) => ({ ...read, number: read.number + 1 }),
      (read: { number: number; bytes: string }) => ({ ...read, bytes: `${old.slice(0, -8)}AAAAAAA=` }),
      (read: { number: number; bytes: string }) => ({ ...read, bytes: "AAAA" }),
    ]) {
      object.copy.distort = (read, chunk) => (chunk === undefined ? bad(read) : read);
      const answer = await firefox.act({ act: "open", recovery });
      assert.deepEqual(answer, { ok: false, error: { kind: "copy", detail: "forged" } });
      assert.equal(await readable(firefox), 0);
    }
  });

  it("an older copy to a browser that has never met it is read, with the time that it is of: that is all it can say", async () => {
    const older = object.copy.kept;
    await chrome.put(said(7, 7));
    await until(async () => (await held(chrome)) === 7);
    const newest = (chrome.view?.writtenAt ?? 0) as number;
    await chrome.close();
    object.copy.kept = older;
    await firefox.act({ act: "open", recovery });
    const { upTo, lost } = await firefox.hasRead();
    assert.equal(lost, 0);
    assert.ok(upTo <= newest);
    assert.equal(firefox.view?.trouble, undefined);
  });

  it("words that a key of another copy has sealed are nobody's", async () => {
    const elsewhere = new CopyObject();
    const thief = new CopyingBrowser(elsewhere, 1, "Chrome on Mac", 1_000);
    await thief.open();
    await thief.put(said(1, 2));
    await thief.act({ act: "begin", recovery });
    await until(() => elsewhere.copy.writes.length > 0);
    const foreign = elsewhere.copy.kept?.bytes.get(1);
    await thief.close();
    object.copy.distort = (read, chunk) => (chunk === 1 && foreign !== undefined ? { ...read, bytes: foreign } : read);
    await firefox.act({ act: "open", recovery });
    assert.equal((await firefox.hasRead()).lost, 1);
  });
});

describe("an object that lies to whoever keeps the copy up", () => {
  it("puts an older copy back: it is said, and what is missing is written again", async () => {
    const older = object.copy.kept;
    await chrome.put(said(7, 8));
    await until(async () => (await held(chrome)) === 8);
    await chrome.close();
    object.copy.kept = older;
    await chrome.open();
    await until(() => chrome.view?.trouble === "older");
    assert.equal(chrome.view?.news, "older");
    await until(async () => (await held(chrome)) === 8);
    await firefox.put(holes(7, 8));
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    assert.equal(await readable(firefox), 8);
    await chrome.act({ act: "seen" });
    assert.equal(chrome.view?.trouble, undefined);
    // Once more is news once more.
    await chrome.close();
    object.copy.kept = older;
    await chrome.open();
    await until(() => chrome.view?.trouble === "older");
    assert.equal(chrome.view?.news, "older");
  });

  it("repeats an old manifest as if it were the newest: it is of another number, so it is none", async () => {
    const old = object.copy.kept;
    await chrome.put(said(7, 7));
    await until(async () => (await held(chrome)) === 7);
    const writes = object.copy.writes.length;
    object.copy.distort = (read, chunk) =>
      chunk === undefined && old !== undefined ? { number: read.number, bytes: old.manifest } : read;
    await chrome.put(said(8, 8));
    await until(() => chrome.view?.trouble === "forged");
    assert.equal(object.copy.writes.length, writes, "nothing more is written to it");
  });

  it("shows two browsers two histories of one number: whoever meets the other's says so", async () => {
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    const common = object.copy.kept;
    await firefox.close();
    await chrome.put(said(7, 7));
    await until(async () => (await held(chrome)) === 7);
    await chrome.close();
    // The other one is shown that nobody has written since.
    object.copy.kept = common;
    await firefox.open();
    await firefox.put(said(8, 8));
    await until(async () => (await held(firefox)) === 7);
    await chrome.open();
    await chrome.put(said(9, 9));
    await until(() => chrome.view?.trouble === "forged");
  });

  it("goes on with the second of two histories: it does not follow what was met here", async () => {
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    const common = object.copy.kept;
    await firefox.close();
    await chrome.put(said(7, 7));
    await until(async () => (await held(chrome)) === 7);
    await chrome.close();
    object.copy.kept = common;
    await firefox.open();
    for (const n of [8, 9]) {
      await firefox.put(said(n, n));
      await until(async () => (await held(firefox)) === n - 1);
    }
    await chrome.open();
    await until(() => chrome.view?.trouble === "forged");
  });

  it("has lost a chunk: what stood in it is written again by who has it", async () => {
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    await chrome.close();
    const { kept } = object.copy;
    if (kept === undefined) throw new Error("no copy");
    object.copy.kept = { ...kept, bytes: new Map([...kept.bytes].filter(([chunk]) => chunk !== 2)) };
    await firefox.act({ act: "again" });
    await until(() => firefox.view?.outcome?.lost === 1);
    await until(async () => (await held(firefox)) === 6);
    await firefox.act({ act: "again" });
    await until(() => firefox.view?.outcome?.lost === 0 && firefox.view.outcome.known === 6);
  });

  it("keeps no more: it is said, and goes on when there is room", async () => {
    object.copy.most = object.copy.kept?.length ?? 0;
    await chrome.put(said(7, 8));
    await until(() => chrome.view?.trouble === "full");
    assert.equal(chrome.view?.news, "full");
    object.copy.most = 1_000_000;
    await until(async () => (await held(chrome)) === 8);
    await until(() => chrome.view?.trouble === undefined);
  });

  it("keeps no more: what is deleted leaves it all the same", async () => {
    object.copy.most = 100;
    await chrome.put(said(7, 8));
    await until(() => chrome.view?.trouble === "full");
    const before = object.copy.kept;
    await chrome.change(async (unit) => unit.delete("messages", "entry-2", await unit.get("messages", "entry-2")));
    await until(() => object.copy.kept?.bytes.has(1) === false);
    assert.ok((object.copy.kept?.length ?? 0) < (before?.length ?? 0));
    assert.equal(chrome.view?.trouble, "full");
    await chrome.close();
    await firefox.act({ act: "open", recovery });
    assert.equal((await firefox.hasRead()).filled, 5);
  });

  it("keeps no more: an answer loses what was taken back all the same, as it stood there before it was edited", async () => {
    const quote = { key: "entry-1", outgoing: false, text: "text 1" };
    await chrome.put([row(7, { text: "text 7: an answer", quote })]);
    await until(async () => (await held(chrome)) === 7);
    object.copy.most = 100;
    await chrome.put(said(8, 9));
    await until(() => chrome.view?.trouble === "full");
    const { text: _text, ...bare } = quote;
    const records = async () => (await chrome.store.database.getAll("copies")).flatMap((one) => one.records);
    await chrome.put([row(1, { text: "text 1", retracted: {} })]);
    await until(async () => !(await records()).some(([id]) => id === "entry-1"));
    await chrome.put([
      row(7, {
        text: "text 7: edited, and too long for what is kept ".repeat(20),
        ...{ edited: true, editedAt: 5_000, quote: { ...bare, gone: true } },
      }),
    ]);
    await until(async () => (await records()).some(([id, edition]) => id === "entry-7" && edition === 0.5));
    assert.equal(chrome.view?.trouble, "full");
    await firefox.put(holes(7, 7));
    await firefox.act({ act: "open", recovery });
    await firefox.hasRead();
    const answer = await firefox.store.database.get("messages", "entry-7");
    assert.deepEqual(answer?.body, { kind: "text", text: "text 7: an answer" });
    assert.deepEqual([answer?.quote?.text, answer?.quote?.gone], [undefined, true]);
    // As soon as there is room.
    object.copy.most = 1_000_000;
    await until(async () => (await records()).some(([, edition]) => edition === 5_000.5));
  });

  it("has lost what nobody has any more: it is named no longer, also where nothing else is to be written", async () => {
    await chrome.close();
    const { kept } = object.copy;
    if (kept === undefined) throw new Error("no copy");
    object.copy.kept = { ...kept, bytes: new Map([...kept.bytes].filter(([chunk]) => chunk !== 2)) };
    await firefox.act({ act: "open", recovery });
    assert.equal((await firefox.hasRead()).lost, 1);
    await firefox.act({ act: "again" });
    await until(() => firefox.view?.outcome?.lost === 0);
    assert.equal(await readable(firefox), 4);
    assert.deepEqual([...(object.copy.kept?.bytes.keys() ?? [])], [1, 3]);
  });

  it("has changed a chunk: it is deleted with the next write, which has what stood in it", async () => {
    await both();
    await chrome.close();
    const { kept } = object.copy;
    if (kept === undefined) throw new Error("no copy");
    object.copy.kept = { ...kept, bytes: new Map([...kept.bytes, [2, "AAAA"]]) };
    await firefox.act({ act: "again" });
    await until(() => firefox.view?.outcome?.lost === 1);
    await until(async () => (await held(firefox)) === 6);
    assert.ok(!object.copy.kept?.bytes.has(2));
  });

  it("holds a chunk of a later release, which is left as it is", async () => {
    await both();
    await chrome.close();
    const key = await firefox.store.database.get("meta", "copy");
    if (key?.name !== "copy") throw new Error("no key");
    const remote = { call: (name: CallName, args: unknown) => object.call(firefox, name, args) } as unknown as Remote;
    const kept = new KeptCopy(remote, ALICE, key);
    const found = await kept.manifest();
    if (!found.ok || found.value === undefined) throw new Error("no manifest");
    const { manifest, digest } = found.value;
    const strange = await kept.sealChunk(manifest.next, await packed({ release: 9 }));
    await kept.write({
      ...{ found: found.value, add: [strange], drop: [] },
      manifest: {
        ...{ number: manifest.number + 1, before: digest, at: Date.now(), next: manifest.next + 1 },
        chunks: [...manifest.chunks, strange.name],
      },
    });
    await firefox.put(said(7, 7));
    await until(async () => (await held(firefox)) === 7);
    const now = await kept.manifest();
    assert.ok(now.ok && now.value?.manifest.chunks.some(({ chunk }) => chunk === strange.name.chunk));
    assert.ok(object.copy.kept?.bytes.has(strange.name.chunk));
  });

  it("has shown what is forged: reading it in again is refused", async () => {
    object.copy.distort = (read, chunk) => (chunk === undefined ? { ...read, bytes: "AAAA" } : read);
    await chrome.put(said(7, 7));
    await until(() => chrome.view?.trouble === "forged");
    const answer = await chrome.act({ act: "again" });
    assert.deepEqual(answer, { ok: false, error: { kind: "copy", detail: "forged" } });
    assert.equal(chrome.view?.here, "keeps");
  });

  it("cannot be reached: it is written when it can", async () => {
    object.offline = true;
    await chrome.put(said(7, 8));
    object.offline = false;
    await until(async () => (await held(chrome)) === 8);
  });
});

/** Firefox keeps it up, too, and both have noted the same. */
async function both(): Promise<void> {
  await firefox.act({ act: "open", recovery });
  await firefox.hasRead();
}

describe("two browsers, and what comes between them", () => {
  it("one reads in while the other puts chunks together: it looks again, and nothing is lost", async () => {
    const before = object.copy.kept;
    await chrome.change(async (unit) => unit.delete("messages", "entry-2", await unit.get("messages", "entry-2")));
    await until(() => object.copy.kept?.bytes.has(1) === false);
    await chrome.close();
    const after = object.copy.kept;
    object.copy.kept = before;
    object.copy.distort = (read, chunk) => {
      if (chunk === undefined) return read;
      object.copy.kept = after;
      return after?.bytes.has(chunk) ? read : undefined;
    };
    await firefox.act({ act: "open", recovery });
    const { filled, lost } = await firefox.hasRead();
    assert.deepEqual({ filled, lost }, { filled: 5, lost: 0 });
  });

  it("one has read it in while the other was still writing: what comes later is filled in as well", async () => {
    await firefox.put(holes(7, 8));
    await both();
    await chrome.put(said(7, 8));
    await until(async () => (await readable(firefox)) === 8);
    assert.equal(firefox.view?.outcome?.filled, 6, "of what was read in when it was opened");
  });

  it("an older copy is put back under both: what one of them alone has is written again, what the other wrote stays", async () => {
    await both();
    const common = object.copy.kept;
    await firefox.put(said(7, 8));
    await until(async () => (await held(chrome)) === 8);
    object.copy.kept = common;
    await chrome.put(said(9, 10));
    await until(async () => (await held(chrome)) === 10 && (await held(firefox)) === 10);
    const third = new CopyingBrowser(object, 3, "Safari on iPhone", Date.now() + 2_000_000);
    await third.open();
    await third.put(holes(1, 10));
    await third.act({ act: "open", recovery });
    await third.hasRead();
    assert.equal(await readable(third), 10);
    await third.close();
  });

  it("a chunk of another digest is another chunk, whatever its number is", async () => {
    await both();
    await firefox.change(async (unit) => {
      const known = await unit.get("copies", 3);
      if (known === undefined) throw new Error("no such chunk");
      unit.put("copies", { ...known, digest: "another", records: [["entry-99" as EntryId, 0]] });
    });
    await firefox.close();
    await firefox.open();
    await until(async () => {
      const row = await firefox.store.database.get("copies", 3);
      return row?.records.map(([id]) => id).join() === "entry-5,entry-6";
    });
  });
});

describe("a stolen session", () => {
  it("has no key: it reads nothing, writes nothing, and its wish to delete is told to the others", async () => {
    const thief = new CopyingBrowser(object, 9, "Chrome on Windows", Date.now() + 3_000_000);
    await thief.open();
    const answer = await thief.act({ act: "open", recovery: randomBytes(16) });
    assert.deepEqual(answer, { ok: false, error: { kind: "copy", detail: "key" } });
    assert.deepEqual(await thief.act({ act: "keep" }), { ok: false, error: { kind: "copy", detail: "none" } });
    await thief.act({ act: "end" });
    assert.ok(object.copy.kept !== undefined, "it is still there");
    await until(() => chrome.view?.news === "ending" && firefox.view?.news === "ending");
    assert.equal(chrome.view?.kept?.ending?.name, "Chrome on Windows");
    await thief.close();
  });
});
