// RFC 7622: Extensible Messaging and Presence Protocol (XMPP): Address Format

import type { BareJid } from "../contract/names.ts";
import { decodePunycode } from "./punycode.ts";

/** RFC 7622 §3.1: each of the three parts, in UTF-8. */
const PART_BYTES_MAX = 1_023;
/** RFC 5890 §2.3.2.1, in the ASCII form. */
const LABEL = /^[a-z0-9_-]{1,63}$/;
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
/**
 * RFC 7622 §3.3.1; controls, unassigned code points, white space and what nobody sees are outside the IdentifierClass (RFC
 * 8264 §4.2, §9.13).
 */
const NEVER_IN_LOCAL = /["&'/:<>@\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
/** What a URL parser would take for the end of the host, decode, or silently drop. */
const NEVER_IN_DOMAIN = /[\p{Cc}\p{Z}/?#:@\\%[\]]/u;
const NEVER_IN_RESOURCE = /\p{Cc}|\p{Cs}/u;

/**
 * An address as a person types it or a server writes it, normalised: `" Bob@Example.ORG. "` → `bob@example.org`.
 * Undefined where it is not `local@domain`; a resource makes it a full JID, which is not bare. International domains
 * come out in Unicode, which is what goes on the wire (RFC 7622 §3.2.1); `asciiDomain` is for looking them up.
 */
export function parseBareJid(text: string): BareJid | undefined {
  const trimmed = text.trim();
  return trimmed.includes("/") ? undefined : bareOf(trimmed);
}

/** The account behind a bare or full JID, normalised; undefined where the address is broken or names no account. */
export function bareOf(address: string): BareJid | undefined {
  const { bare, resource } = splitResource(address);
  if (resource !== undefined && !isResource(resource)) return undefined;
  const at = bare.indexOf("@");
  if (at < 0) return undefined;
  const local = normaliseLocal(bare.slice(0, at));
  const domain = normaliseDomain(bare.slice(at + 1));
  return local === undefined || domain === undefined ? undefined : (`${local}@${domain}` as BareJid);
}

/**
 * Whoever can be written to, behind a bare or full JID, normalised: an account, or a server or service, which is a domain
 * alone (RFC 7622 §3.2). Such a domain stands where a bare JID does: a peer like any other.
 */
export function peerOf(address: string): BareJid | undefined {
  const { bare, resource } = splitResource(address);
  if (bare.includes("@")) return bareOf(address);
  if (resource !== undefined && !isResource(resource)) return undefined;
  return normaliseDomain(bare) as BareJid | undefined;
}

/** `romeo@example.net/Orchard` → `Orchard`; undefined for a bare JID. Case counts here (RFC 7622 §3.4). */
export function resourceOf(address: string): string | undefined {
  const { resource } = splitResource(address);
  return resource !== undefined && isResource(resource) ? resource : undefined;
}

/** Any address, normalised: a domain, a bare or a full JID (RFC 7622 §3); undefined where it is broken. */
export function normaliseAddress(address: string): string | undefined {
  const { bare, resource } = splitResource(address);
  const entity = bare.includes("@") ? bareOf(bare) : normaliseDomain(bare);
  if (entity === undefined || (resource !== undefined && !isResource(resource))) return undefined;
  return resource === undefined ? entity : `${entity}/${resource}`;
}

/** Before the `@`; the whole of what has none, as a server that speaks in its own name. */
export function localOf(jid: BareJid): string {
  return jid.split("@", 1)[0] ?? jid;
}

/** Behind the `@` and before a resource, possibly in Unicode; the whole of what has no `@`. */
export function domainOf(address: string): string {
  const { bare } = splitResource(address);
  return bare.slice(bare.indexOf("@") + 1);
}

/** The form for DNS and certificates (RFC 5890 A-labels): `münchen.example` → `xn--mnchen-3ya.example`. */
export function asciiDomain(domain: string): string {
  return new URL(`http://${domain}`).hostname;
}

/** RFC 7622 §3.1: the first `/` ends the bare JID; a resource may contain further ones, and `@`. */
function splitResource(address: string): { readonly bare: string; readonly resource?: string } {
  const slash = address.indexOf("/");
  return slash < 0 ? { bare: address } : { bare: address.slice(0, slash), resource: address.slice(slash + 1) };
}

/**
 * RFC 8265 §3.3 (UsernameCaseMapped) as the servers of the field have it, which know the older Nodeprep (RFC 6122 §A, RFC
 * 3454 §B.2): compatibility characters are folded instead of refused, and letters are folded in full, so that `straße` and
 * `strasse`, `σίσυφος` and `σίσυφοσ` are one account. The server writes the folded form in everything that it sends.
 */
function normaliseLocal(text: string): string | undefined {
  const lower = text.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
  // A letter may decompose when it is lowered, and an iota below one becomes a letter (ᾳ → αι).
  const local = lower.normalize("NFKD").replaceAll("\u0345", "ι").normalize("NFKC");
  return local === "" || NEVER_IN_LOCAL.test(local) || isTooLong(local) ? undefined : local;
}

/** RFC 7622 §3.2: no trailing dot, lower case, A-labels turned into U-labels. */
function normaliseDomain(text: string): string | undefined {
  // Of more than 16,384 characters workerd and Node say that they can be parsed, and throw when they are.
  if (text === "" || isTooLong(text)) return undefined;
  if (NEVER_IN_DOMAIN.test(text) || !URL.canParse(`http://${text}`)) return undefined;
  const ascii = asciiDomain(text).replace(/\.$/, "");
  if (!ascii.split(".").every((label) => LABEL.test(label))) return undefined;
  // A URL reads `1` and `0x7f.1` as IPv4 addresses; as a domain they are a mistake.
  if (IPV4.test(ascii) && ascii !== text) return undefined;
  const labels = ascii.split(".").map((label) => (label.startsWith("xn--") ? decodePunycode(label.slice(4)) : label));
  const domain = labels.join(".");
  if (labels.includes(undefined) || isTooLong(domain) || !URL.canParse(`http://${domain}`)) return undefined;
  return asciiDomain(domain) === ascii ? domain : undefined;
}

function isResource(text: string): boolean {
  return text !== "" && !NEVER_IN_RESOURCE.test(text) && !isTooLong(text);
}

function isTooLong(part: string): boolean {
  return new TextEncoder().encode(part).length > PART_BYTES_MAX;
}
