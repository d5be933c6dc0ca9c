import { run } from "./bootstrap.mjs";

await run("tools/doctor/main.ts");
