import type { KnipConfig } from "knip";

/** Named by a path in a command, a bundler's settings or a page of HTML, so nothing imports them. */
const STARTED = [
  "web/vite.config.ts",
  "web/plain-library.ts!",
  "web/shared-in.ts!",
  "web/engine/omemo/{library-ground,ratchet-messages}.ts!",
  "tools/{accounts/main,build,check,deploy/main,doctor/main,measured,profanity,rules,start,test,vectors,words,wrangler-build}.ts",
  "tools/serve/{serve,main,front/entry}.ts",
  "test/{entry,plain-entry,bench/entry,faults/inside/entry}.ts",
  "test/{bench/bench,faults/main,fuzz/main,fuzz/thread,handover/main,kills/main,page/main,page/hostile-engine,page/hostile-search,screens/axe,screens/screenshots,interop/profanity,vectors/vectors}.ts",
  "test/{bench/omemo,screens}/page.ts",
  "tools/wrangler-build.mjs",
  "test/{link/object,tools/stub-worker}.js",
];

/**
 * What is imported is declared, what is declared is imported; no file and no export is there for nobody. `!` marks what
 * counts with `--production` as well: there tests and scaffolding do not count, so what only they use stands with them.
 * A test may still look at an inner function that its own file uses. The Worker's start is named by wrangler.toml.
 */
const config: KnipConfig = ({ production = false }) => ({
  entry: ["web/main.tsx!", "web/look.ts!", "web/service-worker.ts!", ...STARTED, "**/*.test.ts"],
  project: ["{worker,durable,web}/**/*.{ts,tsx}!", "!**/testing/**!", "{test,tools}/**/*.{ts,js,mjs}"],
  ignoreExportsUsedInFile: production,
  ignoreDependencies: [
    // The set that the declared parts (`@xmpp/xml` and so on) belong to. Importing it whole would bring its own
    // reconnection, sockets, resolver and SASL into the object, beside ours for the runtime's sockets.
    "@xmpp/client",
    // Programs that `tools/project.ts` starts by their path.
    ...(production ? [] : ["@biomejs/biome", "workerd"]),
  ],
  // Of the system: a terminal for a test.
  ignoreBinaries: production ? [] : ["script"],
});

export default config;
