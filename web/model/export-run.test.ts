import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import type { ExportReply, ExportRequest, ExportWords } from "../engine/protocol/exporting.ts";
import { ExportRun, type ExportSink } from "./export-run.ts";

const PART = { kind: "part", bytes: new Uint8Array([1, 2]), done: 1, all: 2, written: 1 } as const;

function stage(fails?: "write" | "close") {
  const asked: string[] = [];
  const written: string[] = [];
  let tell: (reply: ExportReply) => void = () => undefined;
  const worker = {
    postMessage: ({ ask }: ExportRequest) => asked.push(ask),
    addEventListener(type: "message" | "error", listener: unknown) {
      if (type === "message") tell = (data) => (listener as (event: { data: ExportReply }) => void)({ data });
    },
    terminate: () => asked.push("terminated"),
  };
  const step = async (what: "write" | "close" | "abort") => {
    if (what === fails) throw new DOMException("no room", "QuotaExceededError");
    written.push(what);
  };
  const sink: ExportSink = { write: () => step("write"), close: () => step("close"), abort: () => step("abort") };
  const wanted = { account: "alice@a.example" as BareJid, format: "lines", words: {} as ExportWords } as const;
  const run = new ExportRun(worker, sink, wanted);
  const told = async (reply: ExportReply) => {
    tell(reply);
    await sleep(1);
  };
  return { run, asked, written, tell: told };
}

test("each part is written before the next is asked for, and the file is whole at the end", async () => {
  const { run, asked, written, tell } = stage();
  await tell(PART);
  assert.deepEqual(run.now.peek(), { state: "writing", done: 1, all: 2, written: 1 });
  await tell({ kind: "end", done: 2, all: 2, written: 1 });
  assert.deepEqual(asked, ["begin", "go", "terminated"]);
  assert.deepEqual(written, ["write", "close"]);
  assert.equal(run.now.peek().state, "done");
});

test("what is given up, cannot be read or cannot be written leaves nothing, and is said", async () => {
  const given = stage();
  given.run.cancel();
  await given.tell(PART);
  assert.deepEqual([given.run.now.peek().state, given.written], ["given-up", ["abort"]]);
  const unread = stage();
  await unread.tell({ kind: "failed" });
  assert.deepEqual([unread.run.now.peek().state, unread.written], ["unreadable", ["abort"]]);
  for (const step of ["write", "close"] as const) {
    const full = stage(step);
    await full.tell(step === "write" ? PART : { kind: "end", done: 2, all: 2, written: 1 });
    assert.deepEqual([full.run.now.peek().state, full.written], ["unwritable", ["abort"]]);
    assert.equal(full.asked.at(-1), "terminated");
  }
});
