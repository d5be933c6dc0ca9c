/** Publishing what everybody may read, on servers that have their own ideas of a node's configuration (XEP-0060 §7.1.5). */
import type { Element } from "@xmpp/xml";
import type { Result } from "../../worker/contract.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest, type RequestError } from "../link/iq.ts";
import { buildPublish, PUBLIC_NODE, SINGLE_ITEM } from "../xep/pubsub.ts";
import { buildConfiguration, parseConfiguration, requestConfiguration } from "../xep/pubsub-owner.ts";

/**
 * One item, readable by everybody. A node that exists with another configuration is configured anew, once. Fails with
 * `offline`, or `encryption-unavailable` and the server's condition.
 */
export async function publishPublicly(
  link: Pick<CurrentLink, "request">,
  node: string,
  payload: Element,
): Promise<Result<true>> {
  const publish = () => link.request(buildPublish(node, { id: SINGLE_ITEM, payload }, PUBLIC_NODE));
  let answer = await publish();
  if (!answer.ok && isConfiguredOtherwise(answer.error)) {
    const configuration = await link.request(requestConfiguration(node));
    const form = configuration.ok ? parseConfiguration(configuration.value) : undefined;
    if (form) {
      await link.request(buildConfiguration(node, form, PUBLIC_NODE));
      answer = await publish();
    }
  }
  if (answer.ok) return { ok: true, value: true };
  if (answer.error.kind !== "stanza-error") return { ok: false, error: failureOfRequest(answer.error) };
  return { ok: false, error: { kind: "encryption-unavailable", detail: answer.error.condition } };
}

function isConfiguredOtherwise(error: RequestError): boolean {
  return (
    error.kind === "stanza-error" &&
    (error.application?.name === "precondition-not-met" || error.condition === "conflict")
  );
}
