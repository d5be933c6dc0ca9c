/** Whether the kills lost, doubled or moved a message or used a key twice: a pure comparison of what was written with what all hold. */
import type { OmemoMessage } from "../../worker/contract/omemo.ts";
import { keysOf, usedTwice } from "../../web/engine/testing/message-keys.ts";

export const WRITERS = ["alice", "sibling", "bob"] as const;
/** `alice` is the browser that is killed, `sibling` another one of the same account. */
export type Writer = (typeof WRITERS)[number];

export type Written = {
  readonly client: string;
  readonly text: string;
  /** The engine answered: it is stored, and will be sent. Where it could not answer any more, both may be. */
  readonly taken: boolean;
};

/** A row of a timeline, in its order. `text` is undefined where it could not be read. */
export type Held = {
  readonly id: string | undefined;
  readonly position: number;
  readonly text: string | undefined;
  readonly state: string | undefined;
};

/** A message on its way from a browser to its object; without `omemo` it was in clear. */
export type Sent = { readonly client: string; readonly omemo: OmemoMessage | undefined };

export type Evidence = {
  readonly written: readonly Written[];
  /** Client ids of what the objects have accepted. */
  readonly accepted: ReadonlySet<string>;
  readonly held: Readonly<Record<Writer, readonly Held[]>>;
  readonly sent: readonly Sent[];
};

export type Finding = {
  readonly kind:
    | "lost"
    | "twice"
    | "unknown"
    | "disorder"
    | "moved"
    | "unsent"
    | "key-twice"
    | "sealed-twice"
    | "clear"
    | "unseen"
    /** The database of the killed browser after a restart (`database.ts`). */
    | "torn"
    /** What the page said or did: it asked for a person, or something went wrong behind it. */
    | "noticed";
  readonly says: string;
};

/** How the n-th text of a writer begins. */
export function token(writer: Writer, number: number): string {
  return `[${writer}.${number}]`;
}

/** What is wrong after the rounds; empty when every text is where it belongs, once and in order. */
export function judge(evidence: Evidence): readonly Finding[] {
  return [
    ...WRITERS.flatMap((reader) => judgeReader(reader, evidence)),
    ...compareSiblings(evidence.held.alice, evidence.held.sibling),
    ...judgeKeys(evidence),
  ];
}

function judgeReader(reader: Writer, { written, accepted, held }: Evidence): readonly Finding[] {
  const rows = held[reader];
  const times = new Map<string, number>(written.map(({ text }) => [text, 0]));
  const findings: Finding[] = [];
  for (const { id, text, state } of rows) {
    const before = text === undefined ? undefined : times.get(text);
    if (text === undefined || before === undefined)
      findings.push({ kind: "unknown", says: `${reader}: ${text ?? "unreadable"} (${id})` });
    else times.set(text, before + 1);
    if (state === "waiting" || state === "failed")
      findings.push({ kind: "unsent", says: `${reader}: ${text} is ${state}` });
  }
  for (const { client, text, taken } of written) {
    const count = times.get(text) ?? 0;
    const owed = taken || accepted.has(client);
    if (count === 0 && owed) findings.push({ kind: "lost", says: `${reader}: ${text}` });
    if (count > 0 && !accepted.has(client)) findings.push({ kind: "unsent", says: `${reader}: ${text} in no log` });
    if (count > 1) findings.push({ kind: "twice", says: `${reader}: ${text} (${count} times)` });
  }
  return [...findings, ...disorderOf(reader, rows)];
}

/** What somebody wrote one after the other stands in that order with everybody. */
function disorderOf(reader: Writer, rows: readonly Held[]): readonly Finding[] {
  const last = new Map<string, number>();
  return rows.flatMap(({ text = "" }): readonly Finding[] => {
    const [, writer, digits] = /^\[(\w+)\.(\d+)\]/.exec(text) ?? [];
    if (writer === undefined) return [];
    const before = last.get(writer) ?? 0;
    const number = Number(digits);
    last.set(writer, Math.max(before, number));
    return number < before ? [{ kind: "disorder", says: `${reader}: ${text} stands behind ${before}` }] : [];
  });
}

/** Two browsers of one account show one conversation. */
function compareSiblings(one: readonly Held[], other: readonly Held[]): readonly Finding[] {
  const moved: Finding[] = [];
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const [here, there] = [one[at], other[at]];
    if (here?.id === there?.id && here?.position === there?.position && here?.text === there?.text) continue;
    const shown = (row: Held | undefined) => `${row?.text} (${row?.id} at ${row?.position})`;
    // What follows is moved by as much: the first place says it all.
    moved.push({ kind: "moved", says: `place ${at}: ${shown(here)} with alice, ${shown(there)} with the sibling` });
    break;
  }
  return moved;
}

/** A message has one ciphertext for ever, and no two messages have a key in common. */
function judgeKeys({ sent, accepted }: Evidence): readonly Finding[] {
  const first = new Map<string, string>();
  const twice = new Set<string>();
  for (const { client, omemo } of sent) {
    const bytes = JSON.stringify(omemo) ?? "";
    if ((first.get(client) ?? bytes) !== bytes) twice.add(client);
    first.set(client, bytes);
  }
  return [
    ...[...twice].map((client): Finding => ({ kind: "sealed-twice", says: client })),
    ...sent.filter(({ omemo }) => omemo === undefined).map(({ client }): Finding => ({ kind: "clear", says: client })),
    ...usedTwice(sent.flatMap(({ omemo }) => omemo ?? [])).map((says): Finding => ({ kind: "key-twice", says })),
    ...[...accepted]
      .filter((client) => !first.has(client))
      .map((client): Finding => ({ kind: "unseen", says: `accepted, and nobody saw it leave: ${client}` })),
  ];
}

/** How many different message keys were seen. */
export function countKeys(sent: readonly Sent[]): number {
  return new Set(sent.flatMap(({ omemo }) => (omemo === undefined ? [] : keysOf(omemo).map(({ place }) => place))))
    .size;
}
