import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inProject } from "../project.ts";

test("every setting of wrangler.toml stands where the Worker is given it", async () => {
  const lines = (await readFile(inProject("wrangler.toml"), "utf8")).split("\n");
  const tables: string[] = [];
  const elsewhere = lines.filter((line) => {
    const table = /^\[+([^\]]+)\]+$/.exec(line)?.[1];
    if (table !== undefined) tables.push(table);
    return /^[A-Z_]+ = /.test(line) && tables.at(-1) !== "vars";
  });
  assert.deepEqual(elsewhere, []);
});
