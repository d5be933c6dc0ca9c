import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { type HistoryEntry, NOWHERE, type Place, readHistoryEntry } from "./places.ts";

const bob = parseBareJid("bob@example.org") ?? assert.fail();

const places: readonly Place[] = [
  NOWHERE,
  { screen: "chats", chat: bob },
  { screen: "devices" },
  { screen: "devices", of: bob },
  { screen: "members", of: bob },
  { screen: "settings" },
];

describe("an entry of the browser's history", () => {
  for (const place of places) {
    it(`is read as it was written: ${JSON.stringify(place)}`, () => {
      const entry: HistoryEntry = { account: "alice@example.org", place, pushed: true };
      assert.deepEqual(readHistoryEntry(structuredClone(entry)), entry);
    });
  }

  it("is whose it was, nobody's included", () => {
    const entry: HistoryEntry = { account: undefined, place: NOWHERE, pushed: false };
    assert.deepEqual(readHistoryEntry(entry), entry);
  });

  for (const state of [
    null,
    "",
    {},
    { place: null },
    { place: { screen: "gone" } },
    { place: { screen: "members" } },
  ]) {
    it(`is nothing where it says nothing known: ${JSON.stringify(state)}`, () => {
      assert.equal(readHistoryEntry(state), undefined);
    });
  }
});
