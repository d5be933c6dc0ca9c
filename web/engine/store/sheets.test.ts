import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
import type { MessageRow } from "./conversation-rows.ts";
import { fillSheets } from "./fill-sheets.ts";
import { deleteChat } from "./delete-chat.ts";
import { deletedRow, putMessage } from "./messages.ts";
import type { SheetRow } from "./schema.ts";
import { FILLED } from "./sheet-lines.ts";
import { Store } from "./store.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

let store: Store;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await Store.open(ALICE);
});

afterEach(() => store.close());

const message = (key: string, text: string, more: Partial<MessageRow> = {}): MessageRow => ({
  key,
  chat: BOB,
  position: 1 as Position,
  at: 5 as Time,
  outgoing: false,
  encrypted: true,
  body: { kind: "text", text },
  hidden: 0,
  counted: 0,
  ...more,
});

const put = (...rows: readonly MessageRow[]) =>
  store.work(async (unit) => {
    for (const row of rows) await putMessage(unit, row);
  });

const change = (key: string, to: (row: MessageRow) => MessageRow | undefined) =>
  store.work(async (unit) => {
    const row = await unit.get("messages", key);
    const changed = row && to(row);
    if (changed === undefined) unit.delete("messages", key);
    else unit.put("messages", changed);
  });

/** What stands on which sheet: `key words`. */
async function written(): Promise<Readonly<Record<string, readonly string[]>>> {
  const sheets: readonly SheetRow[] = await store.database.getAll("sheets");
  return Object.fromEntries(
    sheets.map(({ sheet, lines }) => [
      sheet,
      lines.split("\n").flatMap((line) => {
        const [key, , , , words] = line.split("\t");
        return words === undefined ? [] : `${key} ${words}`;
      }),
    ]),
  );
}

async function reopen(): Promise<void> {
  await store.close();
  store = await Store.open(ALICE);
}

describe("U17: a text that can be found", () => {
  it("stands folded on a sheet as soon as it is here, and its row says on which", async () => {
    await put(message("a", "Grüße"), message("b", "more"));
    assert.deepEqual(await written(), { 1: ["a grusse", "b more"] });
    assert.equal((await store.database.get("messages", "a"))?.sheet, 1);
    await reopen();
    await put(message("c", "later"));
    assert.deepEqual(await written(), { 1: ["a grusse", "b more", "c later"] });
  });

  it("comes there when a reason becomes a text, and is what it was corrected to", async () => {
    await put(message("a", "", { body: { kind: "reason", reason: "no-session" } }));
    assert.deepEqual(await written(), {});
    await put(message("a", "opened"));
    await put(message("b", "other"));
    await change("a", (row) => ({ ...row, body: { kind: "text", text: "corrected" } }));
    assert.deepEqual(await written(), { 1: ["a corrected", "b other"] });
  });

  it("is gone with what was deleted, retracted or hidden here, also where the row forgot its sheet", async () => {
    await put(...["a", "b", "c", "d", "e"].map((key) => message(key, `secret ${key}`)));
    await change("a", () => undefined);
    await change("b", deletedRow);
    await change("c", (row) => ({ ...row, sheet: undefined, retracted: {} }));
    await change("d", (row) => ({ ...row, hidden: 1 }));
    assert.deepEqual(await written(), { 1: ["e secret e"] });
    await deleteChat(store, BOB);
    assert.deepEqual(await written(), { 1: [] });
    assert.ok(!JSON.stringify(await store.database.getAll("sheets")).includes("secret"));
  });

  it("changes no sheet when something else of the message does", async () => {
    await put(message("a", "text"));
    const [before] = await store.database.getAll("sheets");
    await change("a", (row) => ({ ...row, sheet: undefined, state: "read", at: 9 as Time }));
    assert.deepEqual(await store.database.getAll("sheets"), [before]);
    assert.equal((await store.database.get("messages", "a"))?.sheet, 1);
  });

  it("is no key of a file, nothing invisible, and no correction on its way", async () => {
    await put(
      message("a", "aesgcm://a.example/file#0011"),
      message("b", "\u200b"),
      message("c", "new", { edits: "a" }),
      message("d", "see aesgcm://a.example/file#0011"),
    );
    assert.deepEqual(await written(), { 1: ["d see"] });
  });

  it("opens another sheet where one is full; what was not committed is on none", async () => {
    await put(message("a", "x".repeat(40_000)));
    await put(message("b", "next"));
    const failing = store.work(async (unit) => {
      await putMessage(unit, message("c", "lost"));
      unit.put("chats", { jid: BOB, encrypted: () => undefined } as never);
    });
    await assert.rejects(failing);
    await put(message("d", "kept"));
    assert.deepEqual(Object.keys(await written()), ["1", "2"]);
    assert.deepEqual((await written())[2], ["b next", "d kept"]);
  });

  it("has a higher number of changes each time that it is written, after a restart too", async () => {
    await put(message("a", "one"));
    await put(message("b", "x".repeat(40_000)));
    await put(message("c", "two"));
    await reopen();
    await change("a", (row) => ({ ...row, body: { kind: "text", text: "three" } }));
    const changes = (await store.database.getAllFromIndex("sheets", "change")).map(({ sheet }) => sheet);
    assert.deepEqual(changes, [2, 1]);
  });
});

describe("U17: messages from before there were sheets", () => {
  const old = Array.from({ length: 450 }, (_, n) => message(`k${String(n).padStart(3, "0")}`, `old ${n}`));

  beforeEach(async () => {
    const transaction = store.database.transaction(["messages", "meta"], "readwrite");
    for (const row of old) await transaction.objectStore("messages").put(row);
    await transaction.objectStore("meta").delete("sheets");
    await transaction.done;
    await reopen();
  });

  const all = async () => Object.values(await written()).flat();

  it("get theirs in the background, each once, whatever happens between and wherever it is killed", async () => {
    await put(message("k300", "as it was", { position: 2 as Position }));
    await change("k001", (row) => ({ ...row, body: { kind: "text", text: "changed before" } }));
    const killed = fillSheets(store, 0, 0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await reopen();
    await killed;
    await change("k002", deletedRow);
    await put(message("k003a", "came between"));
    await fillSheets(store, 0, 0);
    await fillSheets(store, 0, 0);
    const texts = await all();
    assert.equal(texts.length, 450);
    assert.equal(new Set(texts.map((line) => line.split(" ")[0])).size, 450);
    for (const line of ["k300 as it was", "k001 changed before", "k003a came between", "k449 old 449"])
      assert.ok(texts.includes(line), line);
    assert.ok(!texts.some((line) => line.startsWith("k002 ")));
    const filled = await store.database.get("meta", "sheets");
    assert.equal(filled?.name === "sheets" && filled.filledTo, FILLED);
  });

  it("change and go there like any other, and their rows are not written for it", async () => {
    await fillSheets(store, 0, 0);
    assert.equal((await store.database.get("messages", "k005"))?.sheet, undefined);
    await change("k005", (row) => ({ ...row, body: { kind: "text", text: "corrected" } }));
    await change("k399", () => undefined);
    const sheets = await written();
    assert.deepEqual(Object.keys(sheets), ["k199", "k399", "k449"]);
    assert.equal(sheets["k199"]?.[5], "k005 corrected");
    assert.equal(sheets["k399"]?.length, 199);
  });

  it("a new database has nothing to be filled with", async () => {
    await store.close();
    globalThis.indexedDB = new IDBFactory();
    store = await Store.open(ALICE);
    const filled = await store.database.get("meta", "sheets");
    assert.equal(filled?.name === "sheets" && filled.filledTo, FILLED);
  });
});
