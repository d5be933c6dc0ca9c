/** Messages and presence of anybody, well-formed and full of what does not belong there: what the object makes of them. */
import { ingest } from "../../durable/ingest/ingest.ts";
import type { RoomEvent, StanzaEvent } from "../../durable/ingest/stanza-event.ts";
import { ENCRYPTED, ME, NOW } from "../../durable/testing/ingest.ts";
import { ROOM, roomContext } from "../../durable/testing/room.ts";
import { stanza } from "../../durable/testing/stanza.ts";
import { OMEMO_ID_MAX } from "../../worker/contract/omemo.ts";
import type { Random } from "../faults/random.ts";
import { mutated } from "./mutation.ts";
import { isNormalJid } from "./plain-jid.ts";
import { REFUSED, TAKEN, type Target, wrong } from "./target.ts";

const INSIDE = [
  ...[
    "<body>hi</body>",
    "<body>&#x202e;&amp;</body>",
    "<subject>s</subject>",
    "<thread>t</thread>",
    "<error type='cancel'/>",
  ],
  ...[
    "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>",
    `<stanza-id xmlns='urn:xmpp:sid:0' by='${ME}' id='a1'/>`,
    ENCRYPTED,
  ],
  ...[
    "<delay xmlns='urn:xmpp:delay' from='a.example' stamp='2026-06-29T08:00:00Z'/>",
    "<no-store xmlns='urn:xmpp:hints'/>",
  ],
  ...["<request xmlns='urn:xmpp:receipts'/>", "<received xmlns='urn:xmpp:receipts' id='m1'/>"],
  ...["<markable xmlns='urn:xmpp:chat-markers:0'/>", "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>"],
  ...[
    "<replace xmlns='urn:xmpp:message-correct:0' id='m0'/>",
    "<reply xmlns='urn:xmpp:reply:0' id='m0' to='bob@b.example'/>",
  ],
  ...["<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='3'/></fallback>"],
  ...[
    "<x xmlns='jabber:x:conference' jid='r@c.example' password='p'/>",
    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o'/>",
  ],
  ...["<x xmlns='http://jabber.org/protocol/muc#user'><invite from='bob@b.example'><reason>r</reason></invite></x>"],
  ...[
    "<x xmlns='http://jabber.org/protocol/muc#user'><item jid='bob@b.example/x' affiliation='member' role='none'/></x>",
  ],
  ...["<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status code='303'/><item nick='n'/></x>"],
  "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='eu.siacs.conversations.axolotl.devicelist'><item id='current'>" +
    "<list xmlns='eu.siacs.conversations.axolotl'><device id='7'/><device id='x'/></list></item></items></event>",
  "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>",
];
const WRAPPERS: readonly ((inner: string) => string)[] = [
  (inner) =>
    `<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></received>`,
  (inner) => `<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></sent>`,
  (inner) =>
    "<result xmlns='urn:xmpp:mam:2' queryid='q1' id='1'><forwarded xmlns='urn:xmpp:forward:0'>" +
    `<delay xmlns='urn:xmpp:delay' stamp='2026-06-29T08:00:00Z'/>${inner}</forwarded></result>`,
];
const WHO = [
  ME,
  `${ME}/web`,
  "bob@b.example/x",
  `${ROOM}/bob`,
  ROOM,
  `${ROOM}/me`,
  "b.example",
  "@",
  "eve@é.example/\u202e",
];
const TYPES = ["chat", "groupchat", "normal", "error", "headline", "unavailable", "subscribe", "unsubscribed"];
/** A value of an attribute or a text. */
const VALUE = /(?<==')[^']*(?=')|(?<=>)[^<>]+(?=<)/g;
const TOKENS = [
  ".",
  "0",
  "-1",
  "1e9",
  "2147483648",
  "9999-12-31T23:59:60Z",
  "-",
  "Z",
  "T",
  "@",
  "/",
  "\u202e",
  "🎈",
  "=",
  "a.example",
  "true",
  " ",
];
const CONTEXT = roomContext();
const ADDRESSES: ReadonlySet<string> = new Set(["chat", "sender", "jid", "room", "by", "invitedBy"]);

export const stanzas: Target<readonly (StanzaEvent | RoomEvent)[]> = {
  name: "stanzas",
  share: 0.1,
  make: (random) => {
    const text =
      random.between(0, 3) === 0 ? wrapped(random) : plain(random, random.pick(["message", "message", "presence"]));
    return random.between(0, 4) === 0 ? text : hostile(random, text);
  },
  run: (input) => ingest(stanza(isWhole(input) ? input : "<message/>"), CONTEXT),
  judge: (_, events) => {
    const bad = events.map((event) => wrongIn(event)).find((says) => says !== undefined);
    if (bad !== undefined) return wrong(`${bad} in ${JSON.stringify(events)}`);
    return events.length > 0 ? TAKEN : REFUSED;
  },
};

/** What comes out is trusted: addresses are normal, times and device ids are numbers of their range. */
function wrongIn(value: unknown, name = ""): string | undefined {
  if (typeof value === "string")
    return ADDRESSES.has(name) && !isNormalJid(value, "any") ? `the address ${value}` : undefined;
  if (typeof value === "number" && name === "at")
    return Number.isSafeInteger(value) && value <= NOW ? undefined : `the time ${value}`;
  if (typeof value === "number" && (name === "sid" || name === "rid" || name === "devices"))
    return Number.isInteger(value) && value >= 1 && value <= OMEMO_ID_MAX ? undefined : `the device ${value}`;
  if (typeof value !== "object" || value === null) return undefined;
  const inner = Object.entries(value).map(([key, part]) => wrongIn(part, Array.isArray(value) ? name : key));
  return inner.find((says) => says !== undefined);
}

function plain(random: Random, name: string): string {
  const inside = Array.from({ length: random.between(1, 4) }, () => random.pick(INSIDE)).join("");
  const [from, to] = [
    random.pick(["bob@b.example/x", `${ROOM}/bob`, ...WHO]),
    random.between(0, 3) > 0 ? ME : random.pick(WHO),
  ];
  const type = random.between(0, 1) === 0 ? random.pick(TYPES) : from.startsWith(ROOM) ? "groupchat" : "chat";
  return `<${name} xmlns='jabber:client' from='${from}' to='${to}' type='${type}' id='m1'>${inside}</${name}>`;
}

function wrapped(random: Random): string {
  const from = random.pick([ME, ME, ROOM, "eve@e.example"]);
  return `<message from='${from}' to='${ME}/web'>${random.pick(WRAPPERS)(plain(random, "message"))}</message>`;
}

/** With one to three of its values in another form: still XML. */
function hostile(random: Random, text: string): string {
  let changed = text;
  for (let count = random.between(1, 3); count > 0; count -= 1) {
    const found = random.pick([...changed.matchAll(VALUE)]);
    const value = mutated(random, found[0], [...TOKENS, ...WHO]).replace(/[&<>'\p{Cc}\ufffe\uffff]/gu, "");
    changed = changed.slice(0, found.index) + value + changed.slice(found.index + found[0].length);
  }
  return changed;
}

/** Making an input smaller leaves what is no stanza any more. */
function isWhole(text: string): boolean {
  try {
    stanza(text);
    return true;
  } catch {
    // Whatever the parser says of it, the guard has said before: no stanza of that kind gets here.
    return false;
  }
}
