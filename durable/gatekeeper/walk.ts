/** Walks the table of rules (`rules.ts`): whether a visitor may come in, and what they are counted by. Pure. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { type Tries, waitOf } from "./delays.ts";
import { type AtOnceRow, type DailyRow, RULES, type TriesRow, type Visitor } from "./rules.ts";

const SECOND_MS = 1_000;
const ROWS: readonly (readonly [string, TriesRow | AtOnceRow | DailyRow])[] = Object.entries(RULES);

/** What is known when somebody knocks. */
export type Facts = {
  /** Of this counter, so far. */
  readonly tries: (key: string) => Tries | undefined;
  /** Those who were let in and are not done, each with when that was. */
  readonly underWay: readonly (Visitor & { readonly since: Time })[];
  /** Whether as many new accounts as may have come today. */
  readonly enoughNew: () => boolean;
};

/** One counter of tries. */
export type Counter = { readonly rule: TriesRow; readonly key: string };

/** What this visitor's try is counted by. */
export function countersOf(visitor: Visitor): readonly Counter[] {
  return ROWS.flatMap(([name, rule]) => {
    const of = rule.of(visitor);
    return rule.kind === "tries" && of !== undefined ? [{ rule, key: keyOf(name, of) }] : [];
  });
}

/** As it is stored. */
export function keyOf(name: string, of: string): string {
  return of === "" ? name : `${name} ${of}`;
}

/**
 * Undefined: come in. Else the longest wait, in seconds as `detail`; without one, the first of the table that is full
 * (`too-busy`, `no-new-accounts`).
 */
export function refusalOf(visitor: Visitor, facts: Facts, now: Time): Failure | undefined {
  let refusal: Failure | undefined;
  let longestMs = 0;
  for (const [name, rule] of ROWS) {
    const of = rule.of(visitor);
    if (of === undefined) continue;
    switch (rule.kind) {
      case "tries": {
        const waitMs = waitOf(rule, facts.tries(keyOf(name, of)), now);
        if (waitMs > longestMs) refusal = { kind: rule.refusal, detail: String(Math.ceil(waitMs / SECOND_MS)) };
        longestMs = Math.max(longestMs, waitMs);
        break;
      }
      case "at once":
        if (rule.spares?.(visitor) !== true && isFull(rule, of, facts, now)) refusal ??= { kind: "too-busy" };
        break;
      case "in a day":
        if (refusal === undefined && facts.enoughNew()) refusal = { kind: "no-new-accounts" };
        break;
      default:
        return missingCase(rule);
    }
  }
  return refusal;
}

function isFull(rule: AtOnceRow, of: string, { underWay }: Facts, now: Time): boolean {
  return underWay.filter((other) => now - other.since < rule.heldMs && rule.of(other) === of).length >= rule.most;
}
