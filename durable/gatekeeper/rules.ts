/**
 * Who may try a password now: the whole table, one row for each thing that is counted (S5). Everything counted here is a
 * try without a proof; whoever is signed in never comes by. `walk.ts` walks it, docs/threat-model.md says it in words.
 */
import type { FailureKind } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Rule } from "./delays.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** No sign-in takes longer; one that was not settled by then has been given up, and stays counted. */
export const UNDER_WAY_MS = 2 * MINUTE_MS;
/** So long a sign-in that is never finished holds a place of its account. Its object waits for a browser no longer. */
const HELD_MS = LIMITS.signInWaitMs + 10 * SECOND_MS;

/** Somebody at the door, in names that say nothing: keyed hashes of the account and of the network. */
export type Knock = {
  readonly account: string;
  /** One customer of a network (an IPv6 /64), and the wider one that an account counts by (a /48). */
  readonly network: string;
  readonly neighbourhood: string;
  readonly domain: string;
  /** A browser that was signed in to this very account before, by its cookie: nobody else's tries hold it up. */
  readonly known?: string;
  /** Why the list of domains keeps it out, unless the operator has invited it. */
  readonly refused?: "domain-refused" | "no-domains";
  /** The id of an invitation that this deployment has signed. */
  readonly invitation?: string;
  /** No try of a password: a form for a new account, or its answers. `account` is the object that holds it then. */
  readonly registers?: "form" | "answers";
};

/**
 * What is known of a place, as far as one account goes. `home`: it was proved from there not long ago, so what others try
 * elsewhere does not hold it up. `failed`: it was tried from there in vain.
 */
export type Place = "home" | "failed" | "new";

/** `isNew`: nobody has proved this account here yet. `invited`: the operator lets it in by name (`invitations.ts`). */
export type Visitor = Knock & { readonly place: Place; readonly isNew: boolean; readonly invited: boolean };

type Row = {
  /** What is counted and for whom, and what that answers: in words. */
  readonly counts: string;
  readonly answers: string;
  /** Under which name this visitor is counted; undefined: not at all. */
  readonly of: (visitor: Visitor) => string | undefined;
};

/** After `free` tries each waits longer than the one before (`delays.ts`). */
export type TriesRow = Row &
  Rule & {
    readonly kind: "tries";
    readonly refusal: FailureKind;
    /** A server that does not answer has not seen the password, but it has held an object up. */
    readonly failed: "is none" | "is one";
    /** What a right password does: takes its own try back, or where all tries are one person's, clears the counter. */
    readonly proved: "is none" | "forgives all";
  };

/** At most so many are under way at once, each for so long. `spares`: who is counted and yet not held up. */
export type AtOnceRow = Row & {
  readonly kind: "at once";
  readonly most: number;
  readonly heldMs: number;
  readonly spares?: (visitor: Visitor) => boolean;
};

/** As many as the operator allows (`NEW_ACCOUNTS_A_DAY`), by those that were proved. */
export type DailyRow = Row & { readonly kind: "in a day" };

/** Without a known browser's cookie. Whoever wants a new account holds up nobody who has one, and the other way round. */
const others =
  (name: (visitor: Visitor) => string | undefined) =>
  (visitor: Visitor): string | undefined =>
    visitor.known === undefined && visitor.registers === undefined ? name(visitor) : undefined;
const registering =
  (what: NonNullable<Knock["registers"]>, name: (visitor: Visitor) => string) =>
  (visitor: Visitor): string | undefined =>
    visitor.registers === what ? name(visitor) : undefined;
const isHome = ({ place }: Visitor): boolean => place === "home";

/** One account at one place. */
export const hereOf = ({ account, neighbourhood }: Pick<Knock, "account" | "neighbourhood">): string =>
  `${account} ${neighbourhood}`;

