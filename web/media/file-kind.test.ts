import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf } from "./file-kind.ts";

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part)))),
  );

test("a file is what its first bytes say", () => {
  const rows: readonly [Uint8Array, string][] = [
    [bytes([0x89], "PNG\r\n\x1a\n"), "image image/png"],
    [bytes([0xff, 0xd8, 0xff, 0xe1]), "image image/jpeg"],
    [bytes("GIF89a"), "image image/gif"],
    [bytes("RIFF\0\0\0\0WEBPVP8 "), "image image/webp"],
    [bytes("ID3\x04"), "audio audio/mpeg"],
    [bytes([0xff, 0xfb, 0x90, 0x64]), "audio audio/mpeg"],
    [bytes([0xff, 0xf1, 0x50, 0x80]), "audio audio/aac"],
    [bytes("fLaC"), "audio audio/flac"],
    [bytes("RIFF\0\0\0\0WAVEfmt "), "audio audio/wav"],
    [bytes("OggS\0\x02", "\0".repeat(22), "OpusHead"), "audio audio/ogg"],
    [bytes("OggS\0\x02", "\0".repeat(22), "\x01vorbis"), "audio audio/ogg"],
    [bytes("OggS\0\x02", "\0".repeat(22), "\x80theora"), "video video/ogg"],
    [bytes([0x1a, 0x45, 0xdf, 0xa3], "....webm....A_OPUS"), "audio audio/webm"],
    [bytes([0x1a, 0x45, 0xdf, 0xa3], "....webm....V_VP9 A_OPUS"), "video video/webm"],
    [bytes("\0\0\0\x20ftypM4A "), "audio audio/mp4"],
    [bytes("\0\0\0\x20ftypisom"), "video video/mp4"],
    [bytes("\0\0\0\x20ftypqt  "), "video video/mp4"],
  ];
  for (const [first, expected] of rows) {
    const { kind, type } = kindOf(first);
    assert.equal(`${kind} ${type}`, expected);
  }
});

test("T60: whatever runs, marks something up or is not known is a file of the neutral type, whatever it is called", () => {
  for (const first of [
    bytes(""),
    bytes("<!doctype html><script>alert(1)</script>"),
    bytes("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    bytes("<?xml version='1.0'?><svg/>"),
    bytes("%PDF-1.7"),
    bytes("PK\x03\x04"),
    bytes("MZ\x90"),
    bytes("#!/bin/sh"),
    bytes([0x7f], "ELF"),
    bytes("\0\0\0\x20ftypheic"),
    bytes("\0\0\0\x20ftypavif"),
    bytes("RIFF\0\0\0\0AVI "),
    bytes([0x1a, 0x45, 0xdf, 0xa3], "....matroska....V_VP9"),
    bytes("OggS\0\x02", "\0".repeat(22), "fishead"),
    bytes([0xff, 0xff, 0xff, 0xff]),
    bytes([0xfe, 0xff, 0, 60]),
    bytes("BM", "\0".repeat(30)),
    bytes([0x89], "PNG\n"),
    bytes(" GIF89a"),
  ])
    assert.deepEqual(
      kindOf(first),
      { kind: "file", type: "application/octet-stream" },
      Buffer.from(first).toString("latin1"),
    );
});
