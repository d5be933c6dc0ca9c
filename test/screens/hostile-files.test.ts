/** Files of others are looked at, and one's own made ready, by what the worker of files runs, in a real browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chunk, HOSTILE, png } from "./hostile-bytes.ts";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const LONGEST_MS = 20_000;

type Looked = { readonly kind: string; readonly type: string; readonly ms: number; readonly drawn: number };

/** What it was found to be, and, as it would be shown, how wide the browser draws it. */
const look = (bytes: Buffer) =>
  stage.read(`(async () => {
    const { lookAt } = await globalThis.pictures();
    const begun = performance.now();
    const bytes = Uint8Array.fromBase64?.("${bytes.toString("base64")}") ??
      Uint8Array.from(atob("${bytes.toString("base64")}"), (one) => one.charCodeAt(0));
    const { seen, file, picture } = await lookAt(new Blob([bytes], { type: "image/svg+xml" }));
    const image = new Image();
    if (seen.kind === "image") {
      image.src = URL.createObjectURL(picture ?? file);
      document.body.append(image);
      await image.decode().catch(() => undefined);
    }
    const drawn = image.naturalWidth;
    image.remove();
    if (seen.kind === "audio" || seen.kind === "video") {
      const player = document.createElement(seen.kind);
      const settled = new Promise((resolve) => {
        for (const event of ["error", "loadeddata", "stalled", "suspend"]) player.addEventListener(event, resolve);
      });
      player.src = URL.createObjectURL(file);
      document.body.append(player);
      await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 5_000))]);
      await player.play().catch(() => undefined);
      player.remove();
    }
    return { kind: seen.kind, type: seen.type, ms: performance.now() - begun, drawn };
  })()`) as Promise<Looked>;

test("T60: there are hostile files of every kind", () => {
  assert.ok(HOSTILE.length >= 80, `${HOSTILE.length}`);
  assert.equal(new Set(HOSTILE.map(([what]) => what)).size, HOSTILE.length);
});

test("T60: hostile files are shown as what they are, or not at all: nothing runs, nothing breaks, nothing is decoded that is too large", async () => {
  await stage.show("files-pictures");
  for (const [what, bytes, shown] of HOSTILE) {
    const { kind, type, ms, drawn } = await look(bytes);
    const calm = shown === undefined ? "file" : kind === "file" ? "file" : shown;
    assert.equal(kind, calm, what);
    if (kind === "file") assert.equal(type, "application/octet-stream", what);
    if (kind === "image") assert.equal(drawn, 20, `${what} is drawn as large as it is`);
    assert.ok(ms < LONGEST_MS, `${what} took ${ms} ms`);
  }
  assert.equal(await stage.read("globalThis.ran === undefined"), true, "nothing has run");
});

const CANARY = "47.3769N 8.5417E canary";

/** Made ready, with the canary in it before; what comes out, in Latin-1. */
const prepared = (make: string, quality: "smaller" | "original") =>
  stage.read(`(async () => {
    const { prepare } = await globalThis.pictures();
    const canvas = new OffscreenCanvas(400, 200);
    const brush = canvas.getContext("2d");
    brush.fillStyle = "teal";
    brush.fillRect(0, 0, 400, 200);
    const drawn = async (type) => new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
    const canary = new TextEncoder().encode(${JSON.stringify(CANARY)});
    const bytes = await (${make})(drawn, canary);
    const { seen, file } = await prepare(new File([bytes], "a"), "${quality}");
    const out = new Uint8Array(await file.arrayBuffer());
    const latin = (all) => Array.from(all, (one) => String.fromCharCode(one)).join("");
    return { before: latin(bytes), after: latin(out), seen };
  })()`) as Promise<{ before: string; after: string; seen: { type: string; width: number; height: number } }>;

/** As cameras write it: Exif with an orientation (6: to be turned by a quarter) and a place. */
const PHOTO = `async (drawn, canary) => {
  const jpeg = await drawn("image/jpeg");
  const exif = [0x45,0x78,0x69,0x66,0,0, 0x4d,0x4d,0,0x2a,0,0,0,8, 0,1, 0x01,0x12,0,3,0,0,0,1,0,6,0,0, 0,0,0,0, ...canary];
  const length = exif.length + 2;
  return new Uint8Array([0xff,0xd8,0xff,0xe1,length >> 8,length & 255,...exif,...jpeg.slice(2)]);
}`;

