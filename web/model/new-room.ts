/** The address that is proposed for a new room. */
import type { Result } from "../../worker/contract/failures.ts";

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
