import { run } from "./bootstrap.mjs";

await run("tools/serve/serve.ts");
