import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { MessageContent } from "../../worker/contract/entries.ts";
import { FILE_LIMITS } from "../../worker/contract/media.ts";
import type { DeviceId } from "../../worker/contract/names.ts";
import { mayStandFor, names } from "./named.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
const clear = (text: string, url?: string): MessageContent => ({ kind: "clear", text, ...(url && { file: { url } }) });
const sealed = (payload?: string): MessageContent => ({
  kind: "omemo",
  omemo: { sid: 1 as DeviceId, iv: "", keys: [], ...(payload !== undefined && { payload }) },
});
const ofBytes = (length: number) => Buffer.alloc(length).toString("base64");
const LINK = "https://files.example.com/0123/photo.jpg";

test("S10: a message in clear names a link in its text, in whatever sentence, or as its file", async () => {
  for (const text of [
    LINK,
    `see ${LINK}.`,
    `(${LINK})`,
    `**${LINK}**`,
    `<${LINK}>`,
    `"${LINK}", he said`,
    `${LINK}#part`,
  ])
    assert.equal(await names(clear(text), digest(LINK)), true, text);
  assert.equal(await names(clear("a file", LINK), digest(LINK)), true);
  assert.equal(await names({ kind: "happening", what: "file", file: { url: LINK } }, digest(LINK)), true);
  assert.equal(await names(clear("https://files.example.com/ü"), digest("https://files.example.com/%C3%BC")), true);
});

test("S10: what it does not name is not its", async () => {
  for (const text of ["", "no link", `${LINK}x`, LINK.slice(0, -1), LINK.replace("https", "http"), "x".repeat(20_000)])
    assert.equal(await names(clear(text), digest(LINK)), false, text.slice(0, 60));
  assert.equal(await names({ kind: "none" }, digest(LINK)), false);
  assert.equal(await names({ kind: "happening", what: "call" }, digest(LINK)), false);
});

test("S10: a text full of links costs little", async () => {
  const began = process.cpuUsage();
  assert.equal(await names(clear(`https://a.example/${")".repeat(200)} `.repeat(90)), digest(LINK)), false);
  assert.ok(process.cpuUsage(began).user < 500_000, "microseconds of a processor, however crowded it is");
});

test("S10: an encrypted message stands for a link that it is long enough for, and for eight of them at most", () => {
  const told = { digest: digest(LINK), length: LINK.length };
  assert.equal(mayStandFor(sealed(ofBytes(LINK.length)), told, []), true);
  assert.equal(mayStandFor(sealed(ofBytes(LINK.length - 3)), told, []), false, "hello");
  assert.equal(mayStandFor(sealed(), told, []), false, "a key transport says nothing");
  const eight = Array.from({ length: FILE_LIMITS.linksOfMessage }, (_, n) => `other ${n}`);
  assert.equal(mayStandFor(sealed(ofBytes(900)), told, eight.slice(1)), true);
  assert.equal(mayStandFor(sealed(ofBytes(900)), told, eight), false);
  assert.equal(mayStandFor(sealed(ofBytes(900)), told, [...eight.slice(1), told.digest]), true, "again");
  assert.equal(mayStandFor(sealed(""), told, []), true, "pruned: nobody knows any more how long it was");
  assert.equal(mayStandFor(clear(LINK), told, []), false);
});
