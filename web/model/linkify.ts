/**
 * Finds addresses in a message's text. The answer is a list of parts, never markup, and the words stay exactly as they
 * were written; where they do not show plainly where a link leads, the part says it. Linear in the length of the text.
 */
import { asciiDomain } from "../../worker/shared/jid.ts";
import { decodePunycode } from "../../worker/shared/punycode.ts";
import { isPlainDomain } from "../words/names.ts";

export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  /** `leadsTo`: the host that it really leads to, in ASCII, to be shown beside the words. */
  | { readonly kind: "link"; readonly text: string; readonly href: string; readonly leadsTo?: string }
  /** An encrypted file (XEP-0454 §3): `text` holds its key, so it is neither a link nor ever shown. */
  | { readonly kind: "file"; readonly text: string };

/** No link is longer; from about there the platforms do not agree with themselves about what they can parse. */
const LINK_LENGTH_MAX = 16_000;

type Target = { readonly href: string; readonly leadsTo?: string };

/** A link ends where a file begins: the key of that is not shown, wherever it stands. */
const CANDIDATE =
  /aesgcm:\S+|(?:https?:\/\/|xmpp:|mailto:|geo:|www\.)(?:(?!aesgcm:\S)[^\s<>"“”«»])+|[\w.%+-]{1,64}@(?:(?!aesgcm:\S)[\p{L}\p{N}-])+(?:\.(?:(?!aesgcm:\S)[\p{L}\p{N}-])+)+/giu;
/** Written without a scheme: what a browser makes of it when it is typed there, or an address of somebody. */
const BARE_WEB = /^www\.[^.\s]+\.[^.\s]/iu;
const BARE_ADDRESS = /^[\w.%+-]+@[^@\s/?#]+$/u;
const FILE = /^aesgcm:/i;
const WEB = new Set(["http:", "https:"]);
const ADDRESSES = new Set(["xmpp:", "mailto:"]);
/** RFC 5870 §3.3. */
const GEO = /^geo:-?\d+(?:\.\d+)?,-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?)?(?:;[\w.%=-]+)*$/i;
/** Characters that reorder text: an address that holds one may read as another. */
const BIDI_CONTROL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
/** Marks that may stand around an address, and are part of one as well: `dQw4w9WgXc_`. */
const AROUND = "'*_~`";
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Drops the sentence's own punctuation from the end: `.` and `,`, a bracket that was opened before the address, and a mark
 * that stands right before it, too.
 */
function trimEnd(candidate: string, before: string): string {
  const open = new Map<string, number>();
  for (const character of candidate) open.set(character, (open.get(character) ?? 0) + 1);
  let end = candidate.length;
  let around = before;
  while (end > 0) {
    const last = candidate[end - 1] ?? "";
    const opener = CLOSERS[last];
    if (opener !== undefined) {
      if ((open.get(last) ?? 0) <= (open.get(opener) ?? 0)) break;
      open.set(last, (open.get(last) ?? 0) - 1);
    } else if (AROUND.includes(last)) {
      const closing = closingLength(candidate.slice(0, end), around);
      if (closing === 0) break;
      around = "";
      end -= closing - 1;
    } else if (!".,:;!?…’".includes(last)) break;
    end--;
  }
  return candidate.slice(0, end);
}

/** How many of the last characters repeat the marks before the address, from the inside out: `*_` and `_*`. */
function closingLength(candidate: string, before: string): number {
  const marks = [...before].reverse();
  let length = 0;
  for (let count = 1; count <= marks.length && AROUND.includes(marks[count - 1] ?? " "); count++)
    if (candidate.endsWith(marks.slice(0, count).join(""))) length = count;
  return length;
}

function targetOf(written: string): Target | undefined {
  const address = BARE_WEB.test(written)
    ? `https://${written}`
    : BARE_ADDRESS.test(written)
      ? `mailto:${written}`
      : written;
  if (address.length > LINK_LENGTH_MAX || BIDI_CONTROL.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  // `https://bank.example@evil.example` reads as the first and leads to the second.
  if (url.username !== "" || url.password !== "") return undefined;
  if (WEB.has(url.protocol)) return webTarget(address, url);
  if (ADDRESSES.has(url.protocol)) return addressTarget(address, url);
  return url.protocol === "geo:" && GEO.test(address) ? { href: url.href } : undefined;
}

/** The host stands in the words as the browser will read it, or beside them. */
function webTarget(address: string, { href, hostname, host }: URL): Target {
  const [, written = ""] = /^https?:\/\/([^/?#\\]*)/i.exec(address) ?? [];
  const name = written.toLowerCase().replace(/:\d*$/, "");
  const plain = name === hostname || (name === unicodeOf(hostname) && isPlainDomain(name));
  return plain ? { href } : { href, leadsTo: host };
}

/** RFC 5122, RFC 6068: what follows the last `@` of the path is the domain. */
function addressTarget(address: string, { href }: URL): Target | undefined {
  const [path = ""] = address.split(/[?#]/, 1);
  const [, domain] = /@([^@/]*)(?:\/.*)?$/su.exec(path) ?? [];
  if (domain === undefined || (/^[\x21-\x7e]+$/.test(domain) && !domain.includes("%"))) return { href };
  if (!URL.canParse(`http://${domain}`)) return undefined;
  const ascii = asciiDomain(domain);
  const plain = domain.toLowerCase() === unicodeOf(ascii) && isPlainDomain(domain);
  return plain ? { href } : { href, leadsTo: ascii };
}

/** A host in the letters of its language (RFC 5890, U-labels). */
function unicodeOf(hostname: string): string {
  const labels = hostname.split(".");
  return labels
    .map((label) => (label.startsWith("xn--") ? (decodePunycode(label.slice(4)) ?? label) : label))
    .join(".");
}

/**
 * Splits a text into plain parts, links (`http`, `https`, `xmpp`, `mailto`, `geo`; `www.…` and addresses without a scheme)
 * and encrypted files. Joined, the parts
 * are the text.
 *
 * @example linkify("see https://example.org.") // "see ", link, "."
 */
export function linkify(message: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  const plain = (to: number) => {
    if (to > done) parts.push({ kind: "text", text: message.slice(done, to) });
    done = to;
  };
  for (const match of message.matchAll(CANDIDATE)) {
    const [candidate] = match;
    if (FILE.test(candidate)) {
      plain(match.index);
      parts.push({ kind: "file", text: candidate });
      done = match.index + candidate.length;
      continue;
    }
    const before = message.slice(Math.max(0, match.index - AROUND.length), match.index);
    if (LETTER.test(before.slice(-1))) continue;
    const address = trimEnd(candidate, before);
    const target = targetOf(address);
    if (target === undefined) continue;
    plain(match.index);
    parts.push({ kind: "link", text: address, ...target });
    done = match.index + address.length;
  }
  plain(message.length);
  return parts;
}
