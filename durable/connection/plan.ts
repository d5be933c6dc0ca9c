/**
 * What to do next with the XMPP link, and when to look again: a pure function of what is known now. An object with an
 * open socket is evicted unless an alarm is set, and nothing but an alarm brings it back: while the account should be
 * online, the plan always names a time.
 */
import { missingCase } from "../../worker/shared/missing-case.ts";
import type { Time } from "../../worker/contract/names.ts";
import { dueAt, lookingEnds, LOOKING_IN, type LookingIn, lookOf, untilNextLook } from "./looking-in.ts";
import { lookEnds, lookEvery, nextLook, rests, type Unwatched } from "./resting.ts";

export const HEARTBEAT_MS = 50_000;
/** A browser that comes back within this time finds everything running. */
export const GRACE_MS = 5 * 60_000;
/** Tests make it shorter. */
export const GRACE = { ms: GRACE_MS };
/** Without a byte for this long the connection counts as dead, though no end was seen. */
export const SILENCE_MS = 2 * HEARTBEAT_MS + 20_000;
const BACK_OFF_FIRST_MS = 1_000;
const BACK_OFF_LAST_MS = 5 * 60_000;

/** The link as far as the plan cares. `off`: nothing runs and nothing is to be tried by itself. */
export type PlannedLink =
  | { readonly state: "off" }
  | { readonly state: "idle" }
  | { readonly state: "opening" }
  | { readonly state: "live"; readonly lastByteAt: Time }
  | { readonly state: "waiting"; readonly until: Time };

export type Situation = {
  readonly now: Time;
  readonly link: PlannedLink;
  /** Browsers with a live socket. */
  readonly attached: number;
  /** When the last one left; undefined where none ever came. */
  readonly leftAt: Time | undefined;
  /** Undefined while one of them is looked at, or none is attached. */
  readonly unwatched: Unwatched | undefined;
  /** Nobody had looked for long when the last one left: nobody comes back to what is running. */
  readonly rested: boolean;
  /** The person chose that the account is online with no browser attached. */
  readonly stayOnline: boolean;
  /** It looks in now and then, for browsers that are rung; undefined while one is attached, or where nobody wants that. */
  readonly looking?: LookingIn | undefined;
  /** The sign-in data can be opened. */
  readonly unlocked: boolean;
};

export type Plan = {
  readonly act: "nothing" | "open" | "check" | "drop" | "close" | "try-keys" | "rest" | "ask-unlock";
  /** When to plan again; undefined lets the object sleep. */
  readonly alarmAt: Time | undefined;
};

/** The one thing to do now, and when to plan again whatever happens until then. */
export function plan(situation: Situation): Plan {
  const { now, link, unwatched } = situation;
  const heartbeat = now + HEARTBEAT_MS;
  const graceEnds = situation.leftAt === undefined || situation.rested ? now : situation.leftAt + GRACE.ms;
  const wanted = situation.attached > 0 || situation.stayOnline || now < graceEnds;
  if (!wanted && situation.looking) return planLookIn(situation, situation.looking);
  if (!wanted) {
    // An opening that nobody waits for yet is a sign-in: its browser has still to come.
    if (link.state === "opening") return { act: "nothing", alarmAt: heartbeat };
    return { act: link.state === "live" ? "close" : "nothing", alarmAt: undefined };
  }
  const resting = !situation.stayOnline && unwatched && rests(unwatched, now) ? unwatched : undefined;
  switch (link.state) {
    case "off":
      return { act: "nothing", alarmAt: undefined };
    case "opening":
      return { act: "nothing", alarmAt: heartbeat };
    case "live": {
      const silent = now - link.lastByteAt;
      if (resting && silent <= SILENCE_MS) return planLook(resting, now);
      return { act: silent > SILENCE_MS ? "drop" : "check", alarmAt: heartbeat };
    }
    case "idle":
    case "waiting": {
      const waits = Math.max(link.state === "waiting" ? link.until : now, resting ? nextLook(resting, now) : now);
      // Asleep until then, without the heartbeat.
      if (resting && now < waits) return { act: "nothing", alarmAt: waits };
      if (!situation.unlocked) {
        // With nobody attached there is nobody to ask: the next browser that comes opens the data by coming. An answer may
        // be lost, so whoever is there is asked again.
        return situation.attached > 0
          ? { act: "ask-unlock", alarmAt: heartbeat }
          : { act: "nothing", alarmAt: undefined };
      }
      if (now < waits) return { act: "nothing", alarmAt: Math.min(waits, heartbeat) };
      return { act: "open", alarmAt: heartbeat };
    }
    default:
      return missingCase(link);
  }
}

/**
 * Nobody looks: as soon as everything that has come is taken, the stream is let go. Only where it is known that we can sign
 * in again: after PLAIN, and at servers that draw another salt each time, the next look would ask for the password.
 */
function planLook(resting: Unwatched, now: Time): Plan {
  if (resting.returns === false) return { act: "check", alarmAt: now + HEARTBEAT_MS };
  const ends = lookEnds(resting, now);
  if (now < ends) return { act: "check", alarmAt: ends };
  if (resting.returns === undefined) return { act: "try-keys", alarmAt: now + HEARTBEAT_MS };
  return { act: "rest", alarmAt: now + lookEvery(resting.resumableMs ?? 0) };
}

/** Nobody is here, and some of those who are away are to be rung. */
function planLookIn({ now, link, unlocked }: Situation, looking: LookingIn): Plan {
  switch (link.state) {
    case "off":
      return { act: "nothing", alarmAt: undefined };
    case "opening":
      return { act: "nothing", alarmAt: now + HEARTBEAT_MS };
    case "live": {
      if (now - link.lastByteAt > SILENCE_MS) return { act: "drop", alarmAt: now + HEARTBEAT_MS };
      const ends = lookingEnds(looking, now);
      if (now < ends) return { act: "check", alarmAt: ends };
      return { act: "close", alarmAt: now + untilNextLook(lookOf(looking, now), looking.pushed) };
    }
    case "idle":
    case "waiting": {
      // A server that cannot be reached is not tried more often than one that can.
      if (link.state === "waiting" && now < link.until)
        return { act: "nothing", alarmAt: Math.max(link.until, now + LOOKING_IN.everyMs) };
      const due = dueAt(looking, now);
      if (!unlocked) return { act: "nothing", alarmAt: undefined };
      return now < due ? { act: "nothing", alarmAt: due } : { act: "open", alarmAt: now + HEARTBEAT_MS };
    }
    default:
      return missingCase(link);
  }
}

/** 1 s, doubled with every failure up to 5 min, times 0.5 … 1 so that many objects do not come back as one. */
export function backOff(failures: number, random: number): number {
  const full = Math.min(BACK_OFF_LAST_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(full * (0.5 + random / 2));
}
