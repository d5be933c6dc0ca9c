import { run } from "./bootstrap.mjs";

await run("tools/rules.ts");
