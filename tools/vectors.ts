/** `npm run test:vectors -- FOLDER`: published test vectors through our curve and cipher, with the browsers present. */
import { inProject } from "./project.ts";
import { provide } from "./provide.ts";
import { runCommand } from "./step.ts";

const args = [inProject("test/vectors/vectors.ts"), ...process.argv.slice(2)];
const done = (await provide(["chromium", "firefox"])) && (await runCommand({ file: process.execPath, args }));
process.exit(done ? 0 : 1);
