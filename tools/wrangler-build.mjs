/** The `[build]` of wrangler.toml: `npx wrangler deploy` by itself, and the platform's own builds, find a page to upload. */
import { run } from "./bootstrap.mjs";

if (process.env.ALCOVE_PAGE !== "built") await run("tools/wrangler-build.ts");
