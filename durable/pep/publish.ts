/** Publishing at the own account, on servers that have their own ideas of a node's configuration (XEP-0060 §7.1.5). */
import type { CurrentLink } from "../connection/current-link.ts";
import type { RequestError, RequestResult } from "../link/iq.ts";
import type { FormField } from "../xep/forms.ts";
import { buildPublish, type NewItem } from "../xep/pubsub.ts";
import { buildConfiguration, parseConfiguration, requestConfiguration } from "../xep/pubsub-owner.ts";

/** Publishes an item. A node that exists with another configuration is configured anew, once. Fails as `request` does. */
export async function publishItem(
  link: Pick<CurrentLink, "request">,
  node: string,
  item: NewItem,
  options: readonly FormField[],
): Promise<RequestResult> {
  const publish = () => link.request(buildPublish(node, item, options));
  const answer = await publish();
  if (answer.ok || !isConfiguredOtherwise(answer.error)) return answer;
  const configuration = await link.request(requestConfiguration(node));
  const form = configuration.ok ? parseConfiguration(configuration.value) : undefined;
  if (!form) return answer;
  await link.request(buildConfiguration(node, form, options));
  return publish();
}

function isConfiguredOtherwise(error: RequestError): boolean {
  return (
    error.kind === "stanza-error" &&
    (error.application?.name === "precondition-not-met" || error.condition === "conflict")
  );
}
