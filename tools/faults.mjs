import { run } from "./bootstrap.mjs";

await run("tools/measured.ts", ["test/faults/main.ts"]);
