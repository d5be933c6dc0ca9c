import assert from "node:assert/strict";
import { test } from "node:test";
import { finishedLink, firstLink } from "./first-link.ts";

test("the first link over https is looked at, and none that hides where it leads", () => {
  const rows: readonly [string, string | undefined][] = [
    ["see https://a.example.org/x, and https://b.example.org", "https://a.example.org/x"],
    ["http://a.example.org https://b.example.org", "https://b.example.org/"],
    ["www.example.org", "https://www.example.org/"],
    ["> https://a.example.org\nhttps://b.example.org", "https://b.example.org/"],
    ["https://аpple.com https://b.example.org", "https://b.example.org/"],
    ["xmpp:a@b.example mailto:a@b.example", undefined],
    ["aesgcm://a.example.org/x#00", undefined],
    ["no link", undefined],
  ];
  for (const [text, href] of rows) assert.equal(firstLink(text)?.href, href, text);
});

test("one that is being written is not looked at before something stands behind it", () => {
  assert.equal(finishedLink("https://a.exam"), undefined);
  assert.equal(finishedLink("https://a.example.org/ ")?.href, "https://a.example.org/");
  assert.equal(finishedLink("https://a.example.org.")?.href, "https://a.example.org/");
});
