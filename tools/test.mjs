import { run } from "./bootstrap.mjs";

await run("tools/test.ts");
