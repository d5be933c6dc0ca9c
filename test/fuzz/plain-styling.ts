/** XEP-0393 read slowly and from its sentences: every rule is asked of every letter, and everything is looked for anew. */
import { linkify } from "../../web/model/linkify.ts";
import { QUOTES_DEEP } from "../../web/model/styling.ts";

/** A tree as nested lists: `["strong", …]`, `["quote", …]`, `["code block", info, …]`, words as they are. */
export type Tree = string | readonly Tree[];

const NAMES: Readonly<Record<string, string>> = { "*": "strong", _: "emphasis", "~": "strike", "`": "code" };

export function plainBlocks(text: string, depth = 0): readonly Tree[] {
  const lines = text.split("\n");
  const trees: Tree[] = [];
  let at = 0;
  const isCode = () => (lines[at] ?? "").startsWith("```");
  const isQuote = () => depth < QUOTES_DEEP && (lines[at] ?? "").startsWith(">");
  while (at < lines.length) {
    const first = lines[at] ?? "";
    const inside: string[] = [];
    if (isCode()) {
      at += 1;
      while (at < lines.length && lines[at] !== "```") inside.push(lines[at++] ?? "");
      at += 1;
      trees.push(["code block", first.slice(3), inside.join("\n")]);
    } else if (isQuote()) {
      while (at < lines.length && (lines[at] ?? "").startsWith(">"))
        inside.push((lines[at++] ?? "").slice(1).replace(/^[\s\p{Z}\u0085]/u, ""));
      trees.push(["quote", ...plainBlocks(inside.join("\n"), depth + 1)]);
    } else {
      const begins = at > 0;
      while (at < lines.length && !isCode() && !isQuote()) inside.push(lines[at++] ?? "");
      while (begins && inside[0] === "") inside.shift();
      while (at < lines.length && inside.at(-1) === "") inside.pop();
      if (inside.length > 0 && (inside.join("\n") !== "" || lines.length === 1))
        trees.push([
          "text",
          ...joined(inside.flatMap((line, index) => [...(index > 0 ? ["\n"] : []), ...spansOf(line)])),
        ]);
    }
  }
  return trees;
}

/** Letters of a line; those of an address or a file are no directives, whatever they are. */
type Letter = { readonly is: string; readonly own: boolean };

function spansOf(line: string): readonly Tree[] {
  const letters = linkify(line).flatMap(({ kind, text }): Letter[] =>
    kind === "text" ? text.split("").map((is) => ({ is, own: true })) : [{ is: text, own: false }],
  );
  return within(letters);
}

function within(letters: readonly Letter[]): readonly Tree[] {
  const [first, ...rest] = letters;
  if (first === undefined) return [];
  for (let at = 0; at < letters.length; at += 1) {
    const end = endOf(letters, at);
    if (end === undefined) continue;
    const mark = letters[at]?.is ?? "";
    const inside = letters.slice(at + 1, end);
    const children = mark === "`" ? [inside.map(({ is }) => is).join("")] : within(inside);
    // What follows a span is not the beginning of the line any more.
    const after = withBefore(letters.slice(end + 1));
    return joined([...letters.slice(0, at).map(({ is }) => is), [NAMES[mark] ?? "", ...joined(children)], ...after]);
  }
  return joined([first.is, ...rest.map(({ is }) => is)]);
}

/** The rest of a line, behind a letter that is none of the rest and no white space. */
function withBefore(rest: readonly Letter[]): readonly Tree[] {
  const [dot, ...others] = within([{ is: "\u0001", own: false }, ...rest]);
  return [...(typeof dot === "string" ? [dot.slice(1)] : []), ...others];
}

/** Where the span ends that opens at this letter, if one does. */
function endOf(letters: readonly Letter[], at: number): number | undefined {
  const { is = "", own = false } = letters[at] ?? {};
  if (!own || NAMES[is] === undefined) return undefined;
  if (at > 0 && !blank(letters[at - 1])) return undefined;
  if (at + 1 >= letters.length || blank(letters[at + 1])) return undefined;
  const end = letters.findIndex((one, index) => index > at && one.own && one.is === is && !blank(letters[index - 1]));
  return end > at + 1 ? end : undefined;
}

function blank(letter: Letter | undefined): boolean {
  return letter?.own === true && /^[\s\p{Z}\u0085]$/u.test(letter.is);
}

/** Words that touch are one, and none are none. */
export function joined(trees: readonly Tree[]): readonly Tree[] {
  const all: Tree[] = [];
  for (const tree of trees) {
    const last = all.at(-1);
    if (typeof tree === "string" && typeof last === "string") all[all.length - 1] = last + tree;
    else if (tree !== "") all.push(tree);
  }
  return all;
}
