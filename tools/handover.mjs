import { run } from "./bootstrap.mjs";

await run("test/handover/main.ts");
