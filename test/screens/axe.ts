/**
 * `npm run axe`: every scene of the gallery as axe and a ruler see it, in both themes, three languages, on a desktop and on phones.
 * Words on the command line choose scenes whose name holds one of them; `--way reach`: in one way alone. Exit code 1: something is at fault.
 */
import { parseArgs } from "node:util";
import { findingsOf, WAYS } from "./every-scene.ts";

const { values, positionals } = parseArgs({ options: { way: { type: "string" } }, allowPositionals: true });
for (const [name, way] of Object.entries(WAYS)) {
  if (values.way !== undefined && values.way !== name) continue;
  const found = await findingsOf(way, positionals);
  process.stdout.write(`${name}: ${found.length === 0 ? "nothing" : found.length}\n`);
  for (const line of found) process.stdout.write(`  ${line}\n`);
  if (found.length > 0) process.exitCode = 1;
}
