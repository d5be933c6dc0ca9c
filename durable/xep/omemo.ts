// XEP-0384: OMEMO Encryption, version 0.3.0 - the version in the field. Encrypted messages.

import xml, { type Element } from "@xmpp/xml";
import type { MessageContent } from "../../worker/contract/entries.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Base64 } from "../../worker/contract/names.ts";
import { DETAILS_NAMESPACE, OMEMO_NAMESPACE, type OmemoKey, type OmemoMessage } from "../../worker/contract/omemo.ts";
import { byteLength, tidyBase64 } from "../../worker/shared/base64.ts";
import { attribute, child, children, isTrue } from "./element.ts";
import { parseDeviceId } from "./omemo-devices.ts";

/** AES-GCM: 12 bytes are sent today, 16 by clients of old. */
const IV_BYTES: readonly number[] = [12, 16];
const IV_LENGTH_MAX = 32;

/** What one `<encrypted>` turns out to be. */
export type OmemoContent = Extract<MessageContent, { readonly kind: "omemo" | "unreadable" }>;

const MALFORMED: OmemoContent = { kind: "unreadable", why: "malformed" };

/** All `<encrypted>` of a message in the namespace of this version; more than one is not a message anybody sends. */
export function encryptedIn(message: Element): readonly Element[] {
  return children(message, "encrypted", OMEMO_NAMESPACE);
}

/**
 * One `<encrypted>`. A key for an impossible device, or one that is no base64, is for nobody and left out, and so is what
 * comes after the first two for one device (S1: each costs whoever tries it). Anything else that is wrong makes the whole
 * unreadable: no device to come from, no IV of 12 or 16 bytes, beyond `LIMITS`.
 */
export function parseEncrypted(encrypted: Element): OmemoContent {
  const header = child(encrypted, "header", OMEMO_NAMESPACE);
  const sid = header && parseDeviceId(attribute(header, "sid"));
  const iv = header && tidyBase64(child(header, "iv", OMEMO_NAMESPACE)?.getText() ?? "", IV_LENGTH_MAX);
  if (header === undefined || sid === undefined || iv === undefined || !IV_BYTES.includes(byteLength(iv)))
    return MALFORMED;

  const elements = children(header, "key", OMEMO_NAMESPACE);
  if (elements.length > LIMITS.keys) return MALFORMED;
  const keys = fewOfEach(elements.flatMap((element) => parseKey(element) ?? []));

  const sealed = child(encrypted, "payload", OMEMO_NAMESPACE)?.getText();
  if (sealed === undefined) return { kind: "omemo", omemo: { sid, iv, keys } };
  const payload = tidyBase64(sealed, LIMITS.payloadLength);
  return payload === undefined ? MALFORMED : { kind: "omemo", omemo: { sid, iv, keys, payload } };
}

/**
 * The `<encrypted>` for a message, with the base64 as the browser made it. `prekey` stands only where it is true:
 * some clients take its mere presence for yes.
 */
export function buildEncrypted({ sid, iv, keys, payload }: OmemoMessage): Element {
  return xml(
    "encrypted",
    { xmlns: OMEMO_NAMESPACE },
    xml(
      "header",
      { sid },
      keys.map((key) => xml("key", { rid: key.rid, prekey: key.prekey ? "true" : undefined }, key.data)),
      xml("iv", {}, iv),
    ),
    payload === undefined ? undefined : xml("payload", {}, payload),
  );
}

/** What Alcove says beside the `<encrypted>` of a message, for its browsers to open; undefined where there is nothing to open. */
export function parseDetails(message: Element): Base64 | undefined {
  const details = child(message, "details", DETAILS_NAMESPACE)?.getText();
  return details === undefined ? undefined : tidyBase64(details, LIMITS.detailsLength);
}

/** The same as it goes out. */
export function buildDetails(details: Base64): Element {
  return xml("details", { xmlns: DETAILS_NAMESPACE }, details);
}

/** The first `LIMITS.keysOfOne` for each device. */
function fewOfEach(keys: readonly OmemoKey[]): readonly OmemoKey[] {
  const count = new Map<number, number>();
  return keys.filter(({ rid }) => {
    const before = count.get(rid) ?? 0;
    count.set(rid, before + 1);
    return before < LIMITS.keysOfOne;
  });
}

function parseKey(element: Element): OmemoKey | undefined {
  const rid = parseDeviceId(attribute(element, "rid"));
  const data = tidyBase64(element.getText(), LIMITS.keyLength);
  if (rid === undefined || data === undefined) return undefined;
  return { rid, prekey: isTrue(attribute(element, "prekey")), data };
}
