// XEP-0444: Message Reactions, version 0.2.1. XEP-0424: Message Retraction, 0.4.2. XEP-0425: Moderated Message Retraction, 0.3
// XEP-0422: Message Fastening, 0.2. XEP-0428: Fallback Indication, 0.2.1

import xml, { type Element } from "@xmpp/xml";
import type { Act } from "../../worker/contract/entries.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { cut } from "../../worker/shared/cut.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { resourceOf } from "../../worker/shared/jid.ts";
import { attribute, child, children, legalText } from "./element.ts";
import { usableId } from "./ids.ts";
import { iqSet } from "./stanzas.ts";

const NS_FALLBACK = "urn:xmpp:fallback:0";
export const NS_REACTIONS = "urn:xmpp:reactions:0";
export const NS_RETRACT = "urn:xmpp:message-retract:1";
const NS_MODERATE = "urn:xmpp:message-moderate:1";
/** As servers spoke it before version 0.3 of XEP-0425, by way of XEP-0422; the community module of Prosody still does. */
const NS_MODERATE_0 = "urn:xmpp:message-moderate:0";
const NS_RETRACT_0 = "urn:xmpp:message-retract:0";
const NS_FASTEN = "urn:xmpp:fasten:0";

/** What a person does with a message of their own. */
type OwnAct = Exclude<Act, { kind: "moderation" }>;

/** What does something to another message and says nothing by itself. */
const ACTS = [
  { name: "reactions", namespace: NS_REACTIONS },
  { name: "retract", namespace: NS_RETRACT },
  { name: "retract", namespace: NS_RETRACT_0 },
  { name: "retracted", namespace: NS_RETRACT },
  { name: "retracted", namespace: NS_RETRACT_0 },
  { name: "moderate", namespace: NS_MODERATE },
  { name: "moderated", namespace: NS_MODERATE_0 },
  { name: "apply-to", namespace: NS_FASTEN },
] as const;

/** For whoever does not know retractions; what it stands beside says the same (XEP-0424 §3.2). */
const RETRACTION_BODY = "This message was deleted. Your app cannot show that, so it may still stand here.";

/** Whether a message only reacts to another one or takes one back: a body beside that is for apps that know neither. */
export function isAboutAnother(message: Element): boolean {
  return ACTS.some(({ name, namespace }) => child(message, name, namespace) !== undefined);
}

/**
 * The same of an encrypted message, of which only its sender knows what the text is: it is left out where the stanza says
 * that the text is such a body (XEP-0428), or that it takes something back.
 */
export function isSealedFallback(message: Element): boolean {
  const namespaces: ReadonlySet<string> = new Set(ACTS.map(({ namespace }) => namespace));
  const declared = children(message, "fallback", NS_FALLBACK).some((one) =>
    namespaces.has(attribute(one, "for") ?? ""),
  );
  return isAboutAnother(message) && (declared || child(message, "reactions", NS_REACTIONS) === undefined);
}

/**
 * What a message does to another one; undefined where it does nothing that is known here. Only versions that name the
 * message by its id are read: `urn:xmpp:fasten:0` was given up.
 */
export function parseAct(message: Element): OwnAct | undefined {
  const reactions = child(message, "reactions", NS_REACTIONS);
  if (reactions !== undefined) {
    const id = usableId(attribute(reactions, "id"));
    return id === undefined ? undefined : { kind: "reactions", of: { id }, emojis: parseEmojis(reactions) };
  }
  const retract = retractIn(message);
  return retract === undefined || retract.moderated ? undefined : { kind: "retraction", of: { id: retract.id } };
}

/** What a room has taken out of sight; only what comes of the room itself may say so (XEP-0425 §6, T20). */
export function parseModeration(message: Element): Extract<Act, { kind: "moderation" }> | undefined {
  const told = moderatedIn(message);
  if (told?.moderated === undefined) return undefined;
  const by = resourceOf(attribute(told.moderated, "by") ?? "");
  const reason = cut(told.inside.getChildText("reason")?.trim() ?? "", LIMITS.reasonLength);
  return {
    kind: "moderation",
    of: { id: told.id },
    ...(by !== undefined && { by: cut(by, LIMITS.nickLength) }),
    ...(reason && { reason }),
  };
}

/** How a room takes messages away (`about` of its features); undefined: it does not. */
export function moderationOffered(features: readonly string[]): "current" | "old" | undefined {
  if (features.includes(NS_MODERATE)) return "current";
  return features.includes(NS_MODERATE_0) ? "old" : undefined;
}

/** Take away what the room keeps under this id (XEP-0425 §4; of the old version, §3 of 0.2). */
export function buildModeration(
  room: BareJid,
  how: "current" | "old",
  id: string,
  reason: string | undefined,
): Element {
  const why = reason === undefined ? [] : [xml("reason", {}, legalText(reason))];
  if (how === "current")
    return iqSet(xml("moderate", { xmlns: NS_MODERATE, id }, xml("retract", { xmlns: NS_RETRACT }), ...why), room);
  const moderate = xml("moderate", { xmlns: NS_MODERATE_0 }, xml("retract", { xmlns: NS_RETRACT_0 }), ...why);
  return iqSet(xml("apply-to", { xmlns: NS_FASTEN, id }, moderate), room);
}

function moderatedIn(message: Element): Retract | undefined {
  const retract = retractIn(message);
  if (retract !== undefined) return retract;
  const inside = child(message, "apply-to", NS_FASTEN);
  const id = usableId(inside && attribute(inside, "id"));
  return inside && id !== undefined ? { id, inside, moderated: child(inside, "moderated", NS_MODERATE_0) } : undefined;
}

type Retract = { readonly id: string; readonly inside: Element; readonly moderated: Element | undefined };

function retractIn(message: Element): Retract | undefined {
  const inside = child(message, "retract", NS_RETRACT);
  const id = usableId(inside && attribute(inside, "id"));
  return inside && id !== undefined ? { id, inside, moderated: child(inside, "moderated", NS_MODERATE) } : undefined;
}

/** Each once, in their order (XEP-0444 §3.2); whether they are emoji is the page's to say. */
function parseEmojis(reactions: Element): readonly string[] {
  const texts = children(reactions, "reaction", NS_REACTIONS).map((one) => one.getText().trim());
  const usable = texts.filter((text) => text !== "" && text.length <= LIMITS.emojiLength);
  return [...new Set(usable)].slice(0, LIMITS.emojis);
}

/** The elements of a message of ours that does so. A retraction has words for apps that do not know it; reactions have none. */
export function buildAct(act: OwnAct): readonly Element[] {
  const { id } = act.of;
  if (act.kind === "reactions")
    return [
      xml(
        "reactions",
        { xmlns: NS_REACTIONS, id },
        ...act.emojis.map((emoji) => xml("reaction", {}, legalText(emoji))),
      ),
    ];
  return [
    xml("retract", { xmlns: NS_RETRACT, id }),
    xml("fallback", { xmlns: NS_FALLBACK, for: NS_RETRACT }),
    xml("body", {}, RETRACTION_BODY),
  ];
}
