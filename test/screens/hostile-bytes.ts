/** Files that somebody sends who means no good, or whose program is broken. */
import { deflateSync } from "node:zlib";

const text = (words: string) => Buffer.from(words);
const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  }
  return ~crc >>> 0;
}

export function chunk(name: string, body: Buffer): Buffer {
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(Buffer.concat([text(name), body])));
  return Buffer.concat([length, text(name), body, check]);
}

/** Grey points, eight bits each; `data`: in place of as many as there are. */
export function png(width: number, height: number, data?: Buffer, ...more: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const points = data ?? deflateSync(Buffer.alloc((width + 1) * height));
  const body = [chunk("IHDR", header), ...more, chunk("IDAT", points), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([hex("89504e470d0a1a0a"), ...body]);
}

const side = (points: number) => points.toString(16).padStart(4, "0");
const jpegHead = (width: number, height: number) =>
  hex(`ffd8ffe000104a46494600010100000100010000 ffc0001108${side(height)}${side(width)}03012200021101031101`);
const SCRIPT = "<script>globalThis.ran = true; alert(1)</script>";
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="globalThis.ran = true">${SCRIPT}</svg>`;

function webp(width: number, height: number): Buffer {
  const file = Buffer.alloc(40);
  file.write("RIFF");
  file.writeUInt32LE(32, 4);
  file.write("WEBPVP8X", 8);
  file.writeUIntLE(width - 1, 24, 3);
  file.writeUIntLE(height - 1, 27, 3);
  return file;
}

function gifHead(width: number, height: number): Buffer {
  const head = Buffer.concat([text("GIF89a"), Buffer.alloc(7)]);
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  return head;
}

const small = png(20, 10);
const FILM = Buffer.concat([hex("00000010"), text("ftypisom"), Buffer.alloc(4)]);
const WEBM = Buffer.concat([hex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d"), hex("4287810442858102")]);
/** Fifty million bytes that are small until they are unpacked. */
const bomb = (before: string) => Buffer.concat([text(before), deflateSync(Buffer.alloc(50_000_000))]);

/** `shown`: what of it may be shown all the same; nothing else of these may be. */
export const HOSTILE: readonly (readonly [what: string, bytes: Buffer, shown?: "image" | "video" | "audio"])[] = [
  ["nothing but one byte", Buffer.alloc(1)],
  ["SVG with a script", text(SVG)],
  ["SVG behind a declaration", text(`<?xml version="1.0"?>\n<!DOCTYPE svg>\n${SVG}`)],
  ["SVG in UTF-16", Buffer.from(`\ufeff${SVG}`, "utf16le")],
  ["HTML", text(`<!doctype html>${SCRIPT}`)],
  ["HTML behind a byte order mark", text(`\ufeff<html>${SCRIPT}`)],
  ["XHTML", text(`<html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`)],
  ["a page as an archive", text(`MIME-Version: 1.0\nContent-Type: text/html\n\n${SCRIPT}`)],
  ["a script", text("globalThis.ran = true")],
  ["a module of WebAssembly", hex("0061736d01000000")],
  ["PDF", text("%PDF-1.7 /OpenAction << /S /JavaScript >>")],
  ["a program of Windows", text("MZ\x90\0this program cannot be run")],
  ["a program of Linux", hex("7f454c46020101")],
  ["an archive", hex("504b030414000000")],
  ["Flash", text("FWS\x08")],
  ["RTF", text("{\\rtf1\\object}")],
  ["HEIC", Buffer.concat([hex("00000020"), text("ftypheic")])],
  ["AVIF", Buffer.concat([hex("00000020"), text("ftypavif")])],
  ["a bitmap of Windows", Buffer.concat([text("BM"), Buffer.alloc(60)])],
  ["an icon of Windows", hex("00000100010010100000010020")],
  ["a GIF that is a script", text("GIF89a=1;globalThis.ran=true;//")],
  ["a GIF of 65,535 × 65,535", Buffer.concat([gifHead(65_535, 65_535), text(";")])],
  ["a GIF that ends after its header", gifHead(10, 10)],
  ["a PNG that goes on as HTML", Buffer.concat([small, text(SCRIPT)])],
  ["a PNG header and HTML", Buffer.concat([hex("89504e470d0a1a0a"), text(`<html>${SCRIPT}`)])],
  ["a PNG of 50,000 × 50,000", png(50_000, 50_000, deflateSync(Buffer.alloc(100)))],
  ["a PNG of 16,385 × 1", png(16_385, 1)],
  ["a PNG of 16,000 × 16,000", png(16_000, 16_000, deflateSync(Buffer.alloc(100)))],
  ["a PNG of no points", png(0, 0)],
  ["a PNG of 2^32 − 1", png(0xffffffff, 0xffffffff, deflateSync(Buffer.alloc(10)))],
  ["a PNG cut off", small.subarray(0, small.length - 14)],
  ["a PNG whose points are no points", png(20, 10, text("no points at all")), "image"],
  ["a PNG with 200 MB behind its points", png(20, 10, deflateSync(Buffer.alloc(200_000_000))), "image"],
  ["a PNG with a note that is HTML", png(20, 10, undefined, chunk("tEXt", text(`Comment\0${SCRIPT}`))), "image"],
  ["a JPEG of its header alone", jpegHead(20, 10)],
  ["a JPEG of 65,535 × 65,535", Buffer.concat([jpegHead(65_535, 65_535), hex("ffd9")])],
  ["a JPEG of no points", Buffer.concat([jpegHead(0, 0), hex("ffd9")])],
  ["a JPEG that goes round in circles", hex(`ffd8ff${"ff".repeat(5_000)}`)],
  ["a JPEG whose parts have no length", hex(`ffd8${"ffe00000".repeat(500)}`)],
  ["a WebP of 16 million points a side", webp(16_777_216, 16_777_216)],
  ["a WebP with nothing in it", webp(20, 10)],
  ["a WebP cut off", webp(20, 10).subarray(0, 25)],
  ["PDF and an archive in one", Buffer.concat([text("%PDF-1.7\n"), hex("504b0304"), text(SCRIPT)])],
  ["the first half of a PNG's name and HTML", Buffer.concat([hex("89504e47"), text(`<html>${SCRIPT}`)])],
  ["a JPEG's first bytes and a page", Buffer.concat([hex("ffd8ffe00010"), text(`<?php ?>${SCRIPT}`)])],
  ["a GIF's first bytes and SVG", text(`GIF89a${SVG}`)],
  ["a WebP that is a script", text("RIFF=1;/WEBP*/globalThis.ran=true;//WEBP")],
  ["a sound's first bytes and HTML", text(`OggS${SCRIPT}`)],
  ["a playlist of the network", text("#EXTM3U\nhttps://evil.example.org/a.ts\n")],
  ["an entry of a desktop", text("[Desktop Entry]\nExec=sh -c true\n")],
  ["PostScript", text("%!PS-Adobe-3.0\n")],
  ["TIFF", hex("49492a0008000000")],
  ["JPEG XL", hex("ff0a")],
  ["a drawing of Photoshop", text("8BPS\0\x01")],
  ["a picture that is C", text("#define x_width 20\n#define x_height 10\nstatic char x_bits[] = { 0 };")],
  ["a PNG whose names are in another case", Buffer.from(small.toString("latin1").replace("IHDR", "ihdr"), "latin1")],
  ["a PNG without points", Buffer.concat([small.subarray(0, 33), chunk("IEND", Buffer.alloc(0))])],
  ["a PNG cut off in its points", small.subarray(0, 50)],
  ["a PNG of 8,000 × 8,000", png(8_000, 8_000, deflateSync(Buffer.alloc(100)))],
  ["a PNG whose sums are wrong", Buffer.from(small.map((byte, at) => (at === 45 ? byte ^ 1 : byte))), "image"],
  ["a PNG with 50 MB of colours in 50 KB", png(20, 10, undefined, chunk("iCCP", bomb("x\0\0"))), "image"],
  ["a PNG with a note of 50 MB in 50 KB", png(20, 10, undefined, chunk("zTXt", bomb("x\0\0"))), "image"],
  ["a PNG of four thousand million frames", png(20, 10, undefined, chunk("acTL", hex("ffffffff00000000"))), "image"],
  [
    "a PNG with five thousand notes",
    png(20, 10, undefined, ...Array<Buffer>(5_000).fill(chunk("tEXt", text("a\0b")))),
    "image",
  ],
  ["a GIF of 4,097 × 4,097", Buffer.concat([gifHead(4_097, 4_097), hex("2c00000000011001100002024c0100"), text(";")])],
  ["a GIF cut off in its picture", Buffer.concat([gifHead(20, 10), hex("2c0000000014000a0000")])],
  ["a JPEG of 50,000 × 50,000", Buffer.concat([jpegHead(50_000, 50_000), hex("ffd9")])],
  ["a JPEG cut off in its tables", Buffer.concat([jpegHead(20, 10), hex("ffdb0043 00")])],
  ["a WebP of 50,000 × 50,000", webp(50_000, 50_000)],
  ["a film that is HTML", Buffer.concat([hex("00000020"), text(`ftypisom${SCRIPT}`)]), "video"],
  [
    "a film whose part is 2^63 long",
    Buffer.concat([FILM, hex("00000001"), text("moov"), hex("7fffffffffffffff")]),
    "video",
  ],
  ["a film whose part has no length", Buffer.concat([FILM, hex("00000000"), text("moov")]), "video"],
  ["a film of parts in parts", Buffer.concat([FILM, ...Array<Buffer>(500).fill(hex("7fffffff6d6f6f76"))]), "video"],
  ["a film cut off after its name", FILM, "video"],
  ["a WebM of noise", Buffer.concat([WEBM, Buffer.alloc(5_000, 0xa5)]), "video"],
  ["a WebM that is a script", Buffer.concat([WEBM, text(SCRIPT)]), "video"],
  ["a WebM cut off after its name", WEBM, "video"],
  ["a sound of four thousand million bytes", Buffer.concat([text("RIFF"), hex("ffffffff"), text("WAVEfmt ")]), "audio"],
  ["a WAV of no rate", Buffer.concat([text("RIFF"), hex("24000000"), text("WAVEfmt "), Buffer.alloc(40)]), "audio"],
  ["a FLAC with nothing in it", Buffer.concat([text("fLaC"), hex("ffffffff")]), "audio"],
  ["a single frame of MPEG", Buffer.concat([hex("fffb9064"), Buffer.alloc(100)]), "audio"],
  ["a sound with a title of HTML", Buffer.concat([hex("49443303000000002000"), text(`TIT2${SCRIPT}`)]), "audio"],
  ["ADTS of noise", Buffer.concat([hex("fff1"), Buffer.alloc(5_000, 0x5a)]), "audio"],
  ["a film of noise", Buffer.concat([hex("00000020"), text("ftypisom"), Buffer.alloc(5_000, 0xa5)]), "video"],
  [
    "a sound of noise",
    Buffer.concat([text("OggS\0\x02"), Buffer.alloc(22), text("OpusHead"), Buffer.alloc(5_000, 0xa5)]),
    "audio",
  ],
  ["a sound of noise in MPEG", Buffer.concat([text("ID3"), Buffer.alloc(5_000, 0xa5)]), "audio"],
];
