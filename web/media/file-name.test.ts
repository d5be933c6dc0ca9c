import assert from "node:assert/strict";
import { test } from "node:test";
import { NEUTRAL_TYPE, type SeenKind } from "./file-kind.ts";
import { cleanName, guessedKind, nameInLink } from "./file-name.ts";

const FILE: SeenKind = { kind: "file", type: NEUTRAL_TYPE };
const JPEG: SeenKind = { kind: "image", type: "image/jpeg" };

test("T60: a name is saved without its path, without what turns or hides it, and never longer than 100 characters", () => {
  const rows: readonly [string, SeenKind | undefined, string][] = [
    ["report.pdf", FILE, "report.pdf"],
    ["Ferien in Köln.jpg", JPEG, "Ferien in Köln.jpg"],
    ["صورة.jpg", JPEG, "صورة.jpg"],
    ["../../etc/passwd", FILE, "passwd"],
    ["..\\..\\autorun.inf", FILE, "autorun.inf"],
    ["/", FILE, "file"],
    ["", FILE, "file"],
    ["..", FILE, "file"],
    [".bashrc", FILE, "bashrc"],
    ["photo\u202egpj.exe", FILE, "photogpj.exe"],
    ["a\u200bb\u00adc.txt", FILE, "abc.txt"],
    ["line\nbreak\u0000.txt", FILE, "line_break_.txt"],
    ["name.txt ", FILE, "name.txt"],
    ["name.txt...", FILE, "name.txt"],
    ["CON", FILE, "_CON"],
    ["nul.txt", FILE, "_nul.txt"],
    ['a<b>c:"d|e?f*.txt', FILE, "a_b_c__d_e_f_.txt"],
    ["x".repeat(255), FILE, "x".repeat(100)],
    [`${"x".repeat(255)}.jpg`, JPEG, `${"x".repeat(96)}.jpg`],
    [`${"👍".repeat(200)}.jpg`, JPEG, `${"👍".repeat(96)}.jpg`],
  ];
  for (const [given, seen, expected] of rows) assert.equal(cleanName(given, seen), expected, JSON.stringify(given));
});

test("T60: what is called like something else than it is gets an ending that says what it is, or that opens nothing", () => {
  const rows: readonly [string, SeenKind | undefined, string][] = [
    ["photo.jpg", FILE, "photo.jpg.bin"],
    ["song.MP3", FILE, "song.MP3.bin"],
    ["photo.png", JPEG, "photo.png.jpg"],
    ["photo.JPEG", JPEG, "photo.JPEG"],
    ["setup.exe", JPEG, "setup.exe.jpg"],
    ["photo", JPEG, "photo.jpg"],
    ["page.html", FILE, "page.html"],
    // Nobody has looked yet: it is called what it is called.
    ["photo.jpg", undefined, "photo.jpg"],
  ];
  for (const [given, seen, expected] of rows) assert.equal(cleanName(given, seen), expected);
});

test("the name in a link is read as it was written, and lets expect something of it", () => {
  assert.equal(nameInLink("https://files.example/a/b/Bild%20%C3%A4.jpg?x=y"), "Bild ä.jpg");
  assert.equal(nameInLink("https://files.example/a/%zz.jpg"), "%zz.jpg");
  assert.equal(nameInLink("https://files.example/"), "");
  const kinds = ["a.jpg", "a.PNG", "a.ogg", "a.mp4", "a.m4a", "a.svg", "a.html", "a", "a.jpg.exe"].map(guessedKind);
  assert.deepEqual(kinds, ["image", "image", "audio", "video", "audio", "file", "file", "file", "file"]);
});

test("T60: a name of nine megabytes is cut without being read again for each of its letters: that would not end", () => {
  for (const name of ["a".repeat(9_000_000), "\u202e".repeat(3_000_000), "/".repeat(9_000_000)])
    assert.ok(cleanName(name, FILE).length <= 100);
});
