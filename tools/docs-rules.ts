/** What holds between words and files: a rule that is named by its id is written down, a file that is named is there. */
import type { Finding, SourceFile } from "./house-rules.ts";

/** Where the rules stand; a rule is a row of a table that begins with its id. */
export const RULES = "docs/rules.md";
/** The same for what servers and apps do in good faith. */
export const FIELD = "docs/field.md";
/** The same for what whoever deploys and runs it meets. */
export const DEPLOYING = "docs/deploy-cases.md";
/** The same for what a first user met on the screens. */
export const SCREENS = "docs/screens.md";
const GLOSSARY = "docs/glossary.md";

const ROW = /^\| ([A-Z]\d{1,2}) \|/gm;
/** A capital letter and one or two digits: `T61`, `S10`. Not the time in a date, nor a code point or an escape. */
const ID = /(?<![\w%+{}\\-])[A-Z]\d{1,2}(?![\w:]\d|\w)/g;
/** What only looks like an id: the path of a drawing, names of programs. */
const NO_ID = /"[Mm] ?\d[^"]*"|\bd="[^"]*"|\b(?:X11|V8)\b/g;
/** Outside comments and documents a letter with digits may be anything; rules have these letters. */
const RULE_LETTERS = /^[DST]/;

/** Each id that is named anywhere and has no row in the list of rules. */
export function checkIds(rules: string, files: readonly SourceFile[]): readonly Finding[] {
  const known = new Set([...rules.matchAll(ROW)].map(([, id]) => id));
  return files.flatMap(({ path, text }) => {
    const words = text.replace(NO_ID, "");
    const inComments = new Set([...words.matchAll(COMMENT)].flatMap(([comment]) => idsIn(comment)));
    const inWords = idsIn(words).filter((id) => path.endsWith(".md") || RULE_LETTERS.test(id));
    return [...new Set([...inComments, ...inWords])]
      .filter((id) => !known.has(id))
      .map((id) => ({ path, says: `names ${id}, which has no row in ${RULES}, ${FIELD}, ${DEPLOYING} or ${SCREENS}` }));
  });
}

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|(?<=^|\s)--\s.*$/gm;

function idsIn(text: string): string[] {
  return [...text.matchAll(ID)].map(([id]) => id);
}

const FENCE = /^```[\s\S]*?^```/gm;
const CODE = /`([^`\s]+)`/g;
const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;
const FILE = /\.(?:ts|tsx|mjs|js|json|sql|py|lua|md|toml|css|html)$/;
const IN_A_HOUSE = /^(?:worker|durable|web|test|tools|docs)\//;

/**
 * Each path that a document names and that is not there. A path is whole, or relative to the document, or the end of
 * exactly one file's path; `*` stands for any part of a name. What a document names only as an example holds a `…`.
 */
export function checkPaths(documents: readonly SourceFile[], paths: readonly string[]): readonly Finding[] {
  const all = [...paths, ...foldersOf(paths)];
  return documents.flatMap(({ path, text }) => {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const prose = text.replace(FENCE, "");
    const named = [...prose.matchAll(CODE)].flatMap(([, code = ""]) => (isPath(code) ? [code] : []));
    const linked = [...prose.matchAll(LINK)].flatMap(([, target = ""]) => (target.includes(":") ? [] : [target]));
    return [
      ...named.flatMap((name) => pathFinding(path, folder, name, all)),
      ...linked
        .filter((target) => !all.includes(within(folder, target)))
        .map((target) => ({ path, says: `links ${target}, which is not there` })),
    ];
  });
}

function isPath(code: string): boolean {
  return !/[…<>(){}=]|:\/\//.test(code) && (FILE.test(code) || IN_A_HOUSE.test(code));
}

function pathFinding(path: string, folder: string, name: string, all: readonly string[]): readonly Finding[] {
  const wanted = name.replace(/\/$/, "");
  if (all.includes(wanted) || all.includes(within(folder, wanted))) return [];
  const pattern = new RegExp(`(?:^|/)${wanted.replaceAll(/[.+?^$|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
  const found = all.filter((one) => pattern.test(one));
  if (found.length === 1 || (found.length > 1 && name.includes("*"))) return [];
  const says = found.length === 0 ? "is not there" : `may be ${found.join(" or ")}`;
  return [{ path, says: `names \`${name}\`, which ${says}` }];
}

function within(folder: string, target: string): string {
  return new URL(target, `file:///${folder}`).pathname.slice(1).replace(/\/$/, "");
}

function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) folders.add(path.slice(0, end));
  }
  return [...folders];
}

/** Each document that does not lead to the glossary. */
export function checkGlossary(documents: readonly SourceFile[]): readonly Finding[] {
  return documents
    .filter(({ path, text }) => path !== GLOSSARY && !text.includes("glossary.md)"))
    .map(({ path }) => ({ path, says: "has no link to the glossary" }));
}
