/** The extensions of XMPP are listed twice, for people (`docs/xeps.md`) and for machines (XEP-0453): both say the same. */
import type { Finding, SourceFile } from "./house-rules.ts";

export const XEPS = "docs/xeps.md";
export const DOAP = "alcove.doap";

const STATES: ReadonlySet<string> = new Set(["complete", "partial", "planned", "removed", "wontfix"]);
const ENTRY = /<xmpp:SupportedXep>([\s\S]*?)<\/xmpp:SupportedXep>/g;
const NUMBER = /xmpp\.org\/extensions\/xep-(\d{4})\.html/;
/** `XEP-0084: User Avatar, version 1.1.4`, as the files of `durable/xep/` begin; several in one line share the word. */
const HEADER = /XEP-(\d{4}): [^.:;]*?, (?:version )?(\d+(?:\.\d+)+)/g;

/**
 * What does not agree: an extension that one of the two lists lacks, one without version or status, and a version that a
 * file's first lines name otherwise (`files`).
 */
export function checkDoap(xeps: string, doap: string, files: readonly SourceFile[]): readonly Finding[] {
  const inWords = numbersOfTable(xeps);
  const entries = new Map([...doap.matchAll(ENTRY)].map(([, entry = ""]) => [NUMBER.exec(entry)?.[1] ?? "", entry]));
  const missing = [...inWords].filter((number) => !entries.has(number)).map((number) => said(DOAP, lacks(number)));
  const unknown = [...entries.keys()]
    .filter((number) => !inWords.has(number))
    .map((number) => said(XEPS, `has no row for XEP-${number}, which ${DOAP} names`));
  const wrong = [...entries].flatMap(([number, entry]) => wrongIn(number, entry));
  return [...missing, ...unknown, ...wrong, ...files.flatMap((file) => otherVersions(file, entries))];
}

const said = (path: string, says: string): Finding => ({ path, says });

/** The numbers in the first column: `XEP-0153, 0054 vCard pictures` are two. */
function numbersOfTable(table: string): ReadonlySet<string> {
  const cells = [...table.matchAll(/^\| (XEP-[^|]*)\|/gm)].map(([, cell = ""]) => cell);
  // `XEP-0384 OMEMO 0.3.0`: a number of four digits that is part of no version.
  return new Set(cells.flatMap((cell) => cell.match(/(?<![\d.])0\d{3}(?![\d.])/g) ?? []));
}

function lacks(number: string): string {
  return (
    `lacks XEP-${number}, which has a row in ${XEPS}; add <implements><xmpp:SupportedXep><xmpp:xep rdf:resource=` +
    `"https://xmpp.org/extensions/xep-${number}.html"/><xmpp:version>…</xmpp:version><xmpp:status>complete or ` +
    `partial</xmpp:status></xmpp:SupportedXep></implements>, in the order of numbers`
  );
}

function wrongIn(number: string, entry: string): readonly Finding[] {
  const status = textOf(entry, "status") ?? "";
  if (!STATES.has(status)) return [said(DOAP, `gives XEP-${number} no status of ${[...STATES].join(", ")}`)];
  const versioned = status === "wontfix" || /^\d+(\.\d+)+$/.test(textOf(entry, "version") ?? "");
  return versioned ? [] : [said(DOAP, `does not say which version of XEP-${number}`)];
}

function otherVersions({ path, text }: SourceFile, entries: ReadonlyMap<string, string>): readonly Finding[] {
  const head = text
    .split("\n")
    .slice(0, 3)
    .join(" ")
    .replaceAll(/\s*\/\/\s*/g, " ");
  return [...head.matchAll(HEADER)].flatMap(([, number = "", version = ""]) => {
    const told = textOf(entries.get(number) ?? "", "version");
    return told === undefined || told === version
      ? []
      : [said(DOAP, `says version ${told} of XEP-${number}, ${path} is written to ${version}`)];
  });
}

function textOf(entry: string, name: string): string | undefined {
  return new RegExp(`<xmpp:${name}>([^<]*)</xmpp:${name}>`).exec(entry)?.[1];
}
