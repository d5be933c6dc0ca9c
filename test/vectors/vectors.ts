/** `npm run test:vectors -- FOLDER`: Wycheproof's vectors in Node, Chromium and Firefox, and a table of what came out. */
import { table } from "../bench/samples.ts";
import { ENGINES, readVectors, runIn } from "./engines.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Which folder has the vectors? npm run test:vectors -- FOLDER");
  process.exit(2);
}
const files = await readVectors(folder);
const rows: (readonly string[])[] = [["vectors through our modules", "", "number", "as given", "refused", "wrong"]];
let wrong = 0;
for (const engine of ENGINES) {
  for (const tally of await runIn(engine, files)) {
    wrong += tally.wrong.length;
    const figures = [tally.vectors, tally.accepted, tally.refused, tally.wrong.length].map(String);
    rows.push([tally.name, engine, ...figures]);
    if (tally.wrong.length > 0) console.error(`${tally.name} in ${engine}: ${tally.wrong.join(" ")}`);
  }
}
process.stdout.write(`${table(rows)}\n`);
process.exit(wrong === 0 ? 0 : 1);
