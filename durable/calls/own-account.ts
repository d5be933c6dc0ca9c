/** What an account has its server do about itself: another password, its end, and an invitation for somebody without one. */
import type { CallValue } from "../../worker/contract/calls.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { domainOf, localOf } from "../../worker/shared/jid.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest, type RequestError } from "../link/iq.ts";
import { parseInvitation, requestInvitation } from "../xep/invite.ts";
import { buildPasswordChange, buildUnregistration } from "../xep/register.ts";

type Done = Result<{ readonly done: true }>;
type Asking = Pick<CurrentLink, "request">;
const DONE: Done = { ok: true, value: { done: true } };

/** See the call `inviteNewcomer`. */
export async function inviteNewcomer(link: Asking, account: BareJid): Promise<Result<CallValue<"inviteNewcomer">>> {
  const answer = await link.request(requestInvitation(domainOf(account)));
  if (!answer.ok) return { ok: false, error: failureOfRequest(answer.error) };
  const invitation = parseInvitation(answer.value);
  if (invitation === undefined) return { ok: false, error: { kind: "peer-refused", detail: "no invitation" } };
  return { ok: true, value: invitation };
}

/** See the call `changePassword`. The password is in this request and nowhere else. */
export async function changePassword(link: Asking, account: BareJid, password: string): Promise<Done> {
  const answer = await link.request(buildPasswordChange(domainOf(account), localOf(account), password));
  return answer.ok ? DONE : { ok: false, error: refusalOf(answer.error) };
}

/** Has the server delete the account (XEP-0077 §3.2). Fails with `offline` where it is not known whether it is gone, and with `peer-refused`. */
export async function deleteAtServer(link: Asking): Promise<Done> {
  const answer = await link.request(buildUnregistration());
  return answer.ok ? DONE : { ok: false, error: refusalOf(answer.error) };
}

/** A server that does not know how, or keeps it to itself, says so in one of these ways (XEP-0077 §3.2.1, §3.3.2). */
const NOT_HERE: readonly string[] = [
  ...["service-unavailable", "feature-not-implemented", "not-allowed", "forbidden", "not-authorized"],
  "registration-required",
];

function refusalOf(error: RequestError): Failure {
  const failure = failureOfRequest(error);
  const kept = failure.kind === "peer-refused" && NOT_HERE.includes(failure.detail ?? "");
  return kept ? { kind: "peer-refused", detail: "not at this server" } : failure;
}
