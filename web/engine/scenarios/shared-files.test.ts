/** Files that come in clear beside a text, and what is known of the file of a message. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { MessageContent } from "../../../worker/contract/entries.ts";
import { readLinkDetails } from "../../media/link-details.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

const FILE = { url: "https://files.example/9f2c/a.jpg", name: "a.jpg", type: "image/jpeg", size: 900 } as const;
const SEEN = { kind: "image", type: "image/jpeg", size: 900, width: 40, height: 30 } as const;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});

afterEach(() => fixture.end());

const comes = async (content: MessageContent) => {
  fixture.object(ALICE).deliver({ chat: BOB, sender: BOB as BareJid, content });
  await until(async () => (await alice.items(BOB)).length === 1);
  return (await alice.items(BOB))[0];
};
const last = () => alice.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.last;

it("what a sender says of a file in clear stands with its text, and in the line of the list", async () => {
  const item = await comes({ kind: "clear", text: FILE.url, file: FILE });
  assert.deepEqual(item?.shared, FILE);
  assert.deepEqual(last()?.shared, FILE);
});

it("what a sender in clear says of their link stands beside the text as it does in encrypted ones", async () => {
  const link = { url: "https://page.example/a", title: "A page", description: "of somebody" };
  const item = await comes({ kind: "clear", text: `look: ${link.url}`, link });
  const details = item?.body.kind === "text" ? item.body.details : undefined;
  assert.deepEqual(readLinkDetails(details, link.url), link);
});

it("a file without a text is a message, too", async () => {
  const item = await comes({ kind: "happening", what: "file", file: FILE });
  assert.deepEqual([item?.body, item?.shared], [{ kind: "reason", reason: "file" }, FILE]);
});

it("what a file was found to be stays with its message, until that is deleted here", async () => {
  const item = await comes({ kind: "clear", text: FILE.url, file: FILE });
  const key = item?.key ?? "";
  assert.ok((await alice.engine.noteFile({ key, seen: SEEN })).ok);
  assert.deepEqual((await alice.items(BOB))[0]?.seen, SEEN);
  await alice.engine.forget({ keys: [key] });
  const unknown = { ok: false, error: { kind: "not-found" } };
  assert.deepEqual(await alice.engine.noteFile({ key, seen: SEEN }), unknown);
  assert.deepEqual(await alice.engine.noteFile({ key: "nobody", seen: SEEN }), unknown);
  assert.deepEqual(await alice.items(BOB), []);
});

it("beside an encrypted text nothing of a file leaves in clear, whatever the page says", async () => {
  await alice.send({ chat: BOB, text: "aesgcm://files.example/a", file: FILE });
  await bob.waitForTexts(ALICE, ["aesgcm://files.example/a"]);
  const { sends } = fixture.object(ALICE);
  assert.ok(sends.length > 0 && !JSON.stringify(sends).includes("files.example"));
  assert.equal((await alice.items(BOB)).at(-1)?.shared, undefined);
});
