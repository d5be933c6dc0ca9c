/** What is written is cut so that each chunk fits, however long the parts are. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid, EntryId } from "../../../worker/contract/names.ts";
import { toHex } from "../../../worker/shared/hex.ts";
import { randomBytes } from "../bytes.ts";
import { packChunks } from "./chunk.ts";

const names = (count: number) => Array.from({ length: count }, () => toHex(randomBytes(100)) as EntryId);
const record = (id: EntryId) => ({ id, chat: "bob@b.example" as BareJid, at: 1, own: false, text: "hello" });

describe("chunks", () => {
  it("hold every entry that is to be gone, and every message, where the names alone are too long for one", async () => {
    const [gone, ids] = [names(5_001), names(2)];
    const chunks = [];
    for await (const chunk of packChunks({ records: ids.map(record), gone })) chunks.push(chunk);
    assert.deepEqual(
      chunks.flatMap((chunk) => chunk.gone),
      gone,
    );
    assert.deepEqual(
      chunks.flatMap(({ records }) => records.map(({ id }) => id)),
      ids,
    );
    assert.ok(chunks.every(({ content }) => content.length <= 256 * 1_024));
  });
});
