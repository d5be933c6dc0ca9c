/**
 * Who may try a password now. Everything counted here is a try without a proof; whoever is signed in never comes by. A
 * browser that was signed in before (it shows a signed cookie) is counted by itself, so nobody else's tries hold it up.
 */
import type { Failure } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Time } from "../../worker/contract/names.ts";
import { type Rule, type Tries, waitOf } from "./delays.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Somebody at the door, in names that say nothing: keyed hashes of the account and of the network. */
export type Knock = {
  readonly account: string;
  /** One customer of a network (an IPv6 /64), and the wider one that an account counts by (a /48). */
  readonly network: string;
  readonly neighbourhood: string;
  readonly domain: string;
  /** A browser that was signed in to this very account before, by its cookie. */
  readonly known?: string;
  /** Why the list of domains keeps it out, unless the operator has invited it. */
  readonly refused?: "domain-refused" | "no-domains";
  /** The id of an invitation that this deployment has signed. */
  readonly invitation?: string;
};

export type Rules = keyof typeof RULES;

export const RULES = {
  /** A browser that was here before: somebody who has forgotten the password, or a stolen cookie. */
  known: { free: 10, firstMs: 15 * SECOND_MS, mostMs: 10 * MINUTE_MS, forgetMs: HOUR_MS },
  /** One account, tried from one place. */
  here: { free: 5, firstMs: 30 * SECOND_MS, mostMs: HOUR_MS, forgetMs: DAY_MS },
  /**
   * One account, tried from many places that have failed before. Short, so that its owner is not kept out for long once that
   * is over: while it goes on, somebody else may be the next each time.
   */
  account: { free: 20, firstMs: 5 * SECOND_MS, mostMs: 2 * MINUTE_MS, forgetMs: 6 * HOUR_MS },
  /** The same, by places that try it for the first time: its owner on a journey, with another browser, is among them. */
  newcomers: { free: 60, firstMs: SECOND_MS, mostMs: 30 * SECOND_MS, forgetMs: 6 * HOUR_MS },
  /** Whatever accounts one network tries. */
  network: { free: 30, firstMs: 10 * SECOND_MS, mostMs: 10 * MINUTE_MS, forgetMs: HOUR_MS },
  /** Accounts that nobody has proved here yet, all together: each wakes an object that leaves nothing behind. */
  strangers: { free: 300, firstMs: SECOND_MS, mostMs: MINUTE_MS, forgetMs: DAY_MS },
} as const satisfies Record<string, Rule>;

/**
 * What is under way at once, of those without a cookie; and of one account's browsers with one. `account`: from one place.
 * `places`: of one account, from all of them.
 */
export const AT_ONCE = { all: 30, domain: 15, network: 8, account: 4, places: 8 } as const;

/** So long a sign-in that is never finished holds a place of its account. Its object waits for a browser no longer. */
const HELD_MS = LIMITS.signInWaitMs + 10 * SECOND_MS;

/** One counter of a knock. */
export type Counter = { readonly rule: Rules; readonly key: string };

/**
 * What is known of a place, as far as one account goes. `home`: it was proved from there not long ago, so what others try
 * elsewhere does not hold it up. `failed`: it was tried from there in vain.
 */
export type Place = "home" | "failed" | "new";

/** What a knock is counted by. */
export function countersOf(knock: Knock, isNew: boolean, place: Place): readonly Counter[] {
  const { account, network, neighbourhood, known } = knock;
  if (known !== undefined) return [{ rule: "known", key: `known ${account} ${known}` }];
  const here = [hereOf({ account, neighbourhood }), { rule: "network", key: `network ${network}` }] as const;
  if (place === "home") return here;
  const rule = place === "failed" ? "account" : "newcomers";
  return [
    ...here,
    { rule, key: `${rule} ${account}` },
    ...(isNew ? [{ rule: "strangers", key: "strangers" } as const] : []),
  ];
}

/** The counter of an account at one place. */
export function hereOf({ account, neighbourhood }: Pick<Knock, "account" | "neighbourhood">): Counter {
  return { rule: "here", key: `here ${account} ${neighbourhood}` };
}

const KINDS = {
  known: "too-many-tries",
  here: "too-many-tries",
  network: "too-many-tries",
  account: "account-guarded",
  newcomers: "account-guarded",
  strangers: "too-busy",
} as const satisfies Record<Rules, Failure["kind"]>;

/** Undefined: come in. Else the longest wait, by the kind of its counter, in seconds as `detail`. */
export function refusalByTries(
  counted: readonly (Counter & { readonly tries: Tries | undefined })[],
  now: Time,
): Failure | undefined {
  const waits = counted.map(({ rule, tries }) => ({ rule, wait: waitOf(RULES[rule], tries, now) }));
  const longest = waits.reduce((most, one) => (one.wait > most.wait ? one : most), { rule: "here", wait: 0 } as const);
  if (longest.wait === 0) return undefined;
  return { kind: KINDS[longest.rule], detail: String(Math.ceil(longest.wait / SECOND_MS)) };
}

/** Somebody at the door; `home` as in `Place`. */
export type Visitor = Knock & { readonly home: boolean };

/** Whether as many are under way as may be at once; each with the moment in which it was let in. */
export function isCrowded(
  visitor: Visitor,
  underWay: readonly (Visitor & { readonly since: Time })[],
  now: Time,
): boolean {
  const ofAccount = underWay.filter(({ account, since }) => account === visitor.account && now - since < HELD_MS);
  if (visitor.known !== undefined)
    return ofAccount.filter(({ known }) => known !== undefined).length >= AT_ONCE.account;
  const others = underWay.filter(({ known }) => known === undefined);
  if (others.filter(({ network }) => network === visitor.network).length >= AT_ONCE.network) return true;
  // Those at home and those elsewhere never hold up each other.
  const strangers = ofAccount.filter(({ known, home }) => known === undefined && home === visitor.home);
  const ofPlace = strangers.filter(({ neighbourhood }) => neighbourhood === visitor.neighbourhood);
  if (strangers.length >= AT_ONCE.places || ofPlace.length >= AT_ONCE.account) return true;
  if (visitor.home) return false;
  return (
    others.length >= AT_ONCE.all || others.filter(({ domain }) => domain === visitor.domain).length >= AT_ONCE.domain
  );
}
