import { run } from "./bootstrap.mjs";

// Real browsers need the page, and whatever serves it.
const real = process.argv.includes("--browsers");
await (real ? run("tools/measured.ts", ["test/handover/main.ts"]) : run("test/handover/main.ts"));
