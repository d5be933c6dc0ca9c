/** The examination on the screen, or as JSON for programs. */
import { text } from "../../web/i18n/aside.ts";
import { failureText } from "../../web/model/failures.ts";
import { cureFor } from "./cures.ts";
import { countOf, type Finding, type Group, type Level } from "./finding.ts";

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", warning: "warning", fault: "FAULT", unseen: "-" };
const MARK_WIDTH = 9;
const LINE = 118;
const MOST_CHARACTERS = 1_000;

export function printed(domain: string, groups: readonly Group[]): string {
  const lines = groups.flatMap(({ title, findings }) => [
    title,
    ...findings.flatMap((finding) => [
      ...folded(`  ${MARKS[finding.level].padEnd(MARK_WIDTH)}`, finding.words),
      ...beside(domain, finding).flatMap(([what, words]) => folded(`${" ".repeat(MARK_WIDTH + 2)}${what}: `, words)),
    ]),
    "",
  ]);
  return [...lines, summary(domain, groups)].join("\n");
}

export function asJson(domain: string, groups: readonly Group[]): string {
  return JSON.stringify(
    {
      domain,
      faults: countOf(groups, "fault"),
      warnings: countOf(groups, "warning"),
      groups: groups.map(({ title, findings }) => ({
        title,
        findings: findings.map((finding) => ({
          ...finding,
          page: pageOf(domain, finding),
          ...(finding.cure && { cure: cureFor(finding.cure, domain, finding.host ?? domain) }),
        })),
      })),
    },
    undefined,
    2,
  );
}

function beside(domain: string, finding: Finding): readonly (readonly [string, string])[] {
  const { cure } = finding;
  const page = pageOf(domain, finding);
  const told = cure && cureFor(cure, domain, finding.host ?? domain);
  return [
    ...(page === undefined ? [] : [["The page says", page] as const]),
    ...(told ? [["Cure", told.words] as const] : []),
    ...(told?.prosody !== undefined ? [["Prosody", told.prosody] as const] : []),
    ...(told?.ejabberd !== undefined ? [["ejabberd", told.ejabberd] as const] : []),
  ];
}

/** The words of the page itself, where people meet this. */
function pageOf(domain: string, { failure, notice }: Finding): string | undefined {
  if (failure) return failureText(failure, `@${domain}`);
  return notice && text(notice, { domain });
}

function summary(domain: string, groups: readonly Group[]): string {
  const [faults, warnings] = [countOf(groups, "fault"), countOf(groups, "warning")];
  if (faults + warnings === 0) return `${domain}: everything that was looked at is as it should be.`;
  return `${domain}: ${count(faults, "fault")}, ${count(warnings, "warning")}.`;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

/** Words after a mark, on as many lines as they need, each below the first. */
function folded(mark: string, words: string): readonly string[] {
  const lines: string[] = [];
  let line = mark;
  for (const word of harmless(words).split(" ")) {
    const full = line.trim() !== mark.trim() && line.length + 1 + word.length > LINE;
    if (full) lines.push(line);
    line = full ? `${" ".repeat(mark.length)}${word}` : `${line}${line === mark ? "" : " "}${word}`;
  }
  return [...lines, line];
}

/** Names of mechanisms and of certificates are a stranger's: none of them turns the terminal's page. */
function harmless(words: string): string {
  const shown = words.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)} …` : shown;
}
