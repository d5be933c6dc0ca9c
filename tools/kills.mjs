import { run } from "./bootstrap.mjs";

await run("tools/measured.ts", ["test/kills/main.ts"]);
