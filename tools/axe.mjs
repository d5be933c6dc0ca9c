import { run } from "./bootstrap.mjs";

await run("tools/measured.ts", ["test/screens/axe.ts"]);
