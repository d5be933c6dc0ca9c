/** What to do about a room that refuses us, lets us go or keeps silent: pure decisions (XEP-0045 §7.2, XEP-0410 §3). */
import type { Failure } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import type { RoomExit } from "../ingest/stanza-event.ts";
import type { RequestResult } from "../link/iq.ts";

/** After this much silence a room is pinged; XEP-0410 §3 leaves the interval to the client. */
export const SILENCE_MS = 15 * 60_000;
const RETRY_FIRST_MS = 50_000;
const RETRY_LAST_MS = 15 * 60_000;

/** Why we are not in a room. `final`: it is not tried again without the person. */
export type Refusal = { readonly failure: Failure; readonly final: boolean };

/** §7.2.3 – §7.2.9: what a join that came back says. */
const CONDITIONS: Readonly<Record<string, { readonly detail: string; readonly final: boolean }>> = {
  conflict: { detail: "nick in use", final: true },
  forbidden: { detail: "banned", final: true },
  "registration-required": { detail: "members-only", final: true },
  "not-authorized": { detail: "password needed", final: true },
  "item-not-found": { detail: "no such room", final: true },
  "not-allowed": { detail: "not allowed", final: true },
  "not-acceptable": { detail: "nick not allowed", final: true },
  "jid-malformed": { detail: "nick not allowed", final: true },
  gone: { detail: "destroyed", final: true },
  // These may pass by themselves.
  "service-unavailable": { detail: "room unavailable", final: false },
  "remote-server-not-found": { detail: "room unavailable", final: false },
  "remote-server-timeout": { detail: "room unavailable", final: false },
  "resource-constraint": { detail: "room unavailable", final: false },
  "internal-server-error": { detail: "room unavailable", final: false },
  "recipient-unavailable": { detail: "room unavailable", final: false },
};

/** What a join comes to that came back with this condition; an unknown one is final. `password`: we gave one. */
export function refusalOf(condition: string, password = false): Refusal {
  if (condition === "not-authorized" && password)
    return { failure: { kind: "peer-refused", detail: "wrong password" }, final: true };
  const known = Object.hasOwn(CONDITIONS, condition) ? CONDITIONS[condition] : undefined;
  const { detail, final } = known ?? { detail: condition, final: true };
  return { failure: { kind: "peer-refused", detail }, final };
}

/** We are out without having asked for it. After a shutdown or a connection problem we enter again. */
export function exitOf(why: RoomExit | undefined): Refusal {
  const detail = why ?? "connection problem";
  return { failure: { kind: "peer-refused", detail }, final: detail !== "shutdown" && detail !== "connection problem" };
}

/**
 * What the answer to a ping of ourselves says (XEP-0410 §3.1). An unknown name means that our occupant has another one
 * by now, or is not known: coming in again tells which.
 */
export function selfPingSays(answer: RequestResult): "here" | "gone" | "unknown" {
  if (answer.ok) return "here";
  if (answer.error.kind !== "stanza-error") return "unknown";
  switch (answer.error.condition) {
    case "service-unavailable":
    case "feature-not-implemented":
      return "here";
    case "remote-server-not-found":
    case "remote-server-timeout":
      return "unknown";
    default:
      return "gone";
  }
}

/** The next try of a room that is away: 50 s, doubled up to a quarter of an hour. */
export function retryAt(lastTry: Time, failures: number): Time {
  return lastTry + Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 10));
}
