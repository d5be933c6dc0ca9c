/** What people write: links in it, files, names, marks of direction. The words stay as they were written. */
import { domainToUnicode } from "node:url";
import { linkify, type TextPart } from "../../web/model/linkify.ts";
import { holdsFile, insteadOf, plainWords } from "../../web/model/message-words.ts";
import { shownName } from "../../web/words/names.ts";
import { withoutBlankEdges, withoutDirections, withoutStrayClosings } from "../../web/words/visible.ts";
import type { Random } from "../faults/random.ts";
import { mutated } from "./mutation.ts";
import { TAKEN, REFUSED, type Target, wrong } from "./target.ts";

const WORDS = [
  ...[
    "see",
    "*bold*",
    "_under_",
    "`code`",
    "~gone~",
    "```\ncode\n```",
    "> quote\n",
    "(",
    ")",
    ".",
    ",",
    "\n",
    " ",
    "…",
    "’",
  ],
  ...[
    "https://example.org/a_b",
    "http://user@evil.example",
    "HTTPS://Example.ORG.",
    "https://аррӏе.example/",
    "mailto:a@b.c",
  ],
  ...["xmpp:bob@example.org?join", "xmpp:b@exа.mple", "geo:1.5,-2;u=3", "javascript:alert(1)", "data:text/html,x"],
  ...[
    "https://xn--mnchen-3ya.example",
    "https://münchen.example",
    "https://1.1",
    "https://[::1]/",
    "https://a\\b",
    "blob:x",
  ],
  ...[
    "aesgcm://up.example/a#0f0f",
    "\u202e",
    "\u2066",
    "\u2069",
    "\u200b",
    "\ud800",
    "é",
    "🎈",
    "https://",
    "ftp://a.b",
    "//",
  ],
];
const FALLBACK = "somebody";
const NAME_MAX = 80;
const SCHEMES = ["http:", "https:", "xmpp:", "mailto:", "geo:"];

type Output = {
  readonly parts: readonly TextPart[];
  readonly plain: string;
  readonly name: string;
  readonly closed: string;
  readonly undirected: string;
  readonly edges: string;
};

export const words: Target<Output> = {
  name: "words and links",
  share: 0.1,
  make: (random) => {
    const text = sentence(random);
    return random.between(0, 1) === 0 ? text : mutated(random, text, WORDS);
  },
  run: (input) => ({
    parts: linkify(input),
    plain: plainWords(input),
    name: shownName(input, FALLBACK),
    closed: withoutStrayClosings(input),
    undirected: withoutDirections(input),
    edges: withoutBlankEdges(input),
  }),
  judge: (input, { parts, plain, name, closed, undirected, edges }) => {
    if (parts.map(({ text }) => text).join("") !== input) return wrong("the parts are another text");
    for (const part of parts) {
      const says = part.kind === "link" ? wrongLink(part) : part.kind === "file" ? wrongFile(part.text) : undefined;
      if (says !== undefined) return wrong(`${says}: ${JSON.stringify(part)}`);
    }
    if (parts.some(({ kind, text }) => kind !== "file" && /aesgcm:\S/i.test(text))) return wrong("a key is shown");
    if (/aesgcm:\S/i.test(plain)) return wrong(`a key is in ${plain}`);
    if (insteadOf(input) === undefined && !holdsFile(input) && plain !== input) return wrong(`is shown as ${plain}`);
    if (name === "" || name.length > NAME_MAX || /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name))
      return wrong(`is named ${name}`);
    if (closesMore(closed)) return wrong("closes what is around");
    if (/[\u202a-\u202e\u2066-\u2069]/.test(undirected)) return wrong("turns what is around");
    if (!input.includes(edges)) return wrong("is not a part of what was written");
    return parts.some(({ kind }) => kind === "link") ? TAKEN : REFUSED;
  },
};

/** What is followed is of these schemes, names nobody before the host, and shows its host. */
function wrongLink({ text, href, leadsTo }: Extract<TextPart, { readonly kind: "link" }>): string | undefined {
  const scheme = href.slice(0, href.indexOf(":") + 1);
  const bare = barePrefix(text);
  if (!SCHEMES.includes(scheme) || !`${bare}${text}`.toLowerCase().startsWith(scheme)) return "scheme";
  if (/[\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text) || !/^[\x21-\x7e]+$/.test(href)) return "letters";
  if (!scheme.startsWith("http")) return undefined;
  const authority = href.slice(`${scheme}//`.length).split(/[/?#]/, 1).join("");
  if (authority.includes("@")) return "user";
  const host = authority.replace(/:\d+$/, "");
  if (leadsTo !== undefined) return leadsTo === authority ? undefined : "host";
  const written = `${bare}${text}`
    .slice(`${scheme}//`.length)
    .split(/[/?#\\]/, 1)
    .join("")
    .toLowerCase()
    .replace(/:\d*$/, "");
  return written === host || written === domainToUnicode(host) ? undefined : "host";
}

/** What stands before an address that is written without its scheme (U22): `www.` is a page, a sign and a host a mailbox. */
function barePrefix(text: string): string {
  if (/^www\./i.test(text)) return "https://";
  return !text.includes(":") && /^[^/?#]+@[^/?#]+$/.test(text) ? "mailto:" : "";
}

function wrongFile(text: string): string | undefined {
  return /^aesgcm:\S+$/i.test(text) ? undefined : "file";
}

function closesMore(text: string): boolean {
  let open = 0;
  for (const letter of text) {
    if (letter === "\u2069") open -= 1;
    else if (letter >= "\u2066" && letter <= "\u2068") open += 1;
    if (open < 0) return true;
  }
  return false;
}

function sentence(random: Random): string {
  return Array.from({ length: random.between(1, 6) }, () => random.pick(WORDS)).join(random.pick(["", " ", " "]));
}
