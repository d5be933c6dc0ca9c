import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutNotes } from "./gif.ts";

const of = (...hexes: readonly string[]) => new Uint8Array(Buffer.from(hexes.join("").replaceAll(" ", ""), "hex"));
const text = (words: string) => Buffer.from(words).toString("hex");

const HEADER = `${text("GIF89a")} 0100 0100 80 00 00 000000 ffffff`;
const LOOP = `21ff0b ${text("NETSCAPE2.0")} 03 01 0000 00`;
const CONTROL = "21f904 00 0a00 00 00";
const FRAME = "2c 0000 0000 0100 0100 00 02 02 4401 00";
const COMMENT = `21fe 05 ${text("hello")} 00`;
const XMP = `21ff0b ${text("XMP DataXMP")} 04 ${text("GPS!")} 00`;
const WORDS = `2101 0c 000000000000000000000000 02 ${text("hi")} 00`;

test("a moving picture keeps its frames and how often it is repeated, and loses every note", () => {
  const clean = of(HEADER, LOOP, CONTROL, FRAME, CONTROL, FRAME, "3b");
  assert.deepEqual(withoutNotes(clean), clean);
  const noted = of(
    HEADER,
    COMMENT,
    LOOP,
    XMP,
    CONTROL,
    FRAME,
    COMMENT,
    WORDS,
    CONTROL,
    FRAME,
    XMP,
    "3b",
    text("behind"),
  );
  assert.deepEqual(withoutNotes(noted), clean);
});

test("one with a table of colours of its own for a frame is walked through as well", () => {
  const frame = `2c 0000 0000 0100 0100 81 ${"00".repeat(12)} 02 02 4401 00`;
  const clean = of(HEADER, frame, "3b");
  assert.deepEqual(withoutNotes(of(HEADER, frame, COMMENT, "3b")), clean);
});

test("what is not whole, or is written otherwise, is none", () => {
  for (const bytes of [
    of(HEADER),
    of(HEADER, FRAME),
    of(HEADER, FRAME.slice(0, -3)),
    of(HEADER, "21fe ff 00"),
    of(HEADER, FRAME, "00", "3b"),
    of(text("GIF89a")),
    of(""),
  ])
    assert.equal(withoutNotes(bytes), undefined);
});
