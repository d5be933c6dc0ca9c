// RFC 6120 §8.3: a message of ours that came back as an error

import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute } from "../xep/element.ts";
import { parseStanzaError } from "../xep/errors.ts";
import { usableId } from "../xep/ids.ts";
import type { BounceEvent } from "./stanza-event.ts";

/** An error repeats the `id` of what it is about; what else it repeats is not content. None where it names nothing. */
export function bounceOf(message: Element, chat: BareJid): readonly BounceEvent[] {
  const of = usableId(attribute(message, "id"));
  const error = parseStanzaError(message);
  return of === undefined || error === undefined ? [] : [{ kind: "bounce", chat, of, condition: error.condition }];
}
