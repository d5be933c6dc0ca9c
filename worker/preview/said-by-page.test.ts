import assert from "node:assert/strict";
import { test } from "node:test";
import { saidByPage } from "./said-by-page.ts";

test("what a page says of itself is read however its tags are written", () => {
  const rows: readonly [string, object][] = [
    ["<title>A</title>", { title: "A" }],
    ["<TITLE lang=en>\n A\tB </TITLE>", { title: "A B" }],
    ["<title>A &lt;b&gt; &#8212; &hellip; &amp;lt; &unknown; &</title>", { title: "A <b> — … &lt; &unknown; &" }],
    ["<title>no</title><meta content='it' property='og:title'>", { title: "it" }],
    ['<meta name="twitter:title" content="two"><meta property="og:title" content="one">', { title: "one" }],
    ["<meta property=og:title content=bare><meta property=og:title content=second>", { title: "bare" }],
    ['<meta name=description content="a > b"><title>T</title>', { title: "T", description: "a > b" }],
    ["<meta name='description' content = 'it is \"quoted\"' />", { description: 'it is "quoted"' }],
    ["<title>T &toString; &constructor; &valueOf</title>", { title: "T &toString; &constructor; &valueOf" }],
    ['<meta property="og:image" content="//a.example/b.png?x=1&amp;y=2">', { picture: "//a.example/b.png?x=1&y=2" }],
    ['<meta property="og:image" content="a"><meta property="og:image:secure_url" content="b">', { picture: "b" }],
    ["<title></title><title>two</title>", {}],
    ['<meta property="og:title" content="  "><title>T</title>', { title: "T" }],
    ["<link rel=x title='no'><base href='https://evil.example/'><title>T</title>", { title: "T" }],
    ["<title>never closed", { title: "never closed" }],
    ["<meta property='og:title' content='never closed>", {}],
    ['<p title="<title>no</title>"><title>T</title>', { title: "T" }],
    ["a < b <title>T</title>", { title: "T" }],
    ["<!-- <title>no</title> --><title>T</title>", { title: "T" }],
    ["<!-- never closed <title>no</title>", {}],
    ["</head><title>no</title>", {}],
    ["", {}],
  ];
  for (const [page, said] of rows) assert.deepEqual(saidByPage(page), said, page);
});

test("half a megabyte costs what its length does, whatever is in it", () => {
  const size = 512 * 1024;
  const full = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  for (const piece of [
    "<",
    "<!--",
    "<a ",
    "<meta ",
    "<title>",
    "<script>",
    "='",
    '<m a="',
    "</",
    "<meta content=",
    "<title></title>",
    "&#x41;",
    "a=",
    "<script></script>",
    "\u0316",
  ]) {
    saidByPage(full(piece));
    saidByPage(`<title>${full(piece)}`);
    saidByPage(`<meta property="og:title" content="${full(piece.replaceAll('"', ""))}">`);
  }
});
