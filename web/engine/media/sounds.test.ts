import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { kindOf } from "../../media/file-kind.ts";
import { listenTo, recording } from "./sounds.ts";

/** About two seconds of a microphone that beeps, as browsers recorded it. */
const recorded = async (name: string) =>
  new Blob([await readFile(new URL(`../../../test/vectors/voice/${name}`, import.meta.url))]);
const kind = async (file: Blob) => kindOf(new Uint8Array(await file.slice(0, 4_096).arrayBuffer()));

test("what is sent of a recording is Ogg that says how long it takes; of Safari's it is called a sound", async () => {
  for (const [name, type, seconds] of [
    ["chromium.webm", "audio/ogg", 2.1],
    ["firefox.webm", "audio/ogg", 2.114],
    ["firefox.ogg", "audio/ogg", 2.09],
    // Nobody knew it when this was begun; the page asks its decoder.
    ["chromium.m4a", "audio/mp4", undefined],
  ] as const) {
    const { seen, file } = await recording(await recorded(name));
    assert.deepEqual([seen.kind, seen.type, seen.size, file.type], ["audio", type, file.size, type], name);
    if (seconds === undefined) assert.equal(seen.seconds, undefined);
    else assert.ok(Math.abs((seen.seconds ?? 0) - seconds) < 0.07, `${name}: ${seen.seconds} s`);
    assert.deepEqual(await kind(file), { kind: "audio", type });
  }
});

test("nothing that was recorded is no message", async () => {
  const beginning = (await recorded("chromium.webm")).slice(0, 0x90);
  for (const nothing of [new Blob([]), beginning])
    await assert.rejects(recording(nothing), { kind: "file", detail: "empty" });
});

test("of what comes it is found out how long it takes; what a browser has recorded is played from its copy in Ogg", async () => {
  const ogg = await recorded("firefox.ogg");
  const heard = await listenTo(ogg, await kind(ogg));
  assert.ok(Math.abs((heard.seen.seconds ?? 0) - 2.09) < 0.01);
  assert.equal(heard.picture, undefined);
  const webm = await recorded("chromium.webm");
  const played = await listenTo(webm, await kind(webm));
  assert.deepEqual([played.seen.type, played.seen.seconds], ["audio/webm", 2.1]);
  assert.equal(played.file.size, webm.size, "what is saved is what has come");
  assert.equal(played.picture && (await kind(played.picture)).type, "audio/ogg");
});

test("T60: a sound that says that it takes a million years says nothing of its length", async () => {
  const bytes = new Uint8Array(await (await recorded("firefox.ogg")).arrayBuffer());
  bytes.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], Buffer.from(bytes).lastIndexOf("OggS") + 6);
  const odd = new Blob([bytes]);
  assert.equal((await listenTo(odd, await kind(odd))).seen.seconds, undefined);
});

test("a sound of which nothing would be played comes as what it is, to be saved", async () => {
  const whole = new Uint8Array(await (await recorded("chromium.webm")).arrayBuffer());
  const head = Buffer.from(whole).indexOf("OpusHead");
  // All of it stands before what is to be played.
  whole.set([0xff, 0xff], head + 10);
  const odd = new Blob([whole.subarray(0, 0x400)]);
  const { file, picture } = await listenTo(odd, { kind: "audio", type: "audio/webm" });
  assert.deepEqual([file.size, file.type, picture], [odd.size, "audio/webm", undefined]);
});
