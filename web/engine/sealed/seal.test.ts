import assert from "node:assert/strict";
import { test } from "node:test";
import { isChoice } from "../../../worker/shared/choices.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { newKey } from "./sealing-key.ts";
import { keyIdOf, seal, type SealedPlace, unseal } from "./seal.ts";

const PLACE: SealedPlace = { account: "alice@a.example" as BareJid, chat: "bob@b.example" as BareJid, name: "draft" };
const TEXT = { at: 1_795_000_000_000, text: "half a thought", reply: "entry" };

async function sealed(place = PLACE, text: Parameters<typeof seal>[2] = TEXT) {
  const key = await newKey();
  const value = (await seal(key, place, text)) ?? assert.fail("it was not sealed");
  return { key, value };
}

test("what was sealed is opened for its place, and is a choice that the object takes", async () => {
  const { key, value } = await sealed();
  assert.deepEqual(await unseal(key, PLACE, value), TEXT);
  assert.equal(keyIdOf(value), key.id);
  assert.ok(isChoice({ chat: PLACE.chat, name: "draft", value }));
});

test("a text in clear is no sealed choice: the object refuses it", () => {
  for (const value of ["half a thought", "", "1.0011223344556677.short", true, 7])
    assert.ok(!isChoice({ chat: PLACE.chat, name: "draft", value }), String(value));
});

test("it does not open in another conversation, account or place, nor changed, nor with another key", async () => {
  const { key, value } = await sealed();
  const others: readonly SealedPlace[] = [
    { ...PLACE, chat: "carol@b.example" as BareJid },
    { ...PLACE, account: "bob@b.example" as BareJid },
    { ...PLACE, name: "name" },
  ];
  for (const place of others) assert.equal(await unseal(key, place, value), undefined);
  const changed = `${value.slice(0, -8)}${value.at(-8) === "A" ? "B" : "A"}${value.slice(-7)}`;
  assert.equal(await unseal(key, PLACE, changed), undefined);
  const { key: other } = await sealed();
  assert.equal(await unseal({ ...other, id: key.id }, PLACE, value), undefined);
  assert.equal(await unseal(other, PLACE, value), undefined);
});

test("its length is one of a few; what is longer than all of them is not sealed", async () => {
  const lengths = new Set<number>();
  for (const characters of [0, 1, 20, 60])
    lengths.add((await sealed(PLACE, { at: 1, text: "x".repeat(characters) })).value.length);
  assert.equal(lengths.size, 1);
  assert.notEqual((await sealed(PLACE, { at: 1, text: "x".repeat(600) })).value.length, [...lengths][0]);
  assert.ok((await sealed(PLACE, { at: 1, text: "x".repeat(20_000) })).value.length < 44_000);
  assert.equal(await seal(await newKey(), PLACE, { at: 1, text: "é".repeat(20_000) }), undefined);
});