test("what a photo says of the person is gone from what is sent, and it stands upright, in full size, too", async () => {
  for (const quality of ["smaller", "original"] as const) {
    const { before, after, seen } = await prepared(PHOTO, quality);
    assert.ok(before.includes(CANARY));
    assert.ok(!after.includes(CANARY) && !after.includes("Exif"));
    assert.deepEqual([seen.type, seen.width, seen.height], ["image/jpeg", 200, 400]);
  }
});

/** RIFF WebP with an Exif part behind its picture, in its extended form (`VP8X` with the bit for Exif). */
const WEBP = `async (drawn, canary) => {
  const plain = await drawn("image/webp");
  const part = (name, body) => {
    const even = body.length + (body.length & 1);
    const out = new Uint8Array(8 + even);
    out.set([...name].map((one) => one.charCodeAt(0)));
    new DataView(out.buffer).setUint32(4, body.length, true);
    out.set(body, 8);
    return out;
  };
  const extended = part("VP8X", [8, 0, 0, 0, 399 & 255, 399 >> 8, 0, 199, 0, 0]);
  const picture = plain.slice(12);
  const own = picture[3] === 0x58 ? picture.slice(18) : picture;
  const exif = part("EXIF", [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, ...canary]);
  const all = [...extended, ...own, ...exif];
  const head = new Uint8Array(12);
  head.set([..."RIFF"].map((one) => one.charCodeAt(0)));
  new DataView(head.buffer).setUint32(4, all.length + 4, true);
  head.set([..."WEBP"].map((one) => one.charCodeAt(0)), 8);
  return new Uint8Array([...head, ...all]);
}`;

test("the place in a WebP, and in the Exif part of a PNG, is gone as well", async () => {
  const exif = Buffer.concat([Buffer.from("4d4d002a0000000800000000", "hex"), Buffer.from(CANARY)]);
  const placed = png(40, 20, undefined, chunk("eXIf", exif));
  const drawing = `async () => Uint8Array.from(atob("${placed.toString("base64")}"), (one) => one.charCodeAt(0))`;
  for (const make of [WEBP, drawing])
    for (const quality of ["smaller", "original"] as const) {
      const { before, after, seen } = await prepared(make, quality);
      assert.ok(before.includes(CANARY));
      assert.ok(!after.includes(CANARY) && !/exif/i.test(after), `${seen.type}, ${quality}`);
      assert.match(seen.type, /^image\//);
    }
});

test("so is what a drawing says, and a moving picture", async () => {
  const noted = png(40, 20, undefined, chunk("tEXt", Buffer.from(`Comment\0${CANARY}`)));
  const drawing = `async () => Uint8Array.from(atob("${noted.toString("base64")}"), (one) => one.charCodeAt(0))`;
  const drawn = await prepared(drawing, "smaller");
  assert.ok(drawn.before.includes(CANARY) && !drawn.after.includes(CANARY));
  assert.equal(drawn.seen.type, "image/png");
  const gif = Buffer.concat([
    Buffer.from("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x21\xfe", "latin1"),
    Buffer.from([CANARY.length]),
    Buffer.from(CANARY),
    Buffer.from("002c0000000001000100000202440100" + "3b", "hex"),
  ]);
  const moving = `async () => Uint8Array.from(atob("${gif.toString("base64")}"), (one) => one.charCodeAt(0))`;
  const moved = await prepared(moving, "smaller");
  assert.ok(moved.before.includes(CANARY) && !moved.after.includes(CANARY));
  assert.equal(moved.seen.type, "image/gif");
});

test("a large photo is sent in 1,920 points, and in all of them on request", async () => {
  const large =
    `async () => new Uint8Array(await (await new OffscreenCanvas(3000, 1500).convertToBlob({ type: "image/jpeg" })).arrayBuffer())
    .map((one) => one)`.replace(
      "new OffscreenCanvas(3000, 1500)",
      "(() => { const it = new OffscreenCanvas(3000, 1500); it.getContext('2d').fillRect(0, 0, 9, 9); return it; })()",
    );
  const smaller = (await prepared(large, "smaller")).seen;
  const original = (await prepared(large, "original")).seen;
  assert.deepEqual([smaller.width, smaller.height], [1_920, 960]);
  assert.deepEqual([original.width, original.height], [3_000, 1_500]);
});
