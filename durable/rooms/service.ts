/** Finds the service of a server where rooms can be created (XEP-0045 §6.1), by the identities of its services. */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { failureOfRequest } from "../link/iq.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import type { RoomLink } from "./administration.ts";
import { parseInfo, parseItems, requestInfo, requestItems } from "../xep/disco.ts";
import { NS_MUC } from "../xep/muc.ts";
import { NS_VCARD } from "../xep/vcard.ts";

/** A server that lists everything it has is asked no further than this. */
const SERVICES_MAX = 20;

/** The domain of the first service for rooms of text, and whether it speaks of pictures (XEP-0054). Fails with `offline`, `not-found`. */
export async function findRoomService(
  link: Pick<RoomLink, "request">,
  account: BareJid,
): Promise<Result<{ readonly service: string; readonly pictures?: true }>> {
  const domain = domainOf(account);
  const listed = await link.request(requestItems(domain));
  if (!listed.ok && listed.error.kind !== "stanza-error") return { ok: false, error: failureOfRequest(listed.error) };
  // A service has no local part: what has one is a room or a person.
  const services = listed.ok ? parseItems(listed.value).filter((jid) => !/[@/]/.test(jid)) : [];
  const answers = await Promise.all(
    services
      .slice(0, SERVICES_MAX)
      .map(async (service) => ({ service, answer: await link.request(requestInfo(service)) })),
  );
  for (const { service, answer } of answers) {
    const info = answer.ok ? parseInfo(answer.value) : undefined;
    const rooms = info?.identities.some(({ category, type }) => category === "conference" && type === "text");
    if (rooms && info?.features.includes(NS_MUC)) {
      const pictures = info.features.includes(NS_VCARD) && { pictures: true as const };
      return { ok: true, value: { service, ...pictures } };
    }
  }
  return { ok: false, error: { kind: "not-found" } };
}
