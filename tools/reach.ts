/**
 * Which test files a change can reach (`npm test -- --changed`). A file depends on every file it names in quotes, as its
 * imports do (type imports and dynamic ones too) and as a path to a script, a style sheet or a page does, and on what is
 * declared beside (`undeclared` names no file). Where this cannot be known, a test runs.
 */
import { posix } from "node:path";

/** Path within the project, and its text; only source is read, so others may be empty. */
type Files = ReadonlyMap<string, string>;
/** File → what it reads without naming it: files, or folders with a slash at the end. */
export type Declared = Readonly<Record<string, readonly string[]>>;

export type Project = {
  /** All files, those that the change has deleted included. */
  readonly files: Files;
  /** All test files. */
  readonly tests: readonly string[];
  readonly declared: Declared;
  /** What every test stands on: files, and what these depend on in their own folder; folders with a slash at the end. */
  readonly ground: readonly string[];
  /** Tests of more than can be told. */
  readonly always: readonly string[];
  /** What no test can tell from another, for a phase that always runs looks at it. */
  readonly inert: (path: string) => boolean;
};

/** `because`: the changed file that reaches every test. */
export type Reached =
  | { readonly kind: "all"; readonly because: string }
  | { readonly kind: "some"; readonly tests: readonly string[] };

/** Text between two quotes without a space. Looked for at every quote, so that no apostrophe elsewhere hides one. */
const QUOTED = /["'`](?=([^"'`\s]+)["'`])/g;
/** A line of nothing but words for people, which may name any file. */
const COMMENT = /^\s*(?:\/\/.*|(?:\/\*\*|\*\s)(?:(?!\*\/).)*(?:\*\/\s*)?)$/gm;
/** A file that lists a folder, imports what it computes or puts an address together depends on what it does not name. */
const UNNAMED =
  /\b(?:readdir|readdirSync|glob|globSync)\b|(?<!function )\binProject\((?!\s*["'])|\bimport\((?!\s*(["'])[^"'`]*\1\s*[,)])|\bnew URL\((?!\s*(["'])[^"'`]*\2\s*,)[^()]*\bimport\.meta\.url\b/;
const SOURCE = /\.(?:[cm]?[jt]sx?|css|html)$/;
const CODE = /\.(?:[cm]?[jt]sx?)$/;

/** @param changed paths within the project */
export function testsReached(changed: readonly string[], project: Project): Reached {
  const arrows = arrowsOf(project);
  const ground = groundOf(project, arrows);
  const dependencies = dependenciesOf(project, arrows);
  const unknown = unknownIn(project);
  const isKept = (test: string) => [...(dependencies.get(test) ?? [])].some((path) => unknown.has(path));
  const kept = new Set(changed.length === 0 ? [] : [...project.always, ...project.tests.filter(isKept)]);
  for (const path of changed.filter((one) => !project.inert(one))) {
    if (ground.has(path)) return { kind: "all", because: path };
    const reached = project.tests.filter((test) => dependencies.get(test)?.has(path));
    // Code is named where it is loaded. Whoever uses another kind of file, and nobody is seen to, is not known.
    if (reached.length === 0 && !CODE.test(path)) return { kind: "all", because: path };
    for (const test of reached) kept.add(test);
  }
  return { kind: "some", tests: project.tests.filter((test) => kept.has(test)) };
}

/** Files that depend on what they do not name and of which nothing is declared: their tests always run. */
export function undeclared(project: Project): readonly string[] {
  const arrows = arrowsOf(project);
  const unknown = unknownIn(project);
  return [...reach(project.tests, arrows)].filter((path) => unknown.has(path)).sort();
}

const unknowns = new WeakMap<Project, ReadonlySet<string>>();

/** Files that depend on what they do not name and of which nothing is declared. */
function unknownIn(project: Project): ReadonlySet<string> {
  const known = unknowns.get(project) ?? new Set([...project.files.keys()].filter((path) => isUnknown(path, project)));
  unknowns.set(project, known);
  return known;
}

const reaches = new WeakMap<Arrows, ReadonlyMap<string, ReadonlySet<string>>>();

/** Test file → all that it depends on. */
function dependenciesOf({ tests }: Project, arrows: Arrows): ReadonlyMap<string, ReadonlySet<string>> {
  const known = reaches.get(arrows) ?? new Map(tests.map((test) => [test, reach([test], arrows)]));
  reaches.set(arrows, known);
  return known;
}

function isUnknown(path: string, { files, declared }: Project): boolean {
  return CODE.test(path) && declared[path] === undefined && UNNAMED.test(files.get(path) ?? "");
}

type Arrows = ReadonlyMap<string, ReadonlySet<string>>;

/** To find every name in every file takes seconds, and the same project is asked about again and again. */
const drawn = new WeakMap<Project, Arrows>();

function arrowsOf(project: Project): Arrows {
  const known = drawn.get(project);
  if (known !== undefined) return known;
  const { files, declared } = project;
  const arrows = new Map<string, Set<string>>();
  for (const [path, text] of files) {
    const targets = new Set(SOURCE.test(path) ? namedIn(path, text, files) : []);
    for (const target of matching(declared[path] ?? [], files)) targets.add(target);
    arrows.set(path, targets);
  }
  drawn.set(project, arrows);
  return arrows;
}

/** Files of the project that a file names: beside itself, or from the project's folder on. */
function namedIn(path: string, text: string, files: Files): readonly string[] {
  const folder = posix.dirname(path);
  return [...text.replace(COMMENT, "").matchAll(QUOTED)].flatMap(([, name = ""]) => {
    const plain = name.replace(/[?#].*$/, "");
    return [posix.join(folder, plain), posix.join(".", plain).replace(/^\//, "")].filter((one) => files.has(one));
  });
}

function matching(patterns: readonly string[], files: Files): readonly string[] {
  return patterns.flatMap((pattern) =>
    pattern.endsWith("/") ? [...files.keys()].filter((path) => path.startsWith(pattern)) : [pattern],
  );
}

function groundOf({ ground, files }: Project, arrows: Arrows): ReadonlySet<string> {
  const seen = new Set(matching(ground, files));
  for (const path of seen) {
    const beside = (target: string) => posix.dirname(target) === posix.dirname(path);
    for (const target of [...(arrows.get(path) ?? [])].filter(beside)) seen.add(target);
  }
  return seen;
}

function reach(from: readonly string[], arrows: Arrows): ReadonlySet<string> {
  const seen = new Set(from);
  for (const path of seen) for (const target of arrows.get(path) ?? []) seen.add(target);
  return seen;
}
