import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
import type { ExportFormat, ExportReply, ExportWords } from "../protocol/exporting.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { changeChat, putMessage } from "../store/messages.ts";
import { Store } from "../store/store.ts";
import { Exporting } from "./exporting.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const ROOM = "market@rooms.example" as BareJid;
const WORDS: ExportWords = {
  ...{ title: "Messages", lead: "Not encrypted", you: "You", edited: "edited", clear: "in clear" },
  ...{ whisper: "to you alone", whisperTo: "to {name} alone", language: "en", direction: "ltr" },
};

let store: Store;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = await Store.open(ALICE);
});
afterEach(() => store.close());

const message = (key: string, text: string, at: number, more: Partial<MessageRow> = {}): MessageRow => ({
  ...{ key, chat: BOB, position: at as Position, at: at as Time, outgoing: false, encrypted: true },
  ...({ body: { kind: "text", text } as const, hidden: 0, counted: 0 } as const),
  ...more,
});

const put = (...rows: readonly MessageRow[]) =>
  store.work(async (unit) => {
    for (const row of rows) {
      await changeChat(unit, row.chat, {});
      await putMessage(unit, row);
    }
  });

/** The file, and the answers that it came in; each part is taken before the next is made. */
async function exported(format: ExportFormat, account = ALICE) {
  const replies: ExportReply[] = [];
  let file = "";
  let open = 0;
  const exporting: Exporting = new Exporting((reply) => {
    replies.push(reply);
    if (reply.kind !== "part") return;
    open += 1;
    assert.equal(open, 1, "one part at a time");
    file += new TextDecoder().decode(reply.bytes);
    setTimeout(() => {
      open -= 1;
      void exporting.ask({ ask: "go" });
    });
  });
  await exporting.ask({ ask: "begin", account, format, words: WORDS });
  return { file, replies };
}

const linesOf = (file: string) =>
  file
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("a line for each message that can be read, by conversation and in order, between a first and a last line", async () => {
  await put(
    message("b2", "second", 20, { outgoing: true, state: "read" }),
    message("b1", "first", 10, { earlier: [{ text: "frist", at: 9 as Time }], edited: true, editedAt: 11 as Time }),
    message("gone", "taken back", 30, { retracted: {} }),
    message("old", "before this browser", 5, { hidden: 1 }),
    message("shut", "", 40, { body: { kind: "reason", reason: "not-for-us" } }),
    message("r1", "psst", 50, { chat: ROOM, author: { nick: "Eve" }, whisper: "Eve", encrypted: false }),
  );
  const { file, replies } = await exported("lines");
  const lines = linesOf(file);
  assert.deepEqual(
    lines.map(({ type, id, jid, messages }) => id ?? jid ?? messages ?? type),
    ["export", BOB, "b1", "b2", ROOM, "r1", 3],
  );
  assert.deepEqual(lines[2], {
    ...{ type: "message", chat: BOB, id: "b1", at: "1970-01-01T00:00:00.010Z", from: BOB, own: false, encrypted: true },
    ...{
      text: "first",
      editedAt: "1970-01-01T00:00:00.011Z",
      earlier: [{ text: "frist", at: "1970-01-01T00:00:00.009Z" }],
    },
  });
  assert.deepEqual([lines[3]?.["from"], lines[3]?.["own"], lines[3]?.["state"]], [ALICE, true, "read"]);
  assert.deepEqual([lines[5]?.["from"], lines[5]?.["whisper"]], ["Eve", "Eve"]);
  assert.equal(replies.at(-1)?.kind, "end");
  for (const kept of ["taken back", "before this browser"]) assert.ok(!file.includes(kept), kept);
});

test("in a page everything of others is text, and nothing in it may run or be fetched", async () => {
  const evil = `</p><script>alert(1)</script><img src=x onerror="alert(2)">&amp;'`;
  await put(
    message("e", evil, 10, { chat: ROOM, author: { nick: `"><script>` }, quote: { outgoing: false, text: evil } }),
  );
  const { file } = await exported("page");
  assert.ok(
    file.includes(
      "&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(2)&quot;&gt;&amp;amp;&#39;",
    ),
  );
  assert.doesNotMatch(file, /<(script|img)/i);
  assert.match(
    file,
    /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'"/,
  );
  assert.ok(file.startsWith("<!doctype html>") && file.endsWith("</body></html>\n"));
});

test("a file of many messages comes in parts, all of them and each once", async () => {
  const text = "a".repeat(2_000);
  const rows = Array.from({ length: 700 }, (_, n) => message(`m${n}`, `${text} ${n}`, n));
  // Two at one place, on either side of what is read at once.
  await put(...rows, message("same", "at the same place", 299));
  const { file, replies } = await exported("lines");
  const keys = linesOf(file).flatMap(({ type, id }) => (type === "message" ? [id] : []));
  assert.equal(keys.length, 701);
  assert.equal(new Set(keys).size, 701);
  const parts = replies.flatMap((reply) => (reply.kind === "part" ? [reply.bytes.length] : []));
  assert.ok(parts.length > 3 && Math.max(...parts) < 400_000, parts.join());
});

test("where there is nothing to be read it is said", async () => {
  const { file, replies } = await exported("lines", BOB);
  assert.deepEqual([file, replies], ["", [{ kind: "failed" }]]);
});
