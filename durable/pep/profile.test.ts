import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Element } from "@xmpp/xml";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { storesOf } from "../testing/stores.ts";
import { setNick, setPicture } from "./profile.ts";

const ME = "me@a.example" as BareJid;
/** The smallest PNG: one transparent point. Its SHA-1 by `sha1sum`. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

let stores: ReturnType<typeof storesOf>;
let asked: string[];
let refuses: RegExp | undefined;

const link = {
  request: async (iq: Element): Promise<RequestResult> => {
    asked.push(String(iq));
    if (refuses?.test(String(iq)) === true)
      return { ok: false, error: { kind: "stanza-error", condition: "not-allowed" } };
    return { ok: true, value: iq };
  },
};

beforeEach(() => {
  stores = storesOf(ME);
  asked = [];
  refuses = undefined;
});

const nodes = () => asked.map((iq) => /node="([^"]+)"/.exec(iq)?.[1]);
const png = { type: "image/png", data: PNG, width: 1, height: 1 } as const;

test("what we call ourselves is published for those who see our presence, and is known here at once", async () => {
  assert.equal((await setNick(stores, link, " Moss ")).ok, true);
  assert.match(asked[0] ?? "", /<nick xmlns="http:\/\/jabber.org\/protocol\/nick">Moss<\/nick>/);
  assert.match(asked[0] ?? "", /access_model"><value>presence</);
  assert.equal(stores.contacts.get(ME).nick, "Moss");
  await setNick(stores, link, "");
  assert.equal(stores.contacts.get(ME).nick, undefined);
});

test("a picture goes out as its bytes, then as what is told of it, both for contacts alone", async () => {
  assert.equal((await setPicture(stores, link, png)).ok, true);
  assert.deepEqual(nodes(), ["urn:xmpp:avatar:data", "urn:xmpp:avatar:metadata"]);
  for (const iq of asked) assert.match(iq, /access_model"><value>presence</);
  const id = stores.contacts.get(ME).picture ?? "";
  assert.match(id, /^[0-9a-f]{40}$/);
  assert.match(asked[1] ?? "", new RegExp(`<info id="${id}" type="image/png" bytes="70" width="1" height="1"/>`));
});

test("one that is taken back is told to be none, and its bytes go", async () => {
  await setPicture(stores, link, png);
  asked = [];
  assert.equal((await setPicture(stores, link, undefined)).ok, true);
  assert.deepEqual(nodes(), ["urn:xmpp:avatar:metadata", "urn:xmpp:avatar:data"]);
  assert.match(asked[0] ?? "", /<metadata xmlns="urn:xmpp:avatar:metadata"\/>/);
  assert.equal(stores.contacts.get(ME).picture, undefined);
});

test("bytes that the server does not take away are not said to be gone", async () => {
  await setPicture(stores, link, png);
  refuses = /<delete /;
  assert.deepEqual(await setPicture(stores, link, undefined), {
    ok: false,
    error: { kind: "peer-refused", detail: "not-allowed" },
  });
});

test("what a server refuses is known as refused, and changes nothing here", async () => {
  refuses = /avatar:metadata/;
  assert.deepEqual(await setPicture(stores, link, png), {
    ok: false,
    error: { kind: "peer-refused", detail: "not-allowed" },
  });
  assert.equal(stores.contacts.get(ME).picture, undefined);
});

for (const [what, picture] of [
  ["an SVG that is called a PNG", { ...png, data: btoa("<svg xmlns='http://www.w3.org/2000/svg'/>") }],
  ["a JPEG that is called a PNG", { ...png, data: btoa("\u00ff\u00d8\u00ff\u00e0") }],
  [
    "more bytes than are published",
    { ...png, data: PNG.slice(0, 12) + "A".repeat((LIMITS.ownPictureBytes / 3) * 4 + 8) },
  ],
] as const)
  test(`${what} is not published`, async () => {
    const answer = await setPicture(stores, link, picture);
    assert.deepEqual([answer.ok, asked], [false, []]);
  });
