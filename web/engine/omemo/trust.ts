/** To which devices a message may be encrypted, decided from what this browser knows of their keys. No store, no clock. */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { Trust } from "../protocol/account.ts";

/** A listed device that would read a message. */
export type Candidate = {
  readonly jid: BareJid;
  readonly device: DeviceId;
  /** Undefined: never met. Meeting it decides. */
  readonly trust?: Trust;
  /** It shows another key than the one that was pinned, and nobody has said which is right. */
  readonly changed?: boolean;
  /** It came after others of its owner had been written to, and nobody has seen that yet. */
  readonly newcomer?: true;
};

/**
 * `send`: to these, and `excluded` are listed but get no key. `blocked`: nothing may leave. `key-changed`: somebody has to
 * say here which key is right. `new-device`: somebody has to see these first. `none-trusted`: there are devices and this
 * browser trusts none. `no-device`: there are none.
 */
export type SendPlan =
  | { readonly kind: "send"; readonly to: readonly Candidate[]; readonly excluded: readonly Candidate[] }
  | {
      readonly kind: "blocked";
      readonly why: "key-changed" | "new-device" | "none-trusted" | "no-device";
      readonly devices: readonly Candidate[];
    };

/**
 * Blind trust before verification, in both directions of time: who is trusted now is written to, who is not is named. A
 * changed key of somebody we write to stops everything. So does a further device of somebody we have written to, until it
 * was seen: else whoever can add to the list could read along unnoticed (S3). An own device never stops a message: it is
 * left out. A message that nobody but ourselves could read is not sent (T35, T36, T42).
 */
export function planSending(own: BareJid, candidates: readonly Candidate[], toSelf = false): SendPlan {
  const theirs = toSelf ? candidates : candidates.filter(({ jid }) => jid !== own);
  if (theirs.length === 0) return { kind: "blocked", why: "no-device", devices: [] };
  const changed = theirs.filter((candidate) => candidate.jid !== own && candidate.changed === true);
  if (changed.length > 0) return { kind: "blocked", why: "key-changed", devices: changed };
  const newcomers = theirs.filter((candidate) => candidate.newcomer === true && isEligible(candidate));
  if (newcomers.length > 0) return { kind: "blocked", why: "new-device", devices: newcomers };
  if (!theirs.some(isEligible)) return { kind: "blocked", why: "none-trusted", devices: theirs };
  return {
    kind: "send",
    to: candidates.filter(isEligible),
    excluded: candidates.filter((candidate) => !isEligible(candidate)),
  };
}

function isEligible({ trust, changed }: Candidate): boolean {
  return changed !== true && isTrusted(trust ?? "blind");
}

/**
 * As somebody wants it who writes only to devices that they have compared: what others believe at first sight counts as not
 * decided. Own devices were let in one by one.
 */
export function onlyVerified(own: BareJid, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.map((candidate) =>
    candidate.jid !== own && (candidate.trust ?? "blind") === "blind"
      ? { ...candidate, trust: "undecided" as const }
      : candidate,
  );
}

/** Whether something may be encrypted to a device in this state. */
export function isTrusted(trust: Trust): boolean {
  return trust === "blind" || trust === "verified";
}

/** What a contact's key is when it is first seen, after what has been decided about that contact's others. */
export function firstTrustOf(others: readonly Trust[]): Trust {
  return others.includes("verified") ? "undecided" : "blind";
}
