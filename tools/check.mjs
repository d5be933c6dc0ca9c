import { run } from "./bootstrap.mjs";

await run("tools/check.ts");
