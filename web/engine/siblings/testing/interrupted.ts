/**
 * A new browser is let in while one of both is loaded anew, again and again: at the nth piece that they say to each other, which is
 * lost. Somebody sits before both screens and presses what there is to press.
 */
import type { NoticeView } from "../../protocol/account.ts";
import type { JoiningState, JoiningView, LettingInState, LettingInView } from "../../protocol/letting-in.ts";
import type { TestBrowser } from "../../testing/browser.ts";
import { ALICE, Fixture } from "../../testing/fixture.ts";
import type { Relayed } from "../../testing/scripted-object.ts";

/** `at`: at the nth piece since the one before, counted from 1. */
export type Interruption = { readonly who: "older" | "newcomer"; readonly at: number };

/** Of one round. */
const MOST = 5;
/** Nothing is asked any more when so many have arrived. */
const PIECES = 6;
const LOOK_EVERY_MS = 5;
/** Whoever sees nothing to press for so many looks sits before two screens that say nothing. */
const PATIENT_LOOKS = 5_000;
/** What a person presses before they think that it never ends. */
const MOST_PRESSES = 30;

/** Throws, with what both screens say, where nothing goes on and nothing is to be pressed. @returns what was pressed */
export async function playInterrupted(interruptions: readonly Interruption[]): Promise<readonly string[]> {
  const fixture = new Fixture();
  try {
    const older = await fixture.browser(ALICE, "Firefox on Linux");
    const newcomer = fixture.unsigned("Chrome on macOS");
    return await play(fixture, { older, newcomer }, interruptions);
  } finally {
    await fixture.end();
  }
}

/** Decided by one number. */
export function interruptionsOf(random: () => number): readonly Interruption[] {
  const below = (most: number) => Math.floor(random() * most);
  return Array.from({ length: 1 + below(MOST) }, () => ({
    who: below(2) === 0 ? ("older" as const) : ("newcomer" as const),
    at: 1 + below(PIECES),
  }));
}

type Two = Readonly<Record<Interruption["who"], TestBrowser>>;

async function play(fixture: Fixture, two: Two, interruptions: readonly Interruption[]): Promise<readonly string[]> {
  const object = fixture.object(ALICE);
  const left = [...interruptions];
  let pieces = 0;
  let crashing: Promise<void> | undefined;
  object.meddle = (said: Relayed) => {
    // What was on its way when one of both ended is lost.
    if (crashing !== undefined) return [];
    pieces += 1;
    const [next] = left;
    if (next === undefined || pieces < next.at) return [said];
    left.shift();
    pieces = 0;
    crashing = Promise.resolve()
      .then(() => two[next.who].crash())
      .finally(() => {
        crashing = undefined;
      });
    return [];
  };
  await two.newcomer.signIn(ALICE, { allowed: false });
  const pressed: string[] = [];
  for (let looks = 0; ; looks += 1) {
    await crashing;
    if (await isOver(two)) return pressed;
    const press = whatToPress(two, pressed.length % 2 === 0);
    if (press !== undefined) {
      looks = 0;
      pressed.push(press.words);
      await press.go();
    }
    if (looks > PATIENT_LOOKS || pressed.length > MOST_PRESSES)
      throw new Error(`${JSON.stringify(interruptions)}: ${pressed.join()}; ${screensOf(two)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const noticesOf = ({ engine }: TestBrowser): readonly NoticeView[] => engine.snapshot().notices;

function joining({ newcomer }: Two): JoiningView | undefined {
  return noticesOf(newcomer).find((notice) => notice.kind === "joining");
}

function sheet({ older }: Two): LettingInView | undefined {
  return noticesOf(older).find((notice) => notice.kind === "letting-in");
}

function screensOf(two: Two): string {
  const screenOf = ({ engine }: TestBrowser) => {
    const { session, connection, notices } = engine.snapshot();
    return { session, connection, notices };
  };
  return JSON.stringify({ newcomer: screenOf(two.newcomer), older: screenOf(two.older) });
}

type Press = { readonly words: string; readonly go: () => Promise<unknown> };

/** A careful person: what is the same on both screens is the same. Where both ask to be pressed, it is one after the other. */
function whatToPress(two: Two, olderFirst: boolean): Press | undefined {
  const [here, there] = [sheet(two), joining(two)?.by[0]];
  const same = here?.code !== undefined && here.code === there?.code;
  const newcomer = (act: "again" | "same") => two.newcomer.engine.letIn({ act, device: two.older.device });
  if (here?.state === "code" && same)
    return {
      words: "Allow and send history",
      go: () => two.older.engine.letIn({ act: "allow", device: two.newcomer.device, history: true }),
    };
  if (there?.state === "asks" && here?.state === "allowed" && same) return { words: "Yes", go: () => newcomer("same") };
  const again = [
    ...(isStopped(here?.state)
      ? [
          {
            words: "another code, here",
            go: () => two.older.engine.letIn({ act: "again", device: two.newcomer.device }),
          },
        ]
      : []),
    ...(isStopped(there?.state) ? [{ words: "another code, there", go: () => newcomer("again") }] : []),
  ];
  return again.at(olderFirst ? 0 : -1);
}

/** Goes on when somebody presses for another code. */
function isStopped(state: JoiningState | LettingInState | undefined): boolean {
  return state === "too-many" || state === "broken";
}

/** Each has the other's key compared, and nothing is asked any more. */
async function isOver(two: Two): Promise<boolean> {
  if (two.newcomer.awaiting || joining(two) !== undefined || sheet(two) !== undefined) return false;
  const trustOf = async (by: TestBrowser, of: TestBrowser) =>
    (await by.engine.devices({ jid: undefined })).devices.find(({ device }) => device === of.device)?.trust;
  const [here, there] = [await trustOf(two.older, two.newcomer), await trustOf(two.newcomer, two.older)];
  return here === "verified" && there === "verified";
}
