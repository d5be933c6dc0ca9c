/**
 * Addresses in their normal form, as questions about a text that is one already (RFC 7622; of a local part what servers
 * fold, RFC 6122 §A). Domains by Node's own two functions.
 */
import { domainToASCII, domainToUnicode } from "node:url";

const BYTES_MAX = 1_023;
/** RFC 7622 §3.3.1 and what no address needs: controls, space, what nobody sees or has assigned. */
const NOT_LOCAL =
  /["&'/:<>@]|\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Zs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/u;

/** `account`: with a local part; `any`: a domain alone as well. */
export function isNormalJid(text: string, kind: "account" | "any"): boolean {
  const parts = text.split("@");
  if (parts.length > 2) return false;
  const [domain = "", local] = parts.reverse();
  if (local === undefined) return kind === "any" && isNormalDomain(domain);
  return isNormalLocal(local) && isNormalDomain(domain);
}

export function isResource(text: string): boolean {
  return text !== "" && !/\p{Cc}|\p{Cs}/u.test(text) && Buffer.byteLength(text) <= BYTES_MAX;
}

/** What an address of printable ASCII is; undefined where its domain is Punycode or may be a number. */
export function plainAscii(text: string): { readonly jid: string | undefined } | undefined {
  const [, local = "", domain = ""] = /^([^@/]*)@([^@/]*)$/.exec(text) ?? [];
  const labels = domain.toLowerCase().replace(/\.$/, "").split(".");
  if (labels.some((label) => label.startsWith("xn--")) || /^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? ""))
    return undefined;
  if (local === "" || local.length > BYTES_MAX || /["&':<>]/.test(local)) return { jid: undefined };
  if (!labels.every((label) => /^[a-z0-9_-]+$/.test(label) && label.length <= 63)) return { jid: undefined };
  return { jid: domain.length > BYTES_MAX ? undefined : `${local}@${labels.join(".")}`.toLowerCase() };
}

function isNormalLocal(text: string): boolean {
  if (text === "" || NOT_LOCAL.test(text) || Buffer.byteLength(text) > BYTES_MAX) return false;
  if (text !== text.normalize("NFKC") || text !== text.toLowerCase()) return false;
  return ![..."ßς"].some((letter) => text.includes(letter)) && !text.normalize("NFD").includes("\u0345");
}

function isNormalDomain(text: string): boolean {
  if (text === "" || Buffer.byteLength(text) > BYTES_MAX) return false;
  if (/[\p{Cc}\p{Z}/?#:@\\%[\]]/u.test(text)) return false;
  const ascii = domainToASCII(text);
  if (!ascii.split(".").every((label) => /^[a-z0-9_-]+$/.test(label) && label.length <= 63)) return false;
  // Of Cherokee the capital letters are the folded ones, so lower case is not asked for. An A-label is not normal.
  return domainToUnicode(ascii) === text && !text.split(".").some((label) => label.startsWith("xn--"));
}
