/** The tests that docs/negative-tests.md names are there: a list that nobody checks is believed long after it is wrong. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inProject } from "./project.ts";

const LIST = "docs/negative-tests.md";
const FIRST = 29;
const LAST = 47;
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

test("every test in the list of what must not happen is there", async () => {
  const lines = (await readFile(inProject(LIST), "utf8")).split("\n");
  const mentions = lines.flatMap(mentionsIn);
  assert.ok(mentions.filter(({ name }) => name !== undefined).length > 60, "the list is read");
  for (const { file, name } of mentions) {
    const text = await readFile(inProject(file), "utf8");
    if (name !== undefined) assert.ok(text.includes(name), `${file} has no test "${name}"`);
  }
});

test(`each number from T${FIRST} to T${LAST} has a line, with a test or the word when there will be one`, async () => {
  const lines = (await readFile(inProject(LIST), "utf8")).split("\n");
  for (let number = FIRST; number <= LAST; number++) {
    const line = lines.find((one) => one.startsWith(`| T${number} |`)) ?? assert.fail(`T${number} has no line`);
    assert.ok(mentionsIn(line).length > 0 || /\| with (OMEMO 2|files) \|/.test(line), line);
  }
});
