import { run } from "./bootstrap.mjs";

await run("tools/profanity.ts");
