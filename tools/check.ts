/** `npm run check [-- --fix]`: everything that can be said of the source without running a test. */
import { parseArgs } from "node:util";
import { checkLint, checkTypes } from "./verify.ts";
import { say } from "./step.ts";

const { values } = parseArgs({ options: { fix: { type: "boolean" } } });
const results = [...(await checkLint(values.fix === true)), ...(await checkTypes())];
const failed = results.filter(([, good]) => !good).map(([name]) => name);
say(failed.length === 0 ? "Everything is in order." : `Not in order: ${failed.join(", ")}`);
process.exit(failed.length === 0 ? 0 : 1);
