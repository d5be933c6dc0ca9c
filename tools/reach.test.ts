import assert from "node:assert/strict";
import { test } from "node:test";
import { type Project, testsReached, undeclared } from "./reach.ts";

const TEXTS: Readonly<Record<string, string>> = {
  "package.json": `{ "scripts": { "test": "node tools/test.ts" } }`,
  "tools/test.ts": `import { walk } from "./walk.ts"; import { page } from "../web/page.ts";`,
  "tools/walk.ts": "",
  "web/page.html": `<link href="/web/style.css" /><script src='./page.ts?v=1'></script>`,
  "web/page.ts": `// It doesn't matter.\nimport { a, // it's here\n} from "./model/a.ts";\nnew Worker(new URL("engine.ts", import.meta.url));`,
  "web/engine.ts": `export type { B } from "./model/b.ts";`,
  "web/style.css": `@import "./colours.css";`,
  "web/colours.css": "",
  "web/named.ts": `/** Said before. */ export { c } from "./model/c.ts";`,
  "web/model/c.ts": "",
  "web/model/c.test.ts": `import "../named.ts";`,
  "web/icon.svg": "",
  "web/alone.ts": "",
  "web/model/a.ts": "/**\n * As in `./b.ts`.\n */\n// Not `./b.ts` itself.",
  "web/model/a.test.ts": `import { a } from "./a.ts";`,
  "web/model/b.ts": "",
  "web/model/b.test.ts": `const b = await import("./b.ts");`,
  "link/schema.sql": "",
  "link/link.test.ts": `import schema from "./schema.sql"; run(inProject("link/script.py"));`,
  "link/script.py": "",
  "link/modules/one.lua": "",
  "e2e/browsers.ts": "",
  "e2e/story.test.ts": `import { open } from "./browsers.ts";`,
  "e2e/alone.test.ts": "",
  "docs/words.md": "",
};
const TESTS = Object.keys(TEXTS).filter((path) => path.endsWith(".test.ts"));

function project(more: Readonly<Record<string, string>> = {}, always: readonly string[] = []): Project {
  return {
    files: new Map(Object.entries({ ...TEXTS, ...more })),
    tests: TESTS,
    declared: { "e2e/browsers.ts": ["web/page.html"], "link/link.test.ts": ["link/modules/"] },
    ground: ["package.json", "tools/test.ts"],
    always,
    inert: (path) => path.endsWith(".md"),
  };
}

const reached: readonly { readonly name: string; readonly changed: readonly string[]; readonly tests: string[] }[] = [
  { name: "nothing has changed: nothing runs", changed: [], tests: [] },
  { name: "a test that has changed", changed: ["e2e/alone.test.ts"], tests: ["e2e/alone.test.ts"] },
  {
    name: "an import, and the page that another test opens",
    changed: ["web/model/a.ts"],
    tests: ["web/model/a.test.ts", "e2e/story.test.ts"],
  },
  {
    name: "a type that is handed on by what a worker is made of, and a dynamic import",
    changed: ["web/model/b.ts"],
    tests: ["web/model/b.test.ts", "e2e/story.test.ts"],
  },
  { name: "an import behind a comment", changed: ["web/model/c.ts"], tests: ["web/model/c.test.ts"] },
  { name: "a style sheet of a style sheet", changed: ["web/colours.css"], tests: ["e2e/story.test.ts"] },
  { name: "a schema", changed: ["link/schema.sql"], tests: ["link/link.test.ts"] },
  { name: "a script, by its path within the project", changed: ["link/script.py"], tests: ["link/link.test.ts"] },
  { name: "a file of a declared folder", changed: ["link/modules/one.lua"], tests: ["link/link.test.ts"] },
  {
    name: "two changes",
    changed: ["link/script.py", "web/colours.css"],
    tests: ["link/link.test.ts", "e2e/story.test.ts"],
  },
  { name: "code that nobody loads reaches nothing", changed: ["web/alone.ts"], tests: [] },
  { name: "documents reach nothing", changed: ["docs/words.md"], tests: [] },
];

for (const { name, changed, tests } of reached) {
  test(name, () => {
    assert.deepEqual(testsReached(changed, project()), { kind: "some", tests });
  });
}

test("what the runner stands on reaches every test, and what the runner merely mentions elsewhere does not", () => {
  assert.deepEqual(testsReached(["package.json"], project()), { kind: "all", because: "package.json" });
  assert.deepEqual(testsReached(["web/alone.ts", "tools/walk.ts"], project()), {
    kind: "all",
    because: "tools/walk.ts",
  });
  assert.equal(testsReached(["web/page.ts"], project()).kind, "some");
});

test("a file that is no code and of which nobody is seen to make use reaches every test", () => {
  assert.deepEqual(testsReached(["web/icon.svg"], project()), { kind: "all", because: "web/icon.svg" });
});

test("a file that was deleted and is still asked for reaches whoever asks", () => {
  const deleted = project({ "e2e/gone.ts": "", "e2e/alone.test.ts": `import "./gone.ts";` });
  assert.deepEqual(testsReached(["e2e/gone.ts"], deleted), { kind: "some", tests: ["e2e/alone.test.ts"] });
});

for (const [what, text] of [
  ["lists a folder", `readdirSync(folder)`],
  ["imports what it computes", `await import(path)`],
  ["imports what it puts together", `await import("./" + name)`],
  ["reads what it computes", "readFile(inProject(path))"],
  ["puts the address of a file together", `new URL("./" + name, import.meta.url)`],
] as const) {
  test(`a test that ${what} runs at any change, until it is declared what it reads`, () => {
    const vague = project({ "e2e/alone.test.ts": text });
    assert.deepEqual(undeclared(vague), ["e2e/alone.test.ts"]);
    assert.deepEqual(testsReached(["link/script.py"], vague), {
      kind: "some",
      tests: ["link/link.test.ts", "e2e/alone.test.ts"],
    });
    const declared = { ...vague, declared: { ...vague.declared, "e2e/alone.test.ts": [] } };
    assert.deepEqual(testsReached(["link/script.py"], declared), { kind: "some", tests: ["link/link.test.ts"] });
  });
}

test("a test of more than can be told runs at any change", () => {
  assert.deepEqual(testsReached(["docs/words.md"], project({}, ["e2e/alone.test.ts"])), {
    kind: "some",
    tests: ["e2e/alone.test.ts"],
  });
});
