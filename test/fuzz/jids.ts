/** Addresses: every function of `worker/shared/jid.ts`, and those that people type (`web/engine/address.ts`). */
import { bareOf, normaliseAddress, parseBareJid, peerOf, resourceOf } from "../../worker/shared/jid.ts";
import { typedAddress } from "../../web/engine/address.ts";
import type { Random } from "../faults/random.ts";
import { mutated } from "./mutation.ts";
import { isNormalJid, isResource, plainAscii } from "./plain-jid.ts";
import { REFUSED, TAKEN, type Target, wrong } from "./target.ts";

const LOCALS = [
  "bob",
  "Bob.Smith",
  "ﬁ",
  "straße",
  "ΑΣ",
  "ᾳ",
  "İ",
  "ＢＯＢ",
  "#a%b",
  "ǅ",
  "ẞ",
  "e\u0301",
  "☃",
  "\u1e9b\u0323",
];
const DOMAINS = [
  ...["example.org", "EXAMPLE.org.", "münchen.example", "xn--mnchen-3ya.example", "例え。テスト", "faß.de", "☃.net"],
  ...["127.0.0.1", "1", "0x7f.1", "[::1]", "xn--99999999", "xn--a", "a_b.c", "localhost", "xn--fa-hia.de", "σς.gr"],
];
const TOKENS = [
  ...[
    "@",
    "/",
    ".",
    "xmpp:",
    "?join",
    "?",
    "%40",
    "%",
    "\u200b",
    "\u202e",
    "\u3164",
    "ß",
    "ς",
    "\u0345",
    "。",
    "＠",
    "／",
  ],
  ...[
    "xn--",
    "-",
    "\u00ad",
    "a",
    "1",
    "0x",
    "\u0307",
    "K",
    "\ud800",
    " ",
    ")",
    "<",
    "…",
    "//",
    ";",
    ":80",
    "℀",
    "\u{1d7d8}",
  ],
];
const ASCII = /^[\x21-\x7e]*$/;
const RANDOM_MAX = 4;
const CODE_POINT_MAX = 0x10ffff;

type Output = {
  readonly bare: string | undefined;
  readonly account: string | undefined;
  readonly peer: string | undefined;
  readonly address: string | undefined;
  readonly resource: string | undefined;
  readonly typed: string | undefined;
};

export const jids: Target<Output> = {
  name: "JIDs",
  share: 0.1,
  make: (random) => {
    const local = random.between(0, 2) === 0 ? anyLetters(random) : random.pick(LOCALS);
    const domain = random.between(0, 4) === 0 ? `${anyLetters(random)}.org` : random.pick(DOMAINS);
    const jid = `${local}@${domain}${random.pick(["", "", "/phone", "/a@b/c"])}`;
    const text = random.between(0, 3) === 0 ? `xmpp:${jid}?join` : jid;
    return random.between(0, 1) === 0 ? text : mutated(random, text, TOKENS);
  },
  run: (input) => ({
    bare: parseBareJid(input),
    account: bareOf(input),
    peer: peerOf(input),
    address: normaliseAddress(input),
    resource: resourceOf(input),
    typed: typedAddress(input)?.jid,
  }),
  judge: (input, { bare, account, peer, address, resource, typed }) => {
    for (const [name, jid] of Object.entries({ bare, account, typed }))
      if (jid !== undefined && !isNormalJid(jid, "account")) return wrong(`${name}: ${jid} is no account`);
    if (peer !== undefined && !isNormalJid(peer, "any")) return wrong(`peer: ${peer} is no address`);
    const [entity = "", ...rest] = address?.split("/") ?? [];
    if (address !== undefined && !isNormalJid(entity, "any")) return wrong(`address: ${address} is none`);
    if (rest.length > 0 && !isResource(rest.join("/"))) return wrong(`address: the resource of ${address}`);
    const written = input.includes("/") ? input.slice(input.indexOf("/") + 1) : "";
    if (resource !== (isResource(written) ? written : undefined)) return wrong(`resource: ${resource}`);
    // What is normal is taken as it is, by each of them.
    if (isNormalJid(input, "account") && [bare, account, peer, address].some((jid) => jid !== input))
      return wrong("refused");
    if (isNormalJid(input, "any") && [peer, address].some((jid) => jid !== input)) return wrong("refused");
    const ascii = ASCII.test(input) && !input.includes("/") ? plainAscii(input) : undefined;
    if (ascii && account !== ascii.jid) return wrong(`is ${account}, should be ${ascii.jid}`);
    if (input.split("/", 1).join("").includes("@") && account !== peer)
      return wrong(`an account is ${account}, a peer ${peer}`);
    return account === undefined ? REFUSED : TAKEN;
  },
};

function anyLetters(random: Random): string {
  const codes = Array.from({ length: random.between(1, RANDOM_MAX) }, () =>
    random.between(0, random.pick([0x7f, 0x2ff, 0x1fff, 0xffff, CODE_POINT_MAX])),
  );
  return String.fromCodePoint(...codes);
}
