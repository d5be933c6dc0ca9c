import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64 } from "../../worker/shared/base64.ts";
import { type LinkDetails, readLinkDetails, writeLinkDetails } from "./link-details.ts";
import { writeDetails } from "./message-details.ts";

const URL_ = "https://a.example.org/page";
const side = (points: number) => points.toString(16).padStart(4, "0");
/** Its header, a table and its frame; what follows nobody looks at. */
const jpeg = (width: number, height: number) =>
  Uint8Array.from(
    Buffer.from(
      `ffd8ffe0000400ffffc4000400ffffc20011 08${side(height)}${side(width)}03012200021101031101ffd9`.replaceAll(
        " ",
        "",
      ),
      "hex",
    ),
  );
const PICTURE = jpeg(120, 80);
const WHOLE: LinkDetails = { url: URL_, title: "A page", description: "and what it is about", picture: PICTURE };

test("what a sender says of a link is read as it was written", () => {
  assert.deepEqual(readLinkDetails(writeLinkDetails(WHOLE), URL_), WHOLE);
  assert.deepEqual(readLinkDetails(writeLinkDetails({ url: URL_, title: "x" }), URL_), { url: URL_, title: "x" });
});

test("T59: it counts for the link that the text shows, and for no other", () => {
  const details = writeLinkDetails(WHOLE);
  for (const other of ["https://a.example.org/", "https://b.example.org/page", `${URL_}?`, ""])
    assert.equal(readLinkDetails(details, other), undefined, other);
});

test("T59: of what somebody else writes only what can be meant is read", () => {
  const read = (link: unknown) => readLinkDetails(writeDetails({ links: [link] }), URL_);
  const said = (more: object) => read({ url: URL_, title: "T", ...more });
  const plain = { url: URL_, title: "T" };
  assert.deepEqual(said({}), plain);
  assert.deepEqual(said({ title: " gpj\u202e.exe\n" }), { url: URL_, title: "gpj.exe" });
  assert.equal(said({ title: "\u200b" }), undefined);
  assert.equal(said({ title: 7 }), undefined);
  assert.deepEqual(said({ description: ["x"] }), plain);
  const words = said({ title: "t".repeat(900), description: "d".repeat(900) });
  assert.deepEqual([words?.title?.length, words?.description?.length], [200, 300]);
  const none = ["", "!!"];
  const texts = ["<svg onload=alert(1)>", "\x89PNG\r\n", "GIF89a"].map((one) =>
    toBase64(new TextEncoder().encode(one)),
  );
  const sizes = [jpeg(161, 10), jpeg(10, 65_535), jpeg(0, 10), jpeg(10, 0), PICTURE.slice(0, 20)].map(toBase64);
  for (const picture of [...none, ...texts, ...sizes, toBase64(new Uint8Array(4_000).fill(0xff)), 7, {}])
    assert.deepEqual(said({ picture }), plain, JSON.stringify(picture).slice(0, 40));
  assert.deepEqual(said({ picture: toBase64(jpeg(160, 160)) })?.picture?.length, PICTURE.length);
  for (const nothing of [
    undefined,
    "",
    "null",
    "{}",
    '{"links":{}}',
    '{"links":[]}',
    '{"links":[null]}',
    '{"links":[7]}',
  ])
    assert.equal(readLinkDetails(nothing, URL_), undefined, nothing);
});

test("a picture that does not fit stays behind, and the words go", () => {
  const large = { ...WHOLE, picture: new Uint8Array(40_000) };
  assert.deepEqual(readLinkDetails(writeLinkDetails(large), URL_), {
    url: URL_,
    title: "A page",
    description: "and what it is about",
  });
});
