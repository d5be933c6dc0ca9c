import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inProject } from "../project.ts";
import { FLAGS, HELP, readOptions } from "./options.ts";

const workflow = await readFile(inProject(".github/workflows/deploy.yml"), "utf8");

test("D10: the runner's file names each variable that the command reads, and no other", () => {
  const [, block = ""] = /\n {4}env:\n((?: {6}.*\n)+)/.exec(workflow) ?? [];
  const named = [...block.matchAll(/^ {6}([A-Z_]+): \$\{\{ (?:secrets|vars)\.\1 \}\}$/gm)].map(([, name = ""]) => name);
  const read = ["CLOUDFLARE_API_TOKEN", "NAME_SECRET", "ALCOVE_NAME", ...Object.values(FLAGS).map((it) => it.variable)];
  assert.deepEqual([...named].sort(), read.sort());
  for (const name of named) assert.ok(HELP.includes(name), `${name} is in the help`);
  assert.match(workflow, /run: npm run deploy\n$/);
});

test("D3: variables that the runner sets to nothing say nothing", () => {
  const empty = Object.fromEntries(Object.values(FLAGS).map(({ variable }) => [variable, ""]));
  const options = readOptions([], { ...empty, ALCOVE_NAME: "", NAME_SECRET: "" });
  assert.ok(options.kind === "so");
  assert.deepEqual([options.value.settings, options.value.name, options.value.nameSecret], [{}, undefined, undefined]);
});

test("D3: what is not understood is said with the help, before anything else happens", () => {
  for (const args of [
    ["--domain"],
    ["--unknown"],
    ["somewhere"],
    ["--allow", "*"],
    ["--var", "x"],
    ["--check", "a", "b"],
  ])
    assert.equal(readOptions(args, {}).kind, "refuse", args.join(" "));
  assert.equal(readOptions(["--check", "https://chat.example.org"], {}).kind, "so");
});

test("D8: what is asked is not given as a variable beside", () => {
  const refused = readOptions(["--var", "JURISDICTION=us"], {});
  assert.match(refused.kind === "refuse" ? refused.words : "", /JURISDICTION is not given by --var/);
});