export const RULES = {
  known: {
    ...{ kind: "tries", free: 10, firstMs: 15 * SECOND_MS, mostMs: 10 * MINUTE_MS, forgetMs: HOUR_MS },
    ...{ refusal: "too-many-tries", failed: "is none", proved: "forgives all" },
    counts: "one browser that was signed in to the account before",
    answers: "a stolen cookie; and strangers' tries hold up none of its owner's browsers",
    of: ({ account, known }) => (known === undefined ? undefined : `${account} ${known}`),
  },
  here: {
    ...{ kind: "tries", free: 5, firstMs: 30 * SECOND_MS, mostMs: HOUR_MS, forgetMs: DAY_MS },
    ...{ refusal: "too-many-tries", failed: "is none", proved: "forgives all" },
    counts: "one account from one neighbourhood",
    answers: "somebody who guesses one password",
    of: others(hereOf),
  },
  network: {
    ...{ kind: "tries", free: 30, firstMs: 10 * SECOND_MS, mostMs: 10 * MINUTE_MS, forgetMs: HOUR_MS },
    ...{ refusal: "too-many-tries", failed: "is one", proved: "is none" },
    counts: "one network, whatever the account",
    answers: "one password tried on many accounts",
    of: others(({ network }) => network),
  },
  // Short, so that its owner is not kept out for long once that is over: while it goes on, somebody else may be the next.
  account: {
    ...{ kind: "tries", free: 20, firstMs: 5 * SECOND_MS, mostMs: 2 * MINUTE_MS, forgetMs: 6 * HOUR_MS },
    ...{ refusal: "account-guarded", failed: "is none", proved: "is none" },
    counts: "one account, from all places that have failed before",
    answers: "many machines that guess one password",
    of: others(({ account, place }) => (place === "failed" ? account : undefined)),
  },
  newcomers: {
    ...{ kind: "tries", free: 60, firstMs: SECOND_MS, mostMs: 30 * SECOND_MS, forgetMs: 6 * HOUR_MS },
    ...{ refusal: "account-guarded", failed: "is none", proved: "is none" },
    counts: "one account, from places that try it for the first time",
    answers: "the same with ever new addresses; its owner on a journey is among them",
    of: others(({ account, place }) => (place === "new" ? account : undefined)),
  },
  strangers: {
    ...{ kind: "tries", free: 300, firstMs: SECOND_MS, mostMs: MINUTE_MS, forgetMs: DAY_MS },
    ...{ refusal: "too-busy", failed: "is one", proved: "is none" },
    counts: "all accounts that nobody has proved here yet, together",
    answers: "objects that are woken for names nobody has",
    of: others(({ isNew, place }) => (isNew && place !== "home" ? "" : undefined)),
  },
  browsersAtOnce: {
    ...{ kind: "at once", most: 4, heldMs: HELD_MS },
    counts: "all browsers of an account that were signed in before",
    answers: "a stolen cookie that begins and never ends",
    of: ({ account, known }) => (known === undefined ? undefined : account),
  },
  networkAtOnce: {
    ...{ kind: "at once", most: 8, heldMs: UNDER_WAY_MS },
    counts: "one network",
    answers: "one machine that fills the door",
    of: others(({ network }) => network),
  },
  // Those at home and those elsewhere never hold up each other, here and in the next one.
  accountAtOnce: {
    ...{ kind: "at once", most: 8, heldMs: HELD_MS },
    counts: "one account, from everywhere but where it was proved, or from there",
    answers: "sign-ins of an account that are begun and never finished",
    of: others(({ account, place }) => `${account} ${place === "home"}`),
  },
  placeAtOnce: {
    ...{ kind: "at once", most: 4, heldMs: HELD_MS },
    counts: "one account from one neighbourhood",
    answers: "the same from one place, which leaves the others theirs",
    of: others(({ account, neighbourhood, place }) => `${account} ${neighbourhood} ${place === "home"}`),
  },
  allAtOnce: {
    ...{ kind: "at once", most: 30, heldMs: UNDER_WAY_MS, spares: isHome },
    counts: "everybody together, those at home held up by nobody",
    answers: "more waiting objects than a deployment can pay",
    of: others(() => ""),
  },
  domainAtOnce: {
    ...{ kind: "at once", most: 15, heldMs: UNDER_WAY_MS, spares: isHome },
    counts: "one domain, those at home held up by nobody",
    answers: "a server that never answers",
    of: others(({ domain }) => domain),
  },
  forms: {
    ...{ kind: "tries", free: 6, firstMs: MINUTE_MS, mostMs: HOUR_MS, forgetMs: DAY_MS },
    ...{ refusal: "too-many-tries", failed: "is one", proved: "is none" },
    counts: "forms for a new account that one network asks for",
    answers: "a machine that makes accounts through this deployment",
    of: registering("form", ({ network }) => network),
  },
  answers: {
    ...{ kind: "tries", free: 10, firstMs: 30 * SECOND_MS, mostMs: HOUR_MS, forgetMs: DAY_MS },
    ...{ refusal: "too-many-tries", failed: "is one", proved: "is none" },
    counts: "such forms that one network sends",
    answers: "names and pictures that are tried one after the other",
    of: registering("answers", ({ network }) => network),
  },
  allForms: {
    ...{ kind: "tries", free: 200, firstMs: SECOND_MS, mostMs: MINUTE_MS, forgetMs: DAY_MS },
    ...{ refusal: "too-busy", failed: "is one", proved: "is none" },
    counts: "forms for a new account, of everybody together",
    answers: "the same with ever new addresses",
    of: registering("form", () => ""),
  },
  allAnswers: {
    ...{ kind: "tries", free: 60, firstMs: 10 * SECOND_MS, mostMs: 10 * MINUTE_MS, forgetMs: DAY_MS },
    ...{ refusal: "too-busy", failed: "is one", proved: "is none" },
    counts: "such forms that are sent, of everybody together",
    answers: "the same with ever new addresses",
    of: registering("answers", () => ""),
  },
  formsAtOnce: {
    ...{ kind: "at once", most: 10, heldMs: UNDER_WAY_MS },
    counts: "servers that are asked about a new account, by everybody together",
    answers: "servers that never answer",
    of: ({ registers }) => (registers === undefined ? undefined : ""),
  },
  newAccounts: {
    kind: "in a day",
    counts: "accounts that come for the first time, and are not invited",
    answers: "objects that stay, and cost for ever",
    of: ({ isNew, invited }) => (isNew && !invited ? "" : undefined),
  },
} as const satisfies Readonly<Record<string, TriesRow | AtOnceRow | DailyRow>>;
