import assert from "node:assert/strict";
import { test } from "node:test";
import { stanza } from "../testing/stanza.ts";
import { parseCardPhoto, parsePhoto } from "./vcard.ts";

const update = (inner: string) => stanza(`<presence><x xmlns='vcard-temp:x:update'>${inner}</x></presence>`);

test("presence says which picture somebody has (XEP-0153, example 4), that they have none, or nothing", () => {
  const hash = "01b87fcd030b72895ff8e88db57ec525450f000d";
  assert.equal(parsePhoto(update(`<photo>${hash}</photo>`)), hash);
  assert.equal(parsePhoto(update("<photo/>")), "none");
  assert.equal(parsePhoto(update("")), undefined, "not ready to say");
  assert.equal(parsePhoto(update("<photo>sha1-hash-of-image</photo>")), undefined);
  assert.equal(parsePhoto(stanza("<presence/>")), undefined);
});

test("the picture of a card is its BINVAL; one that lies somewhere else is not fetched", () => {
  const card = (photo: string) => stanza(`<iq type='result'><vCard xmlns='vcard-temp'>${photo}</vCard></iq>`);
  assert.equal(parseCardPhoto(card("<PHOTO><TYPE>image/png</TYPE><BINVAL>AA\nAA</BINVAL></PHOTO>")), "AAAA");
  assert.equal(parseCardPhoto(card("<PHOTO><EXTVAL>https://web.example/a.png</EXTVAL></PHOTO>")), undefined);
  assert.equal(parseCardPhoto(card("")), undefined);
});
