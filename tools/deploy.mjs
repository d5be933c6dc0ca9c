import { run } from "./bootstrap.mjs";

await run("tools/deploy/main.ts");
