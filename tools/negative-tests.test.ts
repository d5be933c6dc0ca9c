/** The tests that the documents name are there: a list that nobody checks is believed long after it is wrong. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { RULES } from "./docs-rules.ts";
import { inProject } from "./project.ts";

/** Every document that names tests, and how many names it holds at least: fewer, and it was not read. */
const LISTS = [
  [RULES, 120],
  ["docs/negative-tests.md", 40],
] as const;
const RANGES = [
  ["T", 61, 2],
  ["S", 20, 1],
] as const;
/** A file in backticks, or the beginning of a test's name in quotes: it is in the file that was named last. */
const MENTION = /`([^`\s]+\.test\.ts)`|"([^"|]+)"/g;

type Mention = { readonly file: string; readonly name?: string };

function mentionsIn(line: string): readonly Mention[] {
  let file: string | undefined;
  return [...line.matchAll(MENTION)].flatMap(([, path, name]): readonly Mention[] => {
    if (path !== undefined) {
      file = path;
      return [{ file }];
    }
    return file === undefined || name === undefined ? [] : [{ file, name }];
  });
}

for (const [list, least] of LISTS) {
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

for (const [letter, last, digits] of RANGES) {
  test(`each number from ${letter}1 to ${letter}${last} has one row, with a test or the word absent`, async () => {
    const lines = (await readFile(inProject(RULES), "utf8")).split("\n");
    for (let number = 1; number <= last; number++) {
      const id = `${letter}${String(number).padStart(digits, "0")}`;
      const rows = lines.filter((line) => line.startsWith(`| ${id} |`));
      assert.equal(rows.length, 1, `${id} has ${rows.length} rows`);
      const [row = ""] = rows;
      assert.ok(mentionsIn(row).length > 0 || /\babsent\b[^|]*\|$/.test(row), row);
    }
  });
}
