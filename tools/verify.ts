/** Types, lint and house rules: what can be said about the source without running it. */
import { glob, readFile } from "node:fs/promises";
import { checkHouses, checkLockFile, checkManifest } from "./house-rules.ts";
import { inProject, packaged, ROOT } from "./project.ts";
import { runCommand, say } from "./step.ts";

/** One program per house: DOM types and Workers types must not meet. */
const TYPE_PROJECTS = [
  "worker",
  "durable",
  "web",
  "test",
  "test/tsconfig.edge.json",
  "test/tsconfig.entry.json",
  "tools",
] as const;

/** @returns whether each house compiles, by its name. */
export async function checkTypes(): Promise<readonly (readonly [string, boolean])[]> {
  const results: [string, boolean][] = [];
  for (const project of TYPE_PROJECTS) {
    results.push([`types of ${project}`, await runCommand(packaged("tsc", ["--project", project]))]);
  }
  return results;
}

/** @param fix write what the tools can put right by themselves */
export async function checkLint(fix: boolean): Promise<readonly (readonly [string, boolean])[]> {
  const biome = packaged("biome", ["check", "--error-on-warnings", ...(fix ? ["--write"] : [])]);
  const knip = ["--no-progress", "--treat-config-hints-as-errors"];
  const oxlint = packaged("oxlint", ["--type-aware", "--deny-warnings", ...(fix ? ["--fix"] : [])]);
  return [
    ["biome", await runCommand(biome)],
    ["oxlint", await runCommand(oxlint)],
    ["nothing undeclared or unused", await runCommand(packaged("knip", knip))],
    ["nothing for tests alone", await runCommand(packaged("knip", [...knip, "--production"]))],
    ["house rules", await checkHouseRules()],
  ];
}

async function checkHouseRules(): Promise<boolean> {
  const files = [];
  for await (const path of glob("{worker,durable,web}/**/*.{ts,tsx}", { cwd: ROOT })) {
    files.push({ path, text: await readFile(inProject(path), "utf8") });
  }
  const findings = [
    ...checkHouses(files),
    ...checkManifest(await readFile(inProject("package.json"), "utf8")),
    ...checkLockFile(await readFile(inProject("package-lock.json"), "utf8")),
  ];
  for (const { path, says } of findings) say(`${path}: ${says}`);
  return findings.length === 0;
}
