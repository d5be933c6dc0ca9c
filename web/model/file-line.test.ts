import assert from "node:assert/strict";
import { test } from "node:test";
import { fileLine } from "./file-line.ts";

const link = (name: string) => `aesgcm://files.example/a/${name}#${"0".repeat(88)}`;

test("V13: a file in the list is what it is: a photo, a video, a sound, else by its name", () => {
  assert.equal(fileLine(link("ridge.JPG")), "📷 Photo");
  assert.equal(fileLine(link("descent.mp4")), "🎬 Video");
  assert.equal(fileLine(link("talk.opus")), "🎧 Audio");
  assert.equal(fileLine(link("the%20route.gpx")), "📎 the route.gpx");
  assert.equal(fileLine(link("9f2c")), "📎 File");
  assert.equal(fileLine(link("100%.pdf")), "📎 100%.pdf");
});

test("V13: what somebody has looked at, or its sender says, counts for more than its ending", () => {
  const url = "https://files.example/x";
  assert.equal(fileLine(url, { shared: { url, type: "image/png", name: "Ferien" } }), "📷 Photo");
  assert.equal(fileLine(url, { shared: { url, name: "Bericht.pdf" } }), "📎 Bericht.pdf");
  assert.equal(
    fileLine(link("ridge.jpg"), { seen: { kind: "file", type: "application/octet-stream", size: 1 } }),
    "📎 ridge.jpg",
  );
});

test("V13: what its sender says within the encryption names it, and says that it was spoken; nonsense says nothing", () => {
  const details = (file: unknown) => ({ details: JSON.stringify({ file }) });
  assert.equal(fileLine(link("9f2c"), details({ name: "Bericht.pdf" })), "📎 Bericht.pdf");
  assert.equal(fileLine(link("9f2c"), details({ type: "image/jpeg" })), "📷 Photo");
  assert.equal(fileLine(link("9f2c.ogg"), details({ voice: true })), "🎤 Voice message");
  assert.equal(fileLine(link("9f2c.exe"), details({ voice: true })), "📎 9f2c.exe");
  for (const nonsense of [null, 7, [], { name: 7, type: {}, voice: "yes" }])
    assert.equal(fileLine(link("9f2c.ogg"), details(nonsense)), "🎧 Audio");
});

test("T60: the name of a file turns no line around and says nothing behind a break", () => {
  assert.equal(fileLine(link("photo%E2%80%AEgpj.exe")), "📎 photo gpj.exe");
  assert.equal(fileLine(link("a%0Ab.exe")), "📎 a b.exe");
});
