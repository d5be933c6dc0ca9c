// XEP-0060: Publish-Subscribe, version 1.26.0. What the owner of a node may do (§8).

import xml, { type Element } from "@xmpp/xml";
import { attribute, child } from "./element.ts";
import { answerForm, buildSubmission, parseForm, type Form, type FormField } from "./forms.ts";
import { iqGet, iqSet } from "./stanzas.ts";

const NS_OWNER = "http://jabber.org/protocol/pubsub#owner";
const NODE_CONFIG = "http://jabber.org/protocol/pubsub#node_config";

/** How is the node configured? (§8.2.1) */
export function requestConfiguration(node: string): Element {
  return iqGet(xml("pubsub", { xmlns: NS_OWNER }, xml("configure", { node })));
}

/** The form in the answer; undefined where it holds none. */
export function parseConfiguration(iq: Element): Form | undefined {
  const pubsub = child(iq, "pubsub", NS_OWNER);
  const configure = pubsub && child(pubsub, "configure", NS_OWNER);
  return configure === undefined || attribute(iq, "type") !== "result" ? undefined : parseForm(configure);
}

/** The same configuration but for `changes` (§8.2.4). */
export function buildConfiguration(node: string, form: Form, changes: readonly FormField[]): Element {
  const submission = buildSubmission(NODE_CONFIG, answerForm(form, changes));
  return iqSet(xml("pubsub", { xmlns: NS_OWNER }, xml("configure", { node }, submission)));
}

/** The node and all it holds (§8.4). */
export function buildDeleteNode(node: string): Element {
  return iqSet(xml("pubsub", { xmlns: NS_OWNER }, xml("delete", { node })));
}
