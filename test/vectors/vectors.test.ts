/** Wycheproof's vectors where they are found beside the project; elsewhere `npm run test:vectors -- FOLDER` runs them. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { inProject } from "../../tools/project.ts";
import { ENGINES, readVectors, runIn } from "./engines.ts";

const FOLDER = inProject("../shared/wycheproof");
/** What must come out: refused are what is forged and what OMEMO has no use for. */
const EXPECTED = {
  Ed25519: [88, 63],
  "Ed25519 in legacy OMEMO's form": [88, 58],
  "AES-GCM": [41, 275],
  "AES-256-GCM of files": [58, 27],
  "HKDF-SHA-256": [83, 3],
} as const;
/** Firefox refuses two more keys that are not reduced. */
const AGREEMENTS = { node: [487, 31], chromium: [487, 31], firefox: [485, 33] } as const;

const found = existsSync(FOLDER);
describe("Wycheproof's vectors", { skip: found ? false : "not in ../shared/wycheproof, so not run here" }, () => {
  for (const engine of ENGINES) {
    it(`pass or are refused as they must be, in ${engine}`, async (t) => {
      const tallies = await runIn(engine, await readVectors(FOLDER));
      for (const { name, wrong } of tallies) assert.deepEqual(wrong, [], name);
      const counts = Object.fromEntries(tallies.map(({ name, accepted, refused }) => [name, [accepted, refused]]));
      assert.deepEqual(counts, { X25519: AGREEMENTS[engine], ...EXPECTED });
      t.diagnostic(`${engine}: ${tallies.map(({ name, vectors }) => `${name} ${vectors}`).join(", ")}`);
    });
  }
});
