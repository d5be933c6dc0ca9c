/**
 * What a run does, decided before it begins by one seeded generator: who writes what, and which fault strikes when so
 * many messages have been accepted. Nothing here depends on the time or on how the run goes.
 */
import { Random } from "./random.ts";

export const PEOPLE = ["alice", "bob"] as const;
export type Person = (typeof PEOPLE)[number];

export const BROWSERS = ["a1", "a2", "b1", "b2"] as const;
export type BrowserName = (typeof BROWSERS)[number];

export type Fault =
  /** The object loses its memory in the n-th turn from now: before the commit, right after it, or once it is on disk. */
  | {
      readonly kind: "reset-in-turn";
      readonly person: Person;
      readonly count: number;
      readonly moment: "inside" | "after" | "stored";
    }
  /** Before the n-th SQL statement from now, in a turn or between turns. */
  | { readonly kind: "reset-at-statement"; readonly person: Person; readonly count: number }
  /** Before or after the n-th write to the XMPP server from now. */
  | {
      readonly kind: "reset-at-write";
      readonly person: Person;
      readonly count: number;
      readonly moment: "before" | "after";
    }
  | { readonly kind: "reset-now"; readonly person: Person }
  /** SIGKILL to workerd and everything around it. */
  | { readonly kind: "kill-worker" }
  /** The object's connection ends after so many more bytes, be it in the middle of a stanza: by FIN or by RST. */
  | { readonly kind: "cut-link"; readonly person: Person; readonly how: Ending; readonly bytes: number }
  /** Nothing arrives any more, for so many messages; then it flows on, is reset, or the object has to find out itself. */
  | {
      readonly kind: "half-open";
      readonly person: Person;
      readonly messages: number;
      readonly end: "flows-on" | "reset" | "watchdog";
    }
  | { readonly kind: "slow-link"; readonly person: Person; readonly ms: number; readonly messages: number }
  | { readonly kind: "restart-xmpp" }
  | { readonly kind: "kill-xmpp" }
  /** The next message is submitted so many times at once, and an accepted one again. */
  | { readonly kind: "send-again"; readonly browser: BrowserName; readonly copies: number; readonly back: number }
  /** The browser's connections end after so many more bytes, or go silent for so many messages. */
  | {
      readonly kind: "drop-browser";
      readonly browser: BrowserName;
      readonly how: Ending | "silent";
      readonly bytes: number;
      readonly messages: number;
    }
  /** The objects' clock jumps to this distance from the true time. */
  | { readonly kind: "clock"; readonly offsetMs: number };

export type Ending = "end" | "reset";
export type FaultKind = Fault["kind"];

/** How often each kind is drawn. Those that stop everything for seconds are seldom, or a run would be nothing else. */
const WEIGHTS: Readonly<Record<FaultKind, number>> = {
  "reset-in-turn": 24,
  "reset-at-statement": 10,
  "reset-at-write": 10,
  "reset-now": 5,
  "kill-worker": 2,
  "cut-link": 12,
  "half-open": 6,
  "slow-link": 5,
  "restart-xmpp": 2,
  "kill-xmpp": 2,
  "send-again": 8,
  "drop-browser": 10,
  clock: 4,
};

export const FAULT_KINDS = Object.keys(WEIGHTS) as readonly FaultKind[];

export type PlannedMessage = { readonly browser: BrowserName; readonly number: number; readonly text: string };
/** `after`: so many messages have been accepted by the objects. */
type PlannedFault = { readonly after: number; readonly fault: Fault };
export type Plan = { readonly messages: readonly PlannedMessage[]; readonly faults: readonly PlannedFault[] };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const OFFSETS_MS = [0, 2 * MINUTE_MS, 10 * MINUTE_MS, 3 * HOUR_MS, DAY_MS, 9 * DAY_MS].flatMap((ms) => [ms, -ms]);

/** What makes life hard for framing, escaping and decoders. */
const WORDS = [
  "and",
  "so",
  "on",
  "<b>",
  "&amp;",
  "'\"",
  "]]>",
  "Grüße",
  "чай",
  "🦊",
  "👩‍👩‍👧",
  "\n",
  "the quick brown fox",
];
const LONG_TEXT_WORDS = 700;

/** The same for the same numbers, always. */
export function makePlan(wanted: { readonly messages: number; readonly faults: number; readonly seed: number }): Plan {
  const random = new Random(wanted.seed);
  const counts = new Map<BrowserName, number>();
  const messages = Array.from({ length: wanted.messages }, () => {
    const browser = random.pick(BROWSERS);
    const number = (counts.get(browser) ?? 0) + 1;
    counts.set(browser, number);
    return { browser, number, text: `${token(browser, number)} ${filler(random)}` };
  });
  const kinds = drawKinds(random, wanted.faults);
  const step = wanted.messages / Math.max(1, wanted.faults);
  const faults = kinds.map((kind, index) => ({
    after: Math.floor((index + random.fraction()) * step),
    fault: drawFault(random, kind),
  }));
  return { messages, faults };
}

/** How a text is found again, in a log as in the server's archive. */
export function token(browser: BrowserName, number: number): string {
  return `[${browser}.${number}]`;
}

export function personOf(browser: BrowserName): Person {
  return browser.startsWith("a") ? "alice" : "bob";
}

/** Every kind comes once before any comes by its weight. */
function drawKinds(random: Random, count: number): readonly FaultKind[] {
  const urn = FAULT_KINDS.flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind));
  const first = random.shuffle(FAULT_KINDS).slice(0, count);
  return [...first, ...Array.from({ length: count - first.length }, () => random.pick(urn))];
}

function drawFault(random: Random, kind: FaultKind): Fault {
  const person = random.pick(PEOPLE);
  const browser = random.pick(BROWSERS);
  const messages = random.between(3, 40);
  switch (kind) {
    case "reset-in-turn":
      return { kind, person, count: random.between(1, 8), moment: random.pick(["inside", "after", "stored"]) };
    case "reset-at-statement":
      return { kind, person, count: random.between(1, 80) };
    case "reset-at-write":
      return { kind, person, count: random.between(1, 12), moment: random.pick(["before", "after"]) };
    case "cut-link":
      return { kind, person, how: random.pick(["end", "reset"]), bytes: random.between(0, 3_000) };
    case "half-open":
      return { kind, person, messages, end: random.pick(["flows-on", "reset", "watchdog"]) };
    case "slow-link":
      return { kind, person, ms: random.between(20, 250), messages };
    case "send-again":
      return { kind, browser, copies: random.between(2, 4), back: random.between(0, 30) };
    case "drop-browser":
      return {
        ...{ kind, browser, how: random.pick(["end", "reset", "silent"]) },
        ...{ bytes: random.between(0, 1_500), messages },
      };
    case "clock":
      return { kind, offsetMs: random.pick(OFFSETS_MS) };
    case "reset-now":
      return { kind, person };
    case "kill-worker":
    case "restart-xmpp":
    case "kill-xmpp":
      return { kind };
  }
}

function filler(random: Random): string {
  const length = random.between(1, 100) === 1 ? LONG_TEXT_WORDS : random.between(0, 12);
  return Array.from({ length }, () => random.pick(WORDS)).join(" ");
}
