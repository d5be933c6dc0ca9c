import assert from "node:assert/strict";
import { test } from "node:test";
import type { PictureId } from "../../worker/contract/names.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildMetadata, buildNoMetadata, buildPicture, parseMetadata, parsePicture, requestPicture } from "./avatar.ts";

const ID = "111f4b3c50d7b0df729d299bc6f8e9ef9066971f" as PictureId;
const OTHER = "e279f80c38f99c1e7e53e262b440993b2f7eea57";
const metadata = (infos: string) => stanza(`<metadata xmlns='urn:xmpp:avatar:metadata'>${infos}</metadata>`);

test("a picture is named by the metadata of its owner (XEP-0084, example 3)", () => {
  const info = `<info bytes='12345' height='64' id='${ID}' type='image/png' width='64'/>`;
  assert.equal(parseMetadata(metadata(info)), ID);
  assert.equal(parseMetadata(metadata(info.replace(ID, ID.toUpperCase()))), ID);
});

test("no metadata is no picture (XEP-0084, example 8); what is no metadata says nothing", () => {
  assert.equal(parseMetadata(metadata("")), "none");
  assert.equal(parseMetadata(stanza("<metadata xmlns='urn:other'/>")), undefined);
  assert.equal(parseMetadata(undefined), undefined);
});

test("of several the one is taken that lies in the node; an address would tell a web server who looks", () => {
  const [away, here] = [
    `<info bytes='2000' id='${OTHER}' type='image/png' url='https://web.example/a.png'/>`,
    `<info bytes='2000' id='${ID}' type='image/jpeg'/>`,
  ];
  assert.equal(parseMetadata(metadata(away + here)), ID);
  assert.equal(parseMetadata(metadata(away)), "none");
});

for (const [what, info] of [
  ["an SVG", `bytes='2000' id='${ID}' type='image/svg+xml'`],
  ["more bytes than are shown", `bytes='${LIMITS.pictureBytes + 1}' id='${ID}' type='image/png'`],
  ["no size", `id='${ID}' type='image/png'`],
  ["no hash", `bytes='2000' id='../../x' type='image/png'`],
] as const)
  test(`${what} is not even asked for`, () => assert.equal(parseMetadata(metadata(`<info ${info}/>`)), "none"));

test("its bytes are asked for by its name, and only the item of that name counts", () => {
  assert.equal(
    requestPicture(undefined, ID).toString(),
    line(`<iq type='get'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'>
      <item id='${ID}'/></items></pubsub></iq>`),
  );
  const answer = (id: string, data: string) =>
    stanza(`<iq type='result'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'>
      <item id='${id}'><data xmlns='urn:xmpp:avatar:data'>${data}</data></item></items></pubsub></iq>`);
  assert.equal(parsePicture(answer(ID, "qANQ\n R1DBwU0="), ID), "qANQR1DBwU0=");
  assert.equal(parsePicture(answer(OTHER, "qANQR1DBwU0="), ID), undefined);
  assert.equal(parsePicture(answer(ID, "A".repeat(LIMITS.pictureLength + 4)), ID), undefined, "too large");
  assert.equal(parsePicture(answer(ID, "*"), ID), undefined);
});

test("ours is published as bytes, then metadata, and taken back by metadata that name none", () => {
  assert.equal(buildPicture(ID, "AAAA").payload.toString(), line("<data xmlns='urn:xmpp:avatar:data'>AAAA</data>"));
  const told = buildMetadata({ id: ID, type: "image/png", bytes: 3, width: 2, height: 2 });
  assert.deepEqual([told.id, parseMetadata(told.payload)], [ID, ID]);
  assert.equal(parseMetadata(buildNoMetadata().payload), "none");
});
