/** Types, lint, dependencies, house rules, documents: what can be said about the source without running it. */
import { glob, readFile } from "node:fs/promises";
import { readEnglish, readTranslations } from "./catalogue-files.ts";
import { checkCatalogue } from "./catalogues.ts";
import { checkGlossary, checkIds, checkPaths, DEPLOYING, FIELD, RULES, SCREENS } from "./docs-rules.ts";
import { checkDoap, DOAP, XEPS } from "./doap.ts";
import {
  checkHouses,
  checkLockFile,
  checkManifest,
  checkStyles,
  type Finding,
  type SourceFile,
} from "./house-rules.ts";
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
  "tools/serve/front",
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
    ["documents", await checkDocuments()],
    ["words", await checkWords()],
  ];
}

async function checkHouseRules(): Promise<boolean> {
  const files = await textsOf("{worker,durable,web}/**/*.{ts,tsx}");
  return told([
    ...checkHouses(files),
    ...checkStyles(await textsOf("web/style/*.css")),
    ...checkManifest(await readFile(inProject("package.json"), "utf8")),
    ...checkLockFile(await readFile(inProject("package-lock.json"), "utf8")),
  ]);
}

/** What documents say of files, and what files say of rules. */
async function checkDocuments(): Promise<boolean> {
  const documents = await textsOf("{*.md,{docs,worker,durable,web,test,tools}/**/*.md}");
  const sources = await textsOf("{worker,durable,web,test,tools}/**/*.{ts,tsx,mjs,js,py,lua,sql,css}");
  const paths: string[] = [];
  for await (const path of glob("{*,.*,{docs,worker,durable,web,test,tools,.ci}/**/*}", { cwd: ROOT }))
    paths.push(path);
  const read = (path: string) => readFile(inProject(path), "utf8");
  const rules = await Promise.all([RULES, FIELD, DEPLOYING, SCREENS].map(read));
  return told([
    ...checkIds(rules.join("\n"), [...documents, ...sources]),
    ...checkPaths(documents, paths),
    ...checkGlossary(documents),
    ...checkDoap(...(await Promise.all([read(XEPS), read(DOAP)])), sources),
  ]);
}

/** What of the words of other languages does not fit the English ones; `npm run words` lists what is missing. */
async function checkWords(): Promise<boolean> {
  const english = await readEnglish();
  const translations = await readTranslations();
  return told(
    translations.flatMap((translation) =>
      checkCatalogue(english, translation).map((says) => ({ path: `web/i18n/${translation.tag}.json`, says })),
    ),
  );
}

async function textsOf(pattern: string): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const path of glob(pattern, { cwd: ROOT })) {
    files.push({ path, text: await readFile(inProject(path), "utf8") });
  }
  return files;
}

function told(findings: readonly Finding[]): boolean {
  for (const { path, says } of findings) say(`${path}: ${says}`);
  return findings.length === 0;
}
