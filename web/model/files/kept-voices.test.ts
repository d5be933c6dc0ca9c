import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { deleteDB } from "idb";
import type { BareJid } from "../../../worker/contract/names.ts";
import { KeptUploads } from "../../engine/media/kept-uploads.ts";
import { FileWorking } from "../../engine/media/working.ts";
import type { FileReply, FileWork, PageId } from "../../engine/protocol/files.ts";
import { KeptVoices } from "./kept-voices.ts";

const ALICE = "alice@a.example" as BareJid;
const [BOB, CAROL] = ["bob@b.example", "carol@c.example"] as unknown as readonly [BareJid, BareJid];

let held: Set<string>;
let broken: boolean;

beforeEach(async () => {
  held = new Set();
  broken = false;
  await deleteDB(`alcove-uploads:${ALICE}`);
});

/** A page of the account with its worker; those of one test have one disk. */
function page(any = true) {
  const asked: string[] = [];
  const heard = new Map<number, (reply: FileReply) => void>();
  const working = new FileWorking((reply) => heard.get(reply.id)?.(reply));
  const own = new Set<string>();
  const ask = (work: FileWork, listener: (reply: FileReply) => void) => {
    asked.push(work.kind);
    const id = asked.length;
    heard.set(id, listener);
    if (broken) queueMicrotask(() => listener({ id, failure: { kind: "not-loaded" } }));
    else working.ask({ id, account: ALICE, page: "here" as unknown as PageId, work });
    return () => undefined;
  };
  const hold = async (name: string) => {
    if (held.has(name)) return undefined;
    held.add(name);
    own.add(name);
    return () => {
      held.delete(name);
    };
  };
  const goes = () => {
    for (const name of own) held.delete(name);
  };
  const voices = new KeptVoices({ asking: { ask }, any: async () => any, hold });
  return { voices, asked, goes };
}

/** All that is kept of recordings, as words. */
const kept = () =>
  KeptUploads.with(ALICE, async (uploads) =>
    Promise.all((await uploads.voices()).map(async (name) => (await uploads.heard(name))?.text())),
  );
const is = async (words: readonly string[]) => {
  while (JSON.stringify(await kept()) !== JSON.stringify(words)) await new Promise((resolve) => setTimeout(resolve, 2));
};
const said = (pieces: readonly string[]) => pieces.map((piece) => new Blob([piece]));

test("a page that goes leaves what was said in its conversation to the next one, and to that alone", async () => {
  const one = page();
  const keeping = one.voices.begin(BOB);
  for (const piece of said(["one ", "two ", "three"])) keeping.add(piece);
  await is(["one two three"]);
  const [two, three] = [page(), page()];
  assert.equal(await two.voices.left(BOB), undefined, "the page is there");
  one.goes();
  assert.equal(await two.voices.left(CAROL), undefined);
  const left = await two.voices.left(BOB);
  assert.equal(await left?.recorded.text(), "one two three");
  assert.equal(await three.voices.left(BOB), undefined, "it is another page's");
  left?.keeping.drop();
  await is([]);
});

test("of several the one that was begun first comes first; what whoever is gone has left is the next page's", async () => {
  mock.timers.enable({ apis: ["Date"], now: 9_999 });
  const one = page();
  const words = ["first", "second", "third", "fourth", "fifth"];
  for (const word of words) {
    one.voices.begin(BOB).add(new Blob([word]));
    mock.timers.tick(1);
  }
  mock.timers.reset();
  while ((await kept()).length < words.length) await new Promise((resolve) => setTimeout(resolve, 2));
  one.goes();
  const [two, three] = [page(), page()];
  const left = [];
  for (const _word of words) left.push(await two.voices.left(BOB));
  assert.deepEqual(await Promise.all(left.map(async (one) => one?.recorded.text())), words);
  assert.equal(await three.voices.left(BOB), undefined);
  for (const one of left) one?.keeping.leave();
  while (held.size > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(await (await three.voices.left(BOB))?.recorded.text(), "first", "nothing of it is gone");
});

test("what was dropped is gone, also what was on its way", async () => {
  const { voices } = page();
  const keeping = voices.begin(BOB);
  for (const piece of said(["one ", "two"])) keeping.add(piece);
  keeping.drop();
  const other = voices.begin(CAROL);
  other.add(new Blob(["other"]));
  await is(["other"]);
  assert.equal(keeping.kept, true);
  assert.equal(held.size, 1);
});

test("where something of it was not kept, it says so, and adds nothing behind that", async () => {
  const { voices, asked } = page();
  const keeping = voices.begin(BOB);
  keeping.add(new Blob(["one"]));
  await is(["one"]);
  broken = true;
  keeping.add(new Blob(["two"]));
  while (keeping.kept) await new Promise((resolve) => setTimeout(resolve, 2));
  broken = false;
  keeping.add(new Blob(["three"]));
  keeping.drop();
  await is([]);
  assert.deepEqual(asked, ["said", "said", "unsaid"]);
});

test("uploads that are looked through take no recording away", async () => {
  const { voices } = page();
  voices.begin(BOB).add(new Blob(["one"]));
  await is(["one"]);
  assert.deepEqual(await KeptUploads.with(ALICE, (uploads) => uploads.all()), []);
  assert.deepEqual(await kept(), ["one"]);
});

test("where nothing was ever kept no worker is begun to look", async () => {
  const { voices, asked } = page(false);
  assert.equal(await voices.left(BOB), undefined);
  assert.deepEqual(asked, []);
});

test("the last piece of a recorder that is thrown away is not kept", async () => {
  const { voices } = page();
  const keeping = voices.begin(BOB);
  for (const piece of said(["one ", "two "])) keeping.add(piece);
  await is(["one two "]);
  keeping.drop();
  for (const piece of said(["late"])) keeping.add(piece);
  await is([]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(await kept(), []);
});

test("nothing of a recording comes back behind an account that was erased meanwhile", async () => {
  const { voices } = page();
  const keeping = voices.begin(BOB);
  for (const piece of said(["one "])) keeping.add(piece);
  await is(["one "]);
  await KeptUploads.with(ALICE, async (uploads) => {
    for (const name of await uploads.voices()) await uploads.unsay(name);
  });
  for (const piece of said(["two ", "three"])) keeping.add(piece);
  while (keeping.kept) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.deepEqual(await kept(), []);
});
