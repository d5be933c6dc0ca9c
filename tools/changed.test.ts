/** What `--changed` makes of this very project: where it would leave out too much, a line of `DECLARED` is missing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readProject } from "./changed.ts";
import { testsReached } from "./reach.ts";
import { findTests } from "./run-tests.ts";

const tests = await findTests(["{worker,durable,web,tools,test}/**/*.test.ts"]);
const project = await readProject([], tests);
const reachedFrom = (path: string): readonly string[] => {
  assert.ok(project.files.has(path), `${path} is there`);
  const reached = testsReached([path], project);
  return reached.kind === "all" ? tests : reached.tests;
};
const opensPage = (path: string) => /^test\/(?:e2e|kills\/kills)/.test(path);
/** `watchfulness` shows browsers a page of its own. */
const startsWorker = (path: string) =>
  (opensPage(path) && !path.includes("watchfulness")) || /^test\/(?:account|faults\/faults)/.test(path);

const changes: readonly {
  readonly path: string;
  /** These run, all of them. */
  readonly reaches: (test: string) => boolean;
  /** Of these none does. */
  readonly leaves: (test: string) => boolean;
}[] = [
  {
    path: "web/ui/home.tsx",
    reaches: opensPage,
    leaves: (test) => /^(?:durable|worker|test\/(?:account|link|faults))\//.test(test),
  },
  {
    path: "web/style/base.css",
    reaches: opensPage,
    leaves: (test) => /^(?:durable|test\/(?:account|link))\//.test(test),
  },
  { path: "web/manifest/icon.svg", reaches: opensPage, leaves: (test) => /^(?:durable|test\/link)\//.test(test) },
  {
    path: "durable/account.ts",
    reaches: startsWorker,
    leaves: (test) => /^(?:web|test\/(?:link|screens))\//.test(test),
  },
  { path: "durable/store/schema/1-schema.sql", reaches: startsWorker, leaves: (test) => test.startsWith("test/link/") },
  { path: "wrangler.toml", reaches: startsWorker, leaves: (test) => /^(?:web|durable|test\/link)\//.test(test) },
  { path: "test/stack.ts", reaches: startsWorker, leaves: (test) => /^(?:web|durable|test\/link)\//.test(test) },
  {
    path: "test/xmpp-server/prosody.cfg.lua",
    reaches: (test) => startsWorker(test) || test.startsWith("test/xmpp-server/prosody"),
    leaves: (test) => /^(?:web|durable|test\/screens)\//.test(test),
  },
  {
    path: "test/xmpp-server/modules/mod_alcove_rooms.lua",
    reaches: startsWorker,
    leaves: (test) => /^(?:web|durable|test\/screens)\//.test(test),
  },
  {
    path: "durable/link/iq.ts",
    reaches: (test) => startsWorker(test) || test === "test/link/link.test.ts",
    leaves: (test) => /^(?:web|test\/screens)\//.test(test),
  },
  { path: "package-lock.json", reaches: () => true, leaves: () => false },
  { path: "tools/run-tests.ts", reaches: () => true, leaves: () => false },
  { path: "docs/testing.md", reaches: (test) => test === "tools/negative-tests.test.ts", leaves: opensPage },
];

for (const { path, reaches, leaves } of changes) {
  test(`a change in ${path} runs what it can break, and not everything else`, () => {
    const reached = reachedFrom(path);
    assert.deepEqual(
      tests.filter((test) => reaches(test) && !reached.includes(test)),
      [],
      "left out",
    );
    assert.deepEqual(reached.filter(leaves), [], "without need");
  });
}
