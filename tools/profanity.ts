/** `npm run interop:profanity`: one encrypted conversation, both ways, with Profanity, a terminal client of another make. */
import { buildPage } from "./build-page.ts";
import { inProject } from "./project.ts";
import { provide } from "./provide.ts";
import { runCommand } from "./step.ts";

const done =
  (await provide(["prosody", "openssl", "chromium", "tmux", "profanity"])) &&
  (await buildPage()) &&
  (await runCommand({ file: process.execPath, args: [inProject("test/interop/profanity.ts")] }));
process.exit(done ? 0 : 1);
