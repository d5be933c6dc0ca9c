import { run } from "./bootstrap.mjs";

await run("tools/build.ts");
