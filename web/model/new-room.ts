/** The address that is proposed for a new room, and who is in it from the beginning. */
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";

/** Letters and digits of a room's name that go into its address. */
const LOCAL_LENGTH_MAX = 60;

/** Where a new room of that name would be. */
function proposedAddress(name: string, service: string): string {
  const local = name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, LOCAL_LENGTH_MAX);
  if (local === "") return "";
  return `${local}@${service}`;
}

/** The same where the account's server has rooms, else at the service that somebody names; empty while that is not known. */
export function addressOfNew(
  name: string,
  answer: Result<{ readonly service: string }> | undefined,
  elsewhere: string,
): string {
  const service = answer?.ok ? answer.value.service : elsewhere.trim();
  return service === "" ? "" : proposedAddress(name, service);
}

export const NO_MEMBER = { kind: "address-invalid", detail: "no member" } as const satisfies Failure;

/**
 * Those that were chosen, and whoever still stands in the field: a person who has typed an address and goes on has named
 * somebody, whether they are a contact or not. `meant` is `meantAddress` of what stands there.
 */
export function membersOfNew(chosen: readonly BareJid[], meant: string): Result<readonly BareJid[]> {
  if (meant.trim() === "") return { ok: true, value: chosen };
  const last = meant.includes("@") ? parseBareJid(meant.trim()) : undefined;
  if (last === undefined) return { ok: false, error: NO_MEMBER };
  return { ok: true, value: chosen.includes(last) ? chosen : [...chosen, last] };
}
