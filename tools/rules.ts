/** `npm run rules`: how many of the rules have a test, and which have none. Fails where a row is missing. */
import { readFile } from "node:fs/promises";
import { inProject } from "./project.ts";
import { LISTS, rulesIn } from "./rule-lists.ts";
import { say } from "./step.ts";

let missing = 0;
for (const { letters, list, ids } of LISTS) {
  const rules = rulesIn(await readFile(inProject(list), "utf8"));
  const wanted = ids ?? rules.map(({ id }) => id);
  const rows = rules.filter(({ id }) => wanted.includes(id));
  const shown = rows.filter(({ mentions }) => mentions.length > 0);
  const partly = shown.filter(({ absent }) => absent).map(({ id }) => id);
  const without = rows.filter(({ mentions }) => mentions.length === 0).map(({ id }) => id);
  const lost = wanted.filter((id) => !rows.some((row) => row.id === id));
  missing += lost.length;
  say(`${letters.padEnd(6)} ${wanted.length} in ${list}: ${shown.length} with a test, ${without.length} without`);
  if (partly.length > 0) say(`       in part: ${partly.join(" ")}`);
  if (without.length > 0) say(`       absent:  ${without.join(" ")}`);
  if (lost.length > 0) say(`       NO ROW:  ${lost.join(" ")}`);
}
process.exit(missing === 0 ? 0 : 1);
