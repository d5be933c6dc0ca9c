import { run } from "./bootstrap.mjs";

await run("test/fuzz/main.ts");
