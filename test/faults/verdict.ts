/** Whether a run lost, doubled or moved anything: a pure comparison of what was written with what everybody holds. */
import type { EntryId } from "../../worker/contract/names.ts";
import { type BrowserName, PEOPLE, type Person, personOf, type PlannedMessage, token } from "./plan.ts";

/** One message as a browser holds it. `own`: this account wrote it. */
export type Held = {
  readonly id: EntryId;
  readonly seq: number;
  readonly position: number;
  readonly text: string;
  readonly own: boolean;
};

export type BrowserView = {
  readonly name: BrowserName;
  readonly messages: readonly Held[];
  /** What it noticed while it ran: a hole in `seq`, an entry that came twice, another epoch … */
  readonly noticed: readonly string[];
};

export type Evidence = {
  readonly written: readonly PlannedMessage[];
  readonly browsers: readonly BrowserView[];
  /** Tokens of the texts in the server's archive of each person, in its order. */
  readonly archives: Readonly<Record<Person, readonly string[]>>;
  /** What the server itself lost, see `halfKept`. */
  readonly halved: ReadonlySet<string>;
};

/**
 * A server that was killed between its two writes keeps a message in the archive of its sender alone: it stands there
 * last, seen while the server is dead. Nobody will ever send that one again, for its sender's archive shows it as sent.
 */
export function halfKept(archives: Evidence["archives"]): readonly string[] {
  return PEOPLE.flatMap((sender) => {
    const last = archives[sender].at(-1);
    const receiver = sender === "alice" ? "bob" : "alice";
    const own = last?.startsWith(sender === "alice" ? "[a" : "[b") ?? false;
    return last !== undefined && own && !archives[receiver].includes(last) ? [last] : [];
  });
}

export type Finding = {
  readonly kind:
    | "lost"
    | "twice"
    | "unknown"
    | "moved"
    | "same-place"
    | "disorder"
    | "against-archive"
    | "archive-lost"
    | "archive-twice"
    | "noticed";
  readonly says: string;
};

const TOKEN = /^\[[ab][12]\.\d+\]/;

/** What is wrong with a run, told apart by kind; empty when every message is where it belongs, once and in order. */
export function judge(evidence: Evidence): readonly Finding[] {
  return [
    ...evidence.browsers.flatMap((browser) => judgeBrowser(browser, evidence)),
    ...evidence.browsers.flatMap((browser) => {
      const sibling = evidence.browsers.find(
        ({ name }) => name < browser.name && personOf(name) === personOf(browser.name),
      );
      return sibling ? compareSiblings(sibling, browser) : [];
    }),
    ...Object.entries(evidence.archives).flatMap(([person, tokens]) =>
      judgeArchive(person as Person, tokens, evidence),
    ),
  ];
}

function judgeBrowser(browser: BrowserView, { written, archives, halved }: Evidence): readonly Finding[] {
  const { name } = browser;
  const expected = new Map(written.map(({ text }) => [text, 0]));
  const excused = new Set(
    written.filter((message) => isExcused(message, personOf(name), halved)).map(({ text }) => text),
  );
  const findings: Finding[] = browser.noticed.map((says) => ({ kind: "noticed", says: `${name}: ${says}` }));
  for (const { text, id } of browser.messages) {
    const before = expected.get(text);
    if (before === undefined) findings.push({ kind: "unknown", says: `${name}: ${brief(text)} (${id})` });
    else expected.set(text, before + 1);
  }
  for (const [text, times] of expected) {
    if (times === 0 && !excused.has(text)) findings.push({ kind: "lost", says: `${name}: ${brief(text)}` });
    if (times > 1) findings.push({ kind: "twice", says: `${name}: ${brief(text)} (${times} times)` });
  }
  const inPlace = browser.messages.toSorted((one, other) => one.position - other.position);
  for (const [index, message] of inPlace.entries()) {
    const next = inPlace[index + 1];
    if (next?.position === message.position)
      findings.push({ kind: "same-place", says: `${name}: ${brief(message.text)} and ${brief(next.text)}` });
  }
  return [...findings, ...disorderOf(name, inPlace), ...againstArchive(name, inPlace, archives[personOf(name)])];
}

/** What one browser wrote one after the other stands in that order everywhere. */
function disorderOf(name: BrowserName, inPlace: readonly Held[]): readonly Finding[] {
  const last = new Map<string, number>();
  return inPlace.flatMap(({ text }): readonly Finding[] => {
    const [, author, digits] = /^\[([ab][12])\.(\d+)\]/.exec(text) ?? [];
    if (author === undefined) return [];
    const before = last.get(author) ?? 0;
    const number = Number(digits);
    last.set(author, Math.max(before, number));
    return number < before ? [{ kind: "disorder", says: `${name}: ${brief(text)} stands behind ${before}` }] : [];
  });
}

/** What was received stands in the order of the archive. */
function againstArchive(name: BrowserName, inPlace: readonly Held[], archive: readonly string[]): readonly Finding[] {
  const places = new Map(archive.map((known, index) => [known, index]));
  let furthest = -1;
  let furthestText = "";
  return inPlace.flatMap(({ text, own }): readonly Finding[] => {
    const place = own ? undefined : places.get(brief(text));
    if (place === undefined) return [];
    if (place < furthest)
      return [{ kind: "against-archive", says: `${name}: ${brief(text)} stands behind ${furthestText}` }];
    furthest = place;
    furthestText = brief(text);
    return [];
  });
}

function compareSiblings(one: BrowserView, other: BrowserView): readonly Finding[] {
  const known = new Map(one.messages.map((message) => [message.id, message]));
  return other.messages.flatMap(({ id, seq, position, text }): readonly Finding[] => {
    const twin = known.get(id);
    const says = `${one.name} and ${other.name}: ${brief(text)}`;
    if (!twin) return [{ kind: "moved", says: `${says} has another id or is in one only` }];
    const same = twin.position === position && twin.seq === seq && twin.text === text;
    if (same) return [];
    return [{ kind: "moved", says: `${says} at ${twin.position}/${twin.seq} and ${position}/${seq}` }];
  });
}

function judgeArchive(person: Person, tokens: readonly string[], { written, halved }: Evidence): readonly Finding[] {
  const times = new Map<string, number>();
  for (const known of tokens) times.set(known, (times.get(known) ?? 0) + 1);
  const due = written.filter((message) => !isExcused(message, person, halved));
  return due.flatMap(({ browser, number }): readonly Finding[] => {
    const wanted = token(browser, number);
    const count = times.get(wanted) ?? 0;
    if (count === 1) return [];
    return [{ kind: count === 0 ? "archive-lost" : "archive-twice", says: `archive of ${person}: ${wanted}` }];
  });
}

/** The server lost it on the way to this person. */
function isExcused({ browser, number }: PlannedMessage, person: Person, halved: Evidence["halved"]): boolean {
  return personOf(browser) !== person && halved.has(token(browser, number));
}

function brief(text: string): string {
  return TOKEN.exec(text)?.[0] ?? text.slice(0, 20);
}
