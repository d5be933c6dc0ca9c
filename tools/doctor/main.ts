/** `npm run doctor -- example.org`: what stands between a domain and Alcove, each thing with its cure. See docs/doctor.md. */
import { say } from "../step.ts";
import { examine } from "./examine.ts";
import { countOf } from "./finding.ts";
import { HELP, type Options, PASSWORD_VARIABLE, readOptions } from "./options.ts";
import { askPassword } from "./password.ts";
import { asJson, printed } from "./print.ts";

const read = readOptions(process.argv.slice(2));
if (read.kind === "refuse") {
  say(read.words);
  process.exit(1);
}
if (read.value === "help") {
  say(HELP);
  process.exit(0);
}
process.exit(await run(read.value));

async function run({ account, json, ...asked }: Options): Promise<number> {
  const { domain } = asked;
  const password = async () => process.env[PASSWORD_VARIABLE] ?? (await askPassword(`Password of ${account}: `));
  const groups = await examine({ ...asked, account, password });
  say(json ? asJson(domain, groups) : printed(domain, groups));
  return countOf(groups, "fault") === 0 ? 0 : 1;
}
