/**
 * Words for everything that can be expected to go wrong: `failure--` and the kind that the contract has for it. A part of the
 * page that is fetched later.
 */
import type { Failure, FailureKind } from "../../worker/contract/failures.ts";
import { INVITATION_REFUSALS } from "../../worker/contract/invitation.ts";
import { REGISTRATION_REFUSALS } from "../../worker/contract/registration.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { FILE_REFUSALS } from "../../worker/contract/media.ts";
import { BEHIND_PROXY, CHANGED_OFFER, causeOf } from "../../worker/shared/failure-causes.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { nextDay, SPENT } from "../../worker/shared/spent-quota.ts";
import { hasText, plural, type TextKey, text } from "../i18n/failures.ts";
import { clock } from "./format.ts";

/** Kinds with a detail that changes what happened: words of their own. A page that does not know the detail says the kind. */
const DETAIL_TEXTS: Readonly<Record<string, TextKey>> = {
  "peer-refused: cannot block": "failure--cannot-block",
  "address-invalid: no member": "failure--no-member",
  "malformed: no name": "failure--no-name",
  "malformed: no password": "failure--no-room-password",
  "too-large: server": "failure--too-large-for-server",
  "too-large: choices": "failure--too-many-choices",
  [`offline: ${SPENT}`]: "failure--spent",
  "refused: no resolver": "failure--no-resolver",
  "storage-full: sign-in": "failure--storage-full-for-sign-in",
  "wrong-password: empty": "failure--no-password",
  "server-error: ended streams": "failure--ended-streams",
  "malformed: answer too large": "failure--answer-too-large",
  "peer-refused: not at this server": "failure--no-account-change",
  ...invitationTexts(),
  ...registrationTexts(),
  "file: damaged": "failure--file-damaged",
  "file: not-kept": "failure--file-not-kept",
  ...Object.fromEntries(FILE_REFUSALS.map((why) => [`file: ${why}`, `failure--file-${why}` as const])),
};

/** Each reason why there is no account, and what the page finds before it asks. */
function registrationTexts(): Readonly<Record<string, TextKey>> {
  const found = [...REGISTRATION_REFUSALS, "link", "no-server", "password-short", "lapsed", "perhaps-yours"] as const;
  return Object.fromEntries(found.map((why) => [`registration: ${why}`, `failure--registration-${why}`]));
}

/** Each reason why an invitation lets nobody in. */
function invitationTexts(): Readonly<Record<string, TextKey>> {
  return Object.fromEntries(INVITATION_REFUSALS.map((why) => [`invitation: ${why}`, `failure--invitation-${why}`]));
}

const OF_ROOMS: readonly FailureKind[] = ["peer-refused", "encryption-unavailable", "would-expose", "not-found"];

/** Undefined where it is not about a room. */
function roomFailureText({ kind, detail }: Failure): string | undefined {
  if (!OF_ROOMS.includes(kind) || detail === undefined) return undefined;
  // What the object or the engine says, in words: a newer one may say what has none here.
  const key = `room-failure--${detail.replaceAll(" ", "-")}`;
  return hasText(key) ? text(key) : undefined;
}

/** One or two sentences: what happened and what to do. `address` is the one the failure is about. */
export function failureText(failure: Failure, address: string): string {
  const room = roomFailureText(failure);
  if (room !== undefined) return room;
  const { kind, detail } = failure;
  const domain = domainOf(address.trim()) || text("failure--no-domain");
  const key: TextKey = `failure--${kind}` as const;
  // A Worker of a newer release may know more kinds.
  const known = hasText(key) ? key : "failure--internal";
  // The doctor (`tools/doctor/`) says these, too.
  const cause = causeOf(failure);
  return text(DETAIL_TEXTS[`${kind}: ${detail}`] ?? (cause ? `failure--${cause}` : known), {
    domain,
    host: detail ?? domain,
    wait: waitText(detail),
    least: LIMITS.leastIterations,
    most: LIMITS.mostIterations,
    time: clock(nextDay()),
  });
}

/** Kinds whose detail is how long to wait. */
const WAITS: readonly FailureKind[] = ["too-many-tries", "account-guarded", "too-busy"];

/** What a failure says beyond its words, for whoever can use it. */
export function detailBeyondWords(failure: Failure, address: string): string | undefined {
  const { kind, detail } = failure;
  if (detail === undefined || WAITS.includes(kind) || `${kind}: ${detail}` in DETAIL_TEXTS) return undefined;
  if (detail === CHANGED_OFFER || detail === BEHIND_PROXY) return undefined;
  const said = roomFailureText(failure) !== undefined || failureText(failure, address).includes(detail);
  return said ? undefined : detail;
}

/** How long to wait: of a failure's `detail` in seconds. Some refusals do not say. */
function waitText(seconds: string | undefined): string {
  const count = Number(seconds);
  if (!(count > 0)) return text("wait--moment");
  if (count <= 90) return plural("wait--seconds", Math.ceil(count));
  return plural("wait--minutes", Math.ceil(count / 60));
}
