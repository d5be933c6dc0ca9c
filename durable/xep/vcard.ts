// XEP-0054: vcard-temp, version 1.3; XEP-0153: vCard-Based Avatars, version 1.1.2. Our own picture is published by XEP-0084,
// and servers make the other of it (XEP-0398); a room's is written here.

import xml, { type Element } from "@xmpp/xml";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { PictureId } from "../../worker/contract/names.ts";
import { tidyBase64 } from "../../worker/shared/base64.ts";
import { pictureId } from "../../worker/shared/picture.ts";
import { child } from "./element.ts";
import { iqGet, iqSet } from "./stanzas.ts";

export const NS_VCARD = "vcard-temp";
const NS_UPDATE = "vcard-temp:x:update";

/**
 * Which picture whoever sends this presence has: by its hash (XEP-0153 §3.1). "none": none (§4.1). Undefined: they are not
 * ready to say, or do not speak of pictures at all.
 */
export function parsePhoto(presence: Element): PictureId | "none" | undefined {
  const update = child(presence, "x", NS_UPDATE);
  const photo = update && child(update, "photo", NS_UPDATE);
  if (photo === undefined) return undefined;
  const hash = photo.getText().trim().toLowerCase();
  return hash === "" ? "none" : pictureId(hash);
}

/** What somebody, an occupant of a room or a room says of itself. */
export function requestCard(of: string): Element {
  return iqGet(xml("vCard", { xmlns: NS_VCARD }), of);
}

/** The bytes of the picture in it, in base64; undefined where there is none, or one that is too large. */
export function parseCardPhoto(iq: Element): string | undefined {
  const card = child(iq, "vCard", NS_VCARD);
  const photo = card && child(card, "PHOTO", NS_VCARD);
  const bytes = photo && child(photo, "BINVAL", NS_VCARD);
  return bytes && tidyBase64(bytes.getText(), LIMITS.pictureLength);
}

/** The same card with another picture, or with none; everything else of it stays (XEP-0054 §3.2). */
export function buildCardPhoto(
  of: string,
  answer: Element | undefined,
  photo: { readonly type: string; readonly data: string } | undefined,
): Element {
  const before = answer && child(answer, "vCard", NS_VCARD);
  const others = (before?.getChildElements() ?? []).filter(({ name }) => name !== "PHOTO");
  const picture = photo && xml("PHOTO", {}, xml("TYPE", {}, photo.type), xml("BINVAL", {}, photo.data));
  return iqSet(xml("vCard", { xmlns: NS_VCARD }, ...others, ...(picture === undefined ? [] : [picture])), of);
}
