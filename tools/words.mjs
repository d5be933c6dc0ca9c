import { run } from "./bootstrap.mjs";

await run("tools/words.ts");
