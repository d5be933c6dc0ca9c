import { run } from "./bootstrap.mjs";

await run("tools/accounts/main.ts");
