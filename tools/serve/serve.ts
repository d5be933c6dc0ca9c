/** `npm run serve`: builds the release where that is wanted, and hands over to the program in it (`main.ts`). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildRelease, RELEASE } from "./build-release.ts";
import { say } from "../step.ts";
import { PARTS } from "./release.ts";

const { values } = parseArgs({
  strict: false,
  options: {
    config: { type: "string" },
    build: { type: "boolean" },
    built: { type: "boolean" },
    check: { type: "boolean" },
    status: { type: "boolean" },
    backup: { type: "string" },
  },
});
const built = existsSync(join(RELEASE, PARTS.program));
const asksOnly = values["check"] === true || values["status"] === true || values["backup"] !== undefined;
const serves = values["config"] !== undefined && values["built"] !== true && (!asksOnly || !built);
if (values["build"] === true || serves) {
  if (!(await buildRelease())) process.exit(1);
} else if (!built) {
  say("Nothing is built yet: npm run serve -- --build makes dist/server.");
  process.exit(1);
}
if (values["build"] === true) say(`Built: ${RELEASE}`);
else await import(join(RELEASE, PARTS.program));
