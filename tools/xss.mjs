import { run } from "./bootstrap.mjs";

await run("tools/measured.ts", ["test/page/main.ts"]);
