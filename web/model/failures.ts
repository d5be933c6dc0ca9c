/** Words for everything that can be expected to go wrong: one table from the contract's kinds to texts. */
import type { Failure, FailureKind } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { type Cause, causeOf } from "../../worker/shared/failure-causes.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { quotaReturns, SPENT } from "../../worker/shared/spent-quota.ts";
import { type TextKey, text } from "../i18n/text.ts";
import { clock } from "./format.ts";
import { roomFailureText } from "./room.ts";

export const FAILURE_TEXTS = {
  "address-invalid": "failure--address-invalid",
  "domain-refused": "failure--domain-refused",
  "no-domains": "failure--no-domains",
  "unknown-domain": "failure--unknown-domain",
  "unproven-name": "failure--unproven-name",
  refused: "failure--refused",
  "timed-out": "failure--timed-out",
  "bad-certificate": "failure--bad-certificate",
  "no-encryption": "failure--no-encryption",
  "not-xmpp": "failure--not-xmpp",
  "wrong-password": "failure--wrong-password",
  "keys-unfit": "failure--keys-unfit",
  "sign-in-lapsed": "failure--sign-in-lapsed",
  "account-disabled": "failure--account-disabled",
  "only-plain": "failure--only-plain",
  "no-mechanism": "failure--no-mechanism",
  "server-not-proven": "failure--server-not-proven",
  "server-error": "failure--server-error",
  "stream-replaced": "failure--stream-replaced",
  "storage-full": "failure--storage-full",
  "connection-lost": "failure--connection-lost",
  "too-many-tries": "failure--too-many-tries",
  "account-guarded": "failure--account-guarded",
  "too-busy": "failure--too-busy",
  "no-new-accounts": "failure--no-new-accounts",
  "other-release": "failure--other-release",
  "too-many-browsers": "failure--too-many-browsers",
  "not-signed-in": "failure--not-signed-in",
  locked: "failure--locked",
  "wrong-account": "failure--wrong-account",
  evicted: "failure--evicted",
  "still-erasing": "failure--still-erasing",
  offline: "failure--offline",
  malformed: "failure--malformed",
  "too-large": "failure--too-large",
  "not-found": "failure--not-found",
  "would-expose": "failure--would-expose",
  "too-early": "failure--too-early",
  behind: "failure--behind",
  "not-proven": "failure--not-proven",
  revoked: "failure--revoked",
  "encryption-unavailable": "failure--encryption-unavailable",
  "key-changed": "failure--key-changed",
  "none-trusted": "failure--none-trusted",
  "peer-refused": "failure--peer-refused",
  internal: "failure--internal",
} as const satisfies Record<FailureKind, TextKey>;

/** Kinds with a detail that changes what happened: words of their own. A page that does not know the detail says the kind. */
const DETAIL_TEXTS: Readonly<Record<string, TextKey>> = {
  "too-large: server": "failure--too-large-for-server",
  [`offline: ${SPENT}`]: "failure--quota-spent",
  "refused: no resolver": "failure--no-resolver",
  "storage-full: sign-in": "failure--storage-full-for-sign-in",
  "server-error: ended streams": "failure--ended-streams",
  "malformed: answer too large": "failure--answer-too-large",
};

/** The same for what stands between a domain and Alcove; the doctor (`tools/doctor/`) says these, too. */
const CAUSE_TEXTS = {
  "too-many-rounds": "failure--too-many-rounds",
  "too-few-rounds": "failure--too-few-rounds",
  "changed-offer": "failure--changed-offer",
  "further-step": "failure--further-step",
  "bound-only": "failure--bound-only",
  "nothing-offered": "failure--nothing-offered",
  "behind-proxy": "failure--behind-proxy",
} as const satisfies Record<Cause, TextKey>;

/** Whether the detail is said by words of its own: it is a name for us, which tells a person nothing. */
export function isDetailInWords({ kind, detail }: Failure): boolean {
  return Object.hasOwn(DETAIL_TEXTS, `${kind}: ${detail}`);
}

/** One or two sentences: what happened and what to do. `address` is the one the failure is about. */
export function failureText(failure: Failure, address: string): string {
  const room = roomFailureText(failure);
  if (room !== undefined) return room;
  const { kind, detail } = failure;
  const domain = domainOf(address.trim()) || "the server";
  // A Worker of a newer release may know more kinds.
  const known = Object.hasOwn(FAILURE_TEXTS, kind) ? FAILURE_TEXTS[kind] : "failure--internal";
  const cause = causeOf(failure);
  return text(DETAIL_TEXTS[`${kind}: ${detail}`] ?? (cause ? CAUSE_TEXTS[cause] : known), {
    domain,
    host: detail ?? domain,
    wait: waitText(detail),
    least: LIMITS.leastIterations,
    most: LIMITS.mostIterations,
    time: clock(quotaReturns(Date.now())),
  });
}

/** How long to wait: of a failure's `detail` in seconds. Some refusals do not say. */
function waitText(seconds: string | undefined): string {
  const count = Number(seconds);
  if (!(count > 0)) return text("wait--moment");
  if (count <= 90) return text("wait--seconds", { count: Math.ceil(count) });
  return text("wait--minutes", { count: Math.ceil(count / 60) });
}
