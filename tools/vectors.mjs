import { run } from "./bootstrap.mjs";

await run("tools/vectors.ts");
