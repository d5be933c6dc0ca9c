/**
 * Finds addresses in a message's text. The answer is a list of parts, never markup, and the words stay exactly as they
 * were written, so a link cannot pretend to lead elsewhere. Linear in the length of the text.
 */
export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

// `aesgcm:` is left out on purpose: XEP-0454 §3 forbids to treat it as a link.
const CANDIDATE = /(?:https?:\/\/|xmpp:|mailto:)[^\s<>"“”«»]+/giu;
const ALLOWED = new Set(["http:", "https:", "xmpp:", "mailto:"]);
/** Characters that reorder text: an address that holds one may read as another. */
const BIDI_CONTROL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const WORD = /[\p{L}\p{N}_]/u;

/** Drops the sentence's own punctuation from the end: `.` and `,`, and a bracket that was opened before the address. */
function trimEnd(candidate: string): string {
  const open = new Map<string, number>();
  for (const character of candidate) open.set(character, (open.get(character) ?? 0) + 1);
  let end = candidate.length;
  while (end > 0) {
    const last = candidate[end - 1] ?? "";
    const opener = CLOSERS[last];
    if (opener !== undefined) {
      if ((open.get(last) ?? 0) <= (open.get(opener) ?? 0)) break;
      open.set(last, (open.get(last) ?? 0) - 1);
    } else if (!".,:;!?'*_~`…’".includes(last)) break;
    end--;
  }
  return candidate.slice(0, end);
}

function safeHref(address: string): string | undefined {
  if (BIDI_CONTROL.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!ALLOWED.has(url.protocol)) return undefined;
  // `https://bank.example@evil.example` reads as the first and leads to the second.
  if (url.username !== "" || url.password !== "") return undefined;
  return url.href;
}

/**
 * Splits a text into plain parts and links (`http`, `https`, `xmpp`, `mailto`). Joined, the parts are the text.
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
    if (match.index > 0 && WORD.test(message[match.index - 1] ?? "")) continue;
    const address = trimEnd(match[0]);
    const href = safeHref(address);
    if (href === undefined) continue;
    plain(match.index);
    parts.push({ kind: "link", text: address, href });
    done = match.index + address.length;
  }
  plain(message.length);
  return parts;
}
