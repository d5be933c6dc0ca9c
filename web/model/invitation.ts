/** What an invitation says of itself, asked of the deployment before anybody types a password, and in words. */
import type { Result } from "../../worker/contract/failures.ts";
import type { InvitationView } from "../../worker/contract/invitation.ts";
import { ROUTES } from "../../worker/contract/routes.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { text } from "../i18n/aside.ts";
import { fullDayAndTime } from "./format.ts";

const TIMEOUT_MS = 15_000;

/**
 * Fails with `invitation` as the deployment does. Undefined where nothing is known of it: no connection, a Worker of the
 * release before, too many requests; then the sign-in will tell.
 */
export async function lookAt(
  invitation: string,
  ask: typeof fetch = fetch,
): Promise<Result<InvitationView> | undefined> {
  try {
    const answer = await ask(ROUTES.invitation, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ invitation }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return readAnswer(await answer.json());
  } catch {
    // Nobody waits for it: whatever is in the way shows again when somebody signs in.
    return undefined;
  }
}

function readAnswer(answer: unknown): Result<InvitationView> | undefined {
  const { ok, value, error } = fieldsOf(answer);
  const { address, domain, ends } = fieldsOf(value);
  if (ok !== true) {
    const { kind, detail } = fieldsOf(error);
    if (kind === "invitation" && typeof detail === "string") return { ok: false, error: { kind, detail } };
    // What is too long or has other letters is no link of ours.
    return kind === "malformed" ? { ok: false, error: { kind: "invitation", detail: "unknown" } } : undefined;
  }
  if (typeof ends !== "number") return undefined;
  const whose = typeof address === "string" ? parseBareJid(address) : undefined;
  return {
    ok: true,
    value: { ends, ...(whose !== undefined && { address: whose }), ...(typeof domain === "string" && { domain }) },
  };
}

/** For whom it is. */
export function greetingText({ address, domain }: Partial<InvitationView>): string {
  if (address !== undefined) return text("invited--address", { address });
  return domain === undefined ? text("invited--anybody") : text("invited--domain", { domain });
}

export function endText({ ends }: InvitationView): string {
  return text("invited--ends", { day: fullDayAndTime(ends) });
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
