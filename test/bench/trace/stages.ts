/** The way of one message as stages, from the notes of everybody it passed. */
import type { Note } from "./probe.ts";

/** What each of them noted about one message. */
export type Witnesses = {
  readonly sender: readonly Note[];
  readonly own: readonly Note[];
  readonly contact: readonly Note[];
  /** `in <account>` and `out <account>`. */
  readonly server: readonly Note[];
};

type Point = { readonly who: keyof Witnesses; readonly what: string };
type Stage = { readonly name: string; readonly from: Point; readonly to: Point };

const point = (who: keyof Witnesses, what: string): Point => ({ who, what });
const CLICK = point("sender", "click");
const ASKED = point("sender", "engine asked send");
const COMMITTED = point("sender", "write committed");
const CALLED = point("sender", "calls send");

export const STAGES: readonly Stage[] = [
  { name: "click → own bubble", from: CLICK, to: point("sender", "row shown") },
  { name: "click → engine has it", from: CLICK, to: ASKED },
  { name: "engine: encrypted and stored", from: ASKED, to: COMMITTED },
  { name: "engine: stored → call to the object", from: COMMITTED, to: CALLED },
  { name: "call → answer", from: CALLED, to: point("sender", "called send") },
  { name: "call → second browser's engine", from: CALLED, to: point("own", "frame entries") },
  { name: "second browser: stored", from: point("own", "frame entries"), to: point("own", "write committed") },
  { name: "second browser: stored → on screen", from: point("own", "write committed"), to: point("own", "row shown") },
  { name: "call → at the XMPP server", from: CALLED, to: point("server", "in sender") },
  { name: "XMPP server", from: point("server", "in sender"), to: point("server", "out contact") },
  {
    name: "XMPP server → object → contact's engine",
    from: point("server", "out contact"),
    to: point("contact", "frame entries"),
  },
  { name: "contact: stored", from: point("contact", "frame entries"), to: point("contact", "write committed") },
  {
    name: "contact: stored → on screen",
    from: point("contact", "write committed"),
    to: point("contact", "row shown"),
  },
  { name: "all: click → second browser", from: CLICK, to: point("own", "row shown") },
  { name: "all: click → contact", from: CLICK, to: point("contact", "row shown") },
];

/** Milliseconds of each stage, in the order of `STAGES`. @throws when one of its ends was not noted. */
export function stagesOf(witnesses: Witnesses): readonly number[] {
  const times = new Map<string, number>();
  const timeOf = ({ who, what }: Point, after: number): number => {
    const name = `${who} ${what}`;
    const known = times.get(name);
    if (known !== undefined) return known;
    const note = witnesses[who].find((one) => one.what === what && one.at >= after);
    if (note === undefined) throw new Error(`nobody noted “${what}” of ${who}`);
    times.set(name, note.at);
    return note.at;
  };
  return STAGES.map(({ from, to }) => {
    const begin = timeOf(from, 0);
    // The clocks of two processes agree to a fraction of a millisecond only.
    return timeOf(to, from.who === to.who ? begin : begin - 1) - begin;
  });
}

/** How often each thing was noted, for each message. */
export function countsOf(notes: readonly Note[], messages: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { what } of notes) counts.set(what, (counts.get(what) ?? 0) + 1 / messages);
  return counts;
}
