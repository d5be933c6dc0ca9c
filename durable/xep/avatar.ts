// XEP-0084: User Avatar, version 1.1.4

import xml, { type Element } from "@xmpp/xml";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid, PictureId } from "../../worker/contract/names.ts";
import { tidyBase64 } from "../../worker/shared/base64.ts";
import { pictureId } from "../../worker/shared/picture.ts";
import { attribute, children, integer } from "./element.ts";
import { type NewItem, parseItems, requestItem, SINGLE_ITEM } from "./pubsub.ts";

/** What the picture is: told to whoever asks to be notified. */
export const NS_AVATAR_METADATA = "urn:xmpp:avatar:metadata";
/** The picture itself: fetched by whoever wants to show it. */
export const NS_AVATAR_DATA = "urn:xmpp:avatar:data";

/** Whatever a browser draws without running anything; never SVG. */
const TYPES: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** A picture as its owner publishes it. `id`: the SHA-1 of its bytes (§3.1). */
export type OwnPicture = {
  readonly id: PictureId;
  readonly type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
};

/**
 * Which picture somebody has (§4.2.1): the first that is kept in their data node and that a browser may draw. "none": they
 * have none (§4.2.3), or none that is shown here. Undefined where the payload says nothing about it.
 */
export function parseMetadata(payload: Element | undefined): PictureId | "none" | undefined {
  if (payload === undefined || !payload.is("metadata", NS_AVATAR_METADATA)) return undefined;
  const [first] = children(payload, "info", NS_AVATAR_METADATA).flatMap((info) => {
    const id = pictureId(attribute(info, "id")?.toLowerCase() ?? "");
    const size = integer(attribute(info, "bytes"), 1, LIMITS.pictureBytes);
    const kind = attribute(info, "type") ?? "image/png";
    // One with an address lies on some web server, which would learn who looks at it.
    const elsewhere = attribute(info, "url") !== undefined;
    return id === undefined || size === undefined || elsewhere || !TYPES.includes(kind.toLowerCase()) ? [] : [id];
  });
  return first ?? "none";
}

/** The picture of that name, of somebody or of the own account (§4.2.2). */
export function requestPicture(of: BareJid | undefined, id: PictureId): Element {
  return requestItem(NS_AVATAR_DATA, id, of);
}

/** Its bytes in base64; undefined where the answer holds no such thing, or one that is too large. */
export function parsePicture(iq: Element, id: PictureId): string | undefined {
  const items = parseItems(iq, NS_AVATAR_DATA) ?? [];
  const payload = items.find((item) => item.id?.toLowerCase() === id)?.payload;
  if (payload === undefined || !payload.is("data", NS_AVATAR_DATA)) return undefined;
  return tidyBase64(payload.getText(), LIMITS.pictureLength);
}

/** §4.1: its bytes come first, so that whoever is told of it can fetch it. */
export function buildPicture(id: PictureId, data: string): NewItem {
  return { id, payload: xml("data", { xmlns: NS_AVATAR_DATA }, data) };
}

/** What is told of it. */
export function buildMetadata({ id, type, bytes, width, height }: OwnPicture): NewItem {
  const info = xml("info", { id, type, bytes: String(bytes), width: String(width), height: String(height) });
  return { id, payload: xml("metadata", { xmlns: NS_AVATAR_METADATA }, info) };
}

/** §4.2.3: there is no picture any more. */
export function buildNoMetadata(): NewItem {
  return { id: SINGLE_ITEM, payload: xml("metadata", { xmlns: NS_AVATAR_METADATA }) };
}

/** Whether it begins with what announces it: bytes in base64 of a type that we publish. */
export function isPictureOf(type: string, data: string): boolean {
  const begins = { "image/png": "iVBORw0KGgo", "image/jpeg": "/9j/", "image/webp": "UklGR" }[type];
  return begins !== undefined && data.startsWith(begins);
}
