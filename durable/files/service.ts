/** Finds the service of the account's own server that takes files (XEP-0363 §4), on the server itself or among its services. */
import type { Result } from "../../worker/contract/failures.ts";
import { failed } from "../../worker/shared/failed.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest } from "../link/iq.ts";
import { parseInfo, parseItems, requestInfo, requestItems } from "../xep/disco.ts";
import { parseUploadFeature, type UploadFeature } from "../xep/http-upload.ts";

/** A server that lists everything it has is asked no further than this. */
const SERVICES_MAX = 20;
/** A service that is silent holds the others up no longer. */
const WITHIN_MS = 8_000;

export type UploadService = UploadFeature & { readonly jid: string };

/**
 * The first one, in the server's order, that speaks the newer of the two versions; else the first one of the older. Fails with
 * `offline`, and with `file`: `no-service`.
 */
export async function findUploadService(
  link: Pick<CurrentLink, "request">,
  domain: string,
): Promise<Result<UploadService>> {
  const listed = await link.request(requestItems(domain), { timeoutMs: WITHIN_MS });
  if (!listed.ok && listed.error.kind !== "stanza-error") return { ok: false, error: failureOfRequest(listed.error) };
  // What has a local part is a room or a person.
  const items = listed.ok ? parseItems(listed.value).filter((jid) => !/[@/]/.test(jid) && jid !== domain) : [];
  const candidates = [domain, ...items.slice(0, SERVICES_MAX)];
  const answers = await Promise.all(
    candidates.map(async (jid) => ({ jid, answer: await link.request(requestInfo(jid), { timeoutMs: WITHIN_MS }) })),
  );
  const services = answers.flatMap(({ jid, answer }) => {
    const info = answer.ok ? parseInfo(answer.value) : undefined;
    const feature = info && parseUploadFeature(info);
    return feature ? [{ ...feature, jid }] : [];
  });
  const service = services.find(({ namespace }) => namespace.endsWith(":0")) ?? services[0];
  if (service !== undefined) return { ok: true, value: service };
  const lost = answers.some(({ answer }) => !answer.ok && answer.error.kind === "lost");
  return lost ? failed("offline") : failed("file", "no-service");
}
