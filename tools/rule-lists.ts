/** The lists of rules in the documents: one row an id, with the tests that show it or the word absent. */
import { DEPLOYING, FIELD, RULES, SCREENS } from "./docs-rules.ts";

/** Which ids there are; of the field's lists some numbers were given up. */
export const LISTS = [
  { letters: "T", list: RULES, ids: numbered("T", 61, 2) },
  { letters: "S", list: RULES, ids: numbered("S", 20, 1) },
  { letters: "D", list: DEPLOYING, ids: numbered("D", 16, 1) },
  { letters: "U", list: SCREENS, ids: numbered("U", 22, 1) },
  { letters: "V", list: SCREENS, ids: numbered("V", 13, 1) },
  { letters: "field", list: FIELD, ids: undefined },
] as const;

/** A file in backticks, or the beginning of a test's name in quotes: it is in the file that was named last. */
const MENTION = /`([^`\s]+\.test\.ts)`|"([^"|]+)"/g;
const ROW = /^\| ([A-Z]\d{1,2}) \|/;
const ABSENT = /\babsent\b[^|]*\|$/;

export type Mention = { readonly file: string; readonly name?: string };
/** `absent`: it says that there is no test; it may name one for a part all the same. */
export type Rule = { readonly id: string; readonly mentions: readonly Mention[]; readonly absent: boolean };

/** The tests that a line of a document names. */
export function mentionsIn(line: string): readonly Mention[] {
  let file: string | undefined;
  return [...line.matchAll(MENTION)].flatMap(([, path, name]): readonly Mention[] => {
    if (path !== undefined) {
      file = path;
      return [{ file }];
    }
    return file === undefined || name === undefined ? [] : [{ file, name }];
  });
}

/** The rows of a document that begin with an id. */
export function rulesIn(document: string): readonly Rule[] {
  return document.split("\n").flatMap((line) => {
    const id = ROW.exec(line)?.[1];
    return id === undefined ? [] : [{ id, mentions: mentionsIn(line), absent: ABSENT.test(line) }];
  });
}

function numbered(letter: string, last: number, digits: number): readonly string[] {
  return Array.from({ length: last }, (_, at) => `${letter}${String(at + 1).padStart(digits, "0")}`);
}
