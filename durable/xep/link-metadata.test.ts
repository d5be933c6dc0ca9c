import assert from "node:assert/strict";
import { test } from "node:test";
import { stanza } from "../testing/stanza.ts";
import { parseSaidLink } from "./link-metadata.ts";

const LINK = "https://the.link.example/what-was-linked-to";
const described = (inside: string, about = LINK) =>
  `<rdf:Description xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:og='https://ogp.me/ns#'
    rdf:about='${about}'>${inside}</rdf:Description>`;
const TITLE = "<og:title>Page Title</og:title>";
const said = (inside: string, text = `I wanted to mention ${LINK}`) =>
  parseSaidLink(stanza(`<message type='chat'>${inside}</message>`), text);

test("0511: what a sender says of the link in their text, and no picture of it", () => {
  const all = `${TITLE}<og:description>Page\n  description</og:description><og:url>https://other.example/</og:url>
    <og:image>https://pictures.example/seen.png</og:image>`;
  assert.deepEqual(said(described(all)), { url: LINK, title: "Page Title", description: "Page description" });
  assert.deepEqual(said(described(TITLE).replace("https://ogp", "http://ogp")), { url: LINK, title: "Page Title" });
  const renamed = described(TITLE).replaceAll("rdf:", "x:").replace("xmlns:rdf", "xmlns:x");
  assert.deepEqual(said(renamed), { url: LINK, title: "Page Title" });
  const two = `${described(TITLE, "https://b.example/")}${described(TITLE)}`;
  assert.equal(said(two)?.url, LINK, "the one that the text has");
  assert.equal(said(described(TITLE, "https://b.example"), "see https://b.example")?.url, "https://b.example/");
});

test("T60: a link that the text has not, that is no page, or of which nothing is said, says nothing", () => {
  assert.equal(said(described(TITLE, "https://bank.example/")), undefined);
  for (const odd of ["javascript:alert(1)", "http://the.link.example/", "https://", `${LINK}/${"x".repeat(2_100)}`])
    assert.equal(said(described(TITLE, odd), `${odd} ${odd}`), undefined, odd);
  for (const nothing of [
    "",
    "<og:title> \u202e </og:title>",
    "<title>x</title>",
    "<og:image>https://a.example/b</og:image>",
  ])
    assert.equal(said(described(nothing)), undefined, nothing);
  assert.equal(said(described(TITLE).replace("22-rdf-syntax", "other")), undefined);
  const long = said(described(`<og:title>${"t".repeat(900)}</og:title>`))?.title;
  assert.equal(long?.length, 200);
  assert.equal(said(`${described("").repeat(5)}${described(TITLE)}`), undefined, "nobody describes so many");
});
