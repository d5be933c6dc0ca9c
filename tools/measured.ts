/**
 * `npm run axe`, `npm run bench`, `npm run faults`, `npm run handover -- --browsers`, `npm run kills`, `npm run screenshots` and `npm run xss`: a script of test/ with the page built and
 * the programs it needs present.
 */
import { buildPage } from "./build-page.ts";
import { inProject } from "./project.ts";
import { provide } from "./provide.ts";
import { runCommand } from "./step.ts";

const [script, ...args] = process.argv.slice(2);
if (script === undefined) throw new Error("which script?");
const others = args.includes("--real") ? (["python-omemo"] as const) : [];
const ready = (await provide(["prosody", "openssl", "chromium", ...others])) && (await buildPage());
const done = ready && (await runCommand({ file: process.execPath, args: [inProject(script), ...args] }));
process.exit(done ? 0 : 1);
