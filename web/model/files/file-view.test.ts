import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "../../../worker/contract/names.ts";
import type { ChatSummary, MessageItem } from "../../engine/protocol/conversations.ts";
import { writeFileDetails } from "../../media/file-details.ts";
import { AHEAD_BYTES, comesAhead, fileIn } from "./file-view.ts";

const KEY = "0".repeat(88);
const ID = "e1" as EntryId;
const said = (text: string, more: Partial<MessageItem> = {}) =>
  fileIn({ id: ID, body: { kind: "text", text }, ...more });

test("a text that is a link to an encrypted file is that file, called as the link says", () => {
  assert.deepEqual(said(`aesgcm://files.example/a/photo.jpg#${KEY}`), {
    source: { url: "https://files.example/a/photo.jpg", key: KEY, message: ID },
    kind: "image",
    name: "photo.jpg",
  });
  assert.equal(said(`aesgcm://files.example/a/9f2c#${KEY}`)?.kind, "unknown");
  assert.equal(said(`aesgcm://files.example/a/b.pdf#${KEY}`)?.kind, "file");
  assert.equal(said(`aesgcm://files.example/a/b.pdf`), undefined);
  assert.equal(said("https://files.example/a/photo.jpg"), undefined);
});

test("what its sender says of an encrypted file within the encryption is how it is called and how much room it gets", () => {
  const details = writeFileDetails({
    name: "Garden.jpg",
    type: "image/jpeg",
    size: 900,
    points: { width: 40, height: 30 },
    seconds: 2,
  });
  const text = `aesgcm://files.example/a/9f2c.jpg#${KEY}`;
  const file = said(text, { body: { kind: "text", text, ...(details !== undefined && { details }) } });
  assert.deepEqual([file?.name, file?.kind, file?.size], ["Garden.jpg", "image", 900]);
  assert.deepEqual(file?.points, { width: 40, height: 30 });
  assert.equal(file?.seconds, 2);
  const found = { kind: "file", type: "application/octet-stream", size: 901 } as const;
  const seen = said(text, { body: { kind: "text", text, details: details ?? "" }, seen: found });
  assert.deepEqual([seen?.kind, seen?.size, seen?.points, seen?.name], ["file", 901, undefined, "Garden.jpg.bin"]);
});

test("what comes with a text in clear is a file; what the text says besides is its caption", () => {
  const shared = {
    url: "https://files.example/x",
    name: "Ferien.png",
    type: "image/png",
    size: 9,
    width: 40,
    height: 30,
  };
  const file = said(shared.url, { shared });
  assert.deepEqual(file, {
    source: { url: shared.url, message: ID },
    kind: "image",
    name: "Ferien.png",
    size: 9,
    points: { width: 40, height: 30 },
  });
  assert.equal(said(shared.url, { shared: { ...shared, type: "audio/ogg", length: 2_500 } })?.seconds, 2.5);
  assert.equal(said("look at this", { shared })?.caption, "look at this");
  const wordless = fileIn({ id: ID, body: { kind: "reason", reason: "file" }, shared });
  assert.equal(wordless?.caption, undefined);
  assert.equal(wordless?.name, "Ferien.png");
});

test("T60: what it was found to be counts more than what it is called", () => {
  const seen = { kind: "file", type: "application/octet-stream", size: 12 } as const;
  const file = said(`aesgcm://files.example/photo.jpg#${KEY}`, { seen });
  assert.equal(file?.kind, "file");
  assert.equal(file?.name, "photo.jpg.bin");
});

test("T60: a description in clear says nothing of an encrypted file", () => {
  const shared = { url: "https://evil.example/x", name: "evil.exe", type: "image/png", width: 9, height: 9, length: 7 };
  const file = said(`aesgcm://files.example/a.jpg#${KEY}`, { shared });
  assert.equal(file?.source.url, "https://files.example/a.jpg");
  assert.equal(file?.name, "a.jpg");
  assert.equal(file?.points, undefined);
  assert.equal(file?.seconds, undefined);
});

test("of strangers and in rooms for everybody nothing is fetched before somebody asks", () => {
  const chat = (relation: ChatSummary["relation"]) => ({ relation, encryption: "on" }) as const;
  const room = (encryption: ChatSummary["encryption"], state = "joined") =>
    ({ relation: "contact", encryption, room: { state } as NonNullable<ChatSummary["room"]> }) as const;
  const picture = { kind: "image" } as const;
  const ahead = (of: Parameters<typeof comesAhead>[2], outgoing = false) => comesAhead(picture, { outgoing }, of);
  for (const relation of ["contact", "unshared"] as const) assert.ok(ahead(chat(relation)));
  for (const relation of ["asked", "request", "former", "stranger", "blocked"] as const)
    assert.ok(!ahead(chat(relation)));
  assert.ok(ahead(chat("stranger"), true), "one's own is no secret");
  assert.ok(ahead(room("on")) && ahead(room("ready")));
  for (const encryption of ["open", "blocked", "unknown", "exposed"] as const) assert.ok(!ahead(room(encryption)));
  assert.ok(!ahead(room("on", "left")));
  assert.ok(!comesAhead({ kind: "video" }, { outgoing: false }, chat("contact")));
  assert.ok(!comesAhead({ kind: "image", size: AHEAD_BYTES + 1 }, { outgoing: false }, chat("contact")));
  assert.ok(comesAhead({ kind: "unknown" }, { outgoing: false }, chat("contact")));
});
