/** A part of a copy opens in its own place alone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CopyGeneration } from "../../../worker/contract/copy.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { randomBytes } from "../bytes.ts";
import { copyKeyOf } from "./copy-key.ts";
import { type CopyPlace, openPart, sealPart } from "./sealing.ts";

const generation = "ab".repeat(16) as CopyGeneration;
const place: CopyPlace = { account: "alice@localhost" as BareJid, generation, part: "chunk", number: 7 };
const { key } = await copyKeyOf(randomBytes(16), place.account, generation);
const content = new TextEncoder().encode("words");
const sealed = await sealPart(key, place, content);

describe("a sealed part", () => {
  it("opens in its place", async () => {
    assert.deepEqual(await openPart(key, place, sealed), content);
  });

  const elsewhere: Readonly<Record<string, Partial<CopyPlace>>> = {
    "of another account": { account: "bob@localhost" as BareJid },
    "of another copy": { generation: "cd".repeat(16) as CopyGeneration },
    "as a manifest": { part: "manifest" },
    "under another number": { number: 8 },
  };
  for (const [name, other] of Object.entries(elsewhere))
    it(`does not open ${name}`, async () => {
      assert.equal(await openPart(key, { ...place, ...other }, sealed), undefined);
    });
});
