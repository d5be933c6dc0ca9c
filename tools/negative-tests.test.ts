/** The tests that the documents name are there: a list that nobody checks is believed long after it is wrong. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DEPLOYING, FIELD, RULES, SCREENS } from "./docs-rules.ts";
import { inProject } from "./project.ts";
import { LISTS, mentionsIn, rulesIn } from "./rule-lists.ts";

/** Every document that names tests, and how many names it holds at least: fewer, and it was not read. */
const DOCUMENTS = [
  [RULES, 120],
  [FIELD, 60],
  [DEPLOYING, 25],
  [SCREENS, 40],
  ["docs/negative-tests.md", 40],
] as const;

for (const [list, least] of DOCUMENTS) {
  test(`every test that ${list} names is there`, async () => {
    const lines = (await readFile(inProject(list), "utf8")).split("\n");
    const mentions = lines.flatMap(mentionsIn);
    assert.ok(mentions.filter(({ name }) => name !== undefined).length > least, "the list is read");
    for (const { file, name } of mentions) {
      const text = await readFile(inProject(file), "utf8");
      if (name !== undefined) assert.ok(text.includes(name), `${file} has no test "${name}"`);
    }
  });
}

for (const { letters, list, ids } of LISTS) {
  test(`each number of ${letters} has one row in ${list}, with a test or the word absent`, async () => {
    const rules = rulesIn(await readFile(inProject(list), "utf8"));
    for (const id of ids ?? rules.map((rule) => rule.id)) {
      const rows = rules.filter((rule) => rule.id === id);
      assert.equal(rows.length, 1, `${id} has ${rows.length} rows`);
      const [row] = rows;
      assert.ok(row && (row.mentions.length > 0 || row.absent), id);
    }
  });
}
