// XEP-0447: Stateless file sharing, version 0.3. XEP-0446: File metadata element, 0.2. XEP-0385: Stateless Inline Media
// Sharing, 0.3. XEP-0066: Out of Band Data, 1.5. XEP-0428: Fallback Indication, 0.2.1

import xml, { type Element } from "@xmpp/xml";
import { FILE_LIMITS, type SharedFile } from "../../worker/contract/media.ts";
import { tidyBase64 } from "../../worker/shared/base64.ts";
import { cut } from "../../worker/shared/cut.ts";
import { attribute, child, children, integer, legalText } from "./element.ts";

const NS_OUT_OF_BAND = "jabber:x:oob";
const NS_SHARING = "urn:xmpp:sfs:0";
const NS_METADATA = "urn:xmpp:file:metadata:0";
const NS_URL_DATA = "http://jabber.org/protocol/url-data";
const NS_REFERENCE = "urn:xmpp:reference:0";
const NS_MEDIA_SHARING = "urn:xmpp:sims:1";
const NS_HASHES = "urn:xmpp:hashes:2";
const NS_FALLBACK = "urn:xmpp:fallback:0";
/** XEP-0385 describes files as XEP-0234 does, of whatever version. */
const JINGLE_FILE = /^urn:xmpp:jingle:apps:file-transfer:\d+$/;

/** Characters of a SHA-256 in base64. */
const HASH_LENGTH = 44;
const SIDE_MAX = 1_000_000;

/** The file that a message brings, by whoever says most of it; undefined where none can be fetched. */
export function parseSharedFile(message: Element): SharedFile | undefined {
  return parseSharing(message) ?? parseMedia(message) ?? parseOutOfBand(message);
}

/**
 * The elements of a message of ours. `text`: of its body. The oldest way is there only where the text is nothing but the link,
 * for apps that know it show the file in its place.
 */
export function buildSharedFile(file: SharedFile, text: string): readonly Element[] {
  const { url, hash, inline } = file;
  const metadata = xml(
    "file",
    { xmlns: NS_METADATA },
    ...texts([
      ["media-type", file.type],
      ["name", file.name],
      ["desc", file.description],
      ["size", file.size],
      ["width", file.width],
      ["height", file.height],
      ["length", file.length],
    ]),
    ...(hash === undefined ? [] : [xml("hash", { xmlns: NS_HASHES, algo: "sha-256" }, hash)]),
  );
  const source = xml("url-data", { xmlns: NS_URL_DATA, target: url });
  const disposition = inline === undefined ? undefined : inline ? "inline" : "attachment";
  const sharing = xml("file-sharing", { xmlns: NS_SHARING, disposition }, metadata, xml("sources", {}, source));
  if (text !== url) return [sharing];
  return [
    sharing,
    xml("fallback", { xmlns: NS_FALLBACK, for: NS_SHARING }, xml("body", {})),
    xml("x", { xmlns: NS_OUT_OF_BAND }, xml("url", {}, url)),
  ];
}

function parseSharing(message: Element): SharedFile | undefined {
  const sharing = child(message, "file-sharing", NS_SHARING);
  const sources = sharing && child(sharing, "sources", NS_SHARING);
  const targets = sources ? children(sources, "url-data", NS_URL_DATA).map((one) => attribute(one, "target")) : [];
  const url = targets.find(isLink);
  if (sharing === undefined || url === undefined) return undefined;
  const disposition = attribute(sharing, "disposition");
  return {
    url,
    ...readFile(child(sharing, "file", NS_METADATA)),
    ...((disposition === "inline" || disposition === "attachment") && { inline: disposition === "inline" }),
  };
}

function parseMedia(message: Element): SharedFile | undefined {
  for (const reference of children(message, "reference", NS_REFERENCE)) {
    const media = child(reference, "media-sharing", NS_MEDIA_SHARING);
    const sources = media && child(media, "sources", NS_MEDIA_SHARING);
    const uris = sources ? children(sources, "reference", NS_REFERENCE).map((one) => attribute(one, "uri")) : [];
    const url = uris.find(isLink);
    const file = media
      ?.getChildElements()
      .find((one) => one.getName() === "file" && JINGLE_FILE.test(one.getNS() ?? ""));
    if (url !== undefined) return { url, ...readFile(file) };
  }
  return undefined;
}

function parseOutOfBand(message: Element): SharedFile | undefined {
  const data = child(message, "x", NS_OUT_OF_BAND);
  const url = data && child(data, "url", NS_OUT_OF_BAND)?.getText().trim();
  if (data === undefined || !isLink(url)) return undefined;
  const description = textOf(data, "desc", FILE_LIMITS.descriptionLength);
  return { url, ...(description !== undefined && { description }) };
}

/** What is said of it; what is out of bounds is not said. */
function readFile(file: Element | undefined): Omit<SharedFile, "url"> {
  if (file === undefined) return {};
  const name = textOf(file, "name", FILE_LIMITS.nameLength);
  const type = textOf(file, "media-type", FILE_LIMITS.typeLength)?.toLowerCase();
  const size = numberOf(file, "size", Number.MAX_SAFE_INTEGER);
  const [width, height] = [numberOf(file, "width", SIDE_MAX), numberOf(file, "height", SIDE_MAX)];
  const length = numberOf(file, "length", FILE_LIMITS.longestMs);
  const description = textOf(file, "desc", FILE_LIMITS.descriptionLength);
  const hash = hashOf(file);
  return {
    ...(name !== undefined && { name }),
    ...(type !== undefined && /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/.test(type) && { type }),
    ...(size !== undefined && { size }),
    ...(width && height && { width, height }),
    ...(length && { length }),
    ...(description !== undefined && { description }),
    ...(hash !== undefined && { hash }),
  };
}

function hashOf(file: Element): string | undefined {
  const hash = children(file, "hash", NS_HASHES).find((one) => attribute(one, "algo") === "sha-256");
  const text = hash && tidyBase64(hash.getText(), HASH_LENGTH);
  return text?.length === HASH_LENGTH && text.endsWith("=") && !text.endsWith("==") ? text : undefined;
}

function textOf(parent: Element, name: string, most: number): string | undefined {
  const text = child(parent, name, parent.getNS() ?? "")
    ?.getText()
    .trim();
  return text ? cut(text, most) : undefined;
}

function numberOf(parent: Element, name: string, most: number): number | undefined {
  return integer(
    child(parent, name, parent.getNS() ?? "")
      ?.getText()
      .trim(),
    0,
    most,
  );
}

/** Whether anything is fetched from there is not said here. */
function isLink(text: string | undefined): text is string {
  if (text === undefined || text.length > FILE_LIMITS.linkLength) return false;
  return /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text);
}

function texts(pairs: readonly (readonly [string, string | number | undefined])[]): readonly Element[] {
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [xml(name, {}, legalText(`${value}`))]));
}
