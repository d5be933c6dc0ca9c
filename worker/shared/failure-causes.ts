/**
 * What the detail of a failure says beyond its kind, in one spelling for those who find it (the object, the doctor) and those
 * who have words for it (the page, the doctor). A page that does not know a detail says the kind.
 */
import type { Failure } from "../contract/failures.ts";
import { LIMITS } from "../contract/limits.ts";

export type Cause =
  /** More rounds of PBKDF2 than a browser does, or so few that the password would be guessed too cheaply. */
  | "too-many-rounds"
  | "too-few-rounds"
  /** XEP-0474: the list of mechanisms is another one than the server has sent. */
  | "changed-offer"
  /** A second factor, or a change of the password (XEP-0388 § Continue). */
  | "further-step"
  /** Only mechanisms that are bound to the TLS channel. */
  | "bound-only"
  | "nothing-offered"
  /** Every address of the server is one of Cloudflare's own, which its sockets refuse. */
  | "behind-proxy";

export const CHANGED_OFFER = "the list of mechanisms was changed";
export const BEHIND_PROXY = "behind Cloudflare's proxy";
const FURTHER_STEP = "a further step";
const ROUNDS = " iterations";

/** @param names of what the server wants, as far as they can be shown */
export function furtherStep(names: readonly string[]): string {
  return names.length === 0 ? FURTHER_STEP : `${FURTHER_STEP}: ${names.join(" ")}`;
}

/** @param text of the number, as the server wrote it */
export function roundsDetail(text: string): string {
  return text.slice(0, 12) + ROUNDS;
}

/** Whether it is about the rounds that a server asks for. */
export function namesRounds(detail: string): boolean {
  return /^\d+ iterations$/.test(detail);
}

/** Undefined where the kind says it all. */
export function causeOf({ kind, detail }: Failure): Cause | undefined {
  if (detail === undefined) return undefined;
  switch (kind) {
    case "refused":
      return detail === BEHIND_PROXY ? "behind-proxy" : undefined;
    case "server-not-proven":
      if (detail === CHANGED_OFFER) return "changed-offer";
      if (!detail.endsWith(ROUNDS)) return undefined;
      return Number(detail.slice(0, -ROUNDS.length)) > LIMITS.mostIterations ? "too-many-rounds" : "too-few-rounds";
    case "no-mechanism":
      if (detail.startsWith(FURTHER_STEP)) return "further-step";
      if (detail.trim() === "") return "nothing-offered";
      return detail.split(" ").some((name) => /^SCRAM-.*-PLUS$/.test(name)) ? "bound-only" : undefined;
    default:
      return undefined;
  }
}
