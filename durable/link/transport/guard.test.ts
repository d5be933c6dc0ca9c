import assert from "node:assert/strict";
import { test } from "node:test";
import { growthOf } from "../../testing/growth.ts";
import {
  Guard,
  LIST_LENGTH,
  PART_ELEMENTS,
  PART_LENGTH,
  STANZA_DEPTH,
  STANZA_ELEMENTS,
  STANZA_LENGTH,
  type Framing,
  type Piece,
} from "./guard.ts";
import { ELEMENT_ATTRIBUTES, TAG_LENGTH } from "./tag.ts";

const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

function pieces(chunks: readonly string[], framing: Framing = "stream"): Piece[] {
  const guard = new Guard(framing);
  return chunks.flatMap((chunk) => {
    guard.write(chunk);
    const found: Piece[] = [];
    for (let piece = guard.next(); piece; piece = guard.next()) found.push(piece);
    return found;
  });
}

function afterHeader(...chunks: readonly string[]): Piece[] {
  return pieces([HEADER, ...chunks]).slice(1);
}

const fault = (condition: "not-well-formed" | "restricted-xml" | "policy-violation"): Piece[] => [
  { kind: "fault", condition },
];

test("a stream is cut into its header, its stanzas and its footer", () => {
  const message = "<message><body>a &lt; b</body></message>";
  assert.deepEqual(
    pieces([`${HEADER}${message}\n <presence/></stream:stream>`]).map((piece) =>
      "text" in piece ? piece.text : piece,
    ),
    [HEADER.slice(21), message, "<presence/>", "</stream:stream>"],
  );
});

test("a stanza that arrives one character at a time comes out whole and once", () => {
  const stanza = `<message to='a>b' from="it's"><body>5 > 4 é 🎈</body><x/></message>`;
  assert.deepEqual(afterHeader(...stanza), [{ kind: "element", text: stanza }]);
});

test("A14: keep-alive white space between stanzas leaves nothing behind", () => {
  const guard = new Guard("stream");
  guard.write(`${HEADER}\n  \n`);
  assert.equal(guard.next()?.kind, "header");
  assert.equal(guard.next(), undefined);
  assert.equal(guard.pending, false);
});

test("bytes behind an element are visible before they are handed out (STARTTLS injection)", () => {
  const guard = new Guard("stream");
  guard.write(`${HEADER}<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><iq`);
  guard.next();
  assert.equal(guard.next()?.kind, "element");
  assert.equal(guard.pending, true);
});

for (const [what, text] of [
  ["document type", "<!DOCTYPE lolz [<!ENTITY lol 'lol'>]>"],
  ["comment", "<message><!-- hidden --></message>"],
  ["CDATA section", "<message><![CDATA[<body/>]]></message>"],
  ["processing instruction", "<message><?php echo 1 ?></message>"],
  ["second XML declaration", "<?xml version='1.0'?>"],
] as const) {
  test(`a ${what} ends the stream as restricted XML`, () => {
    assert.deepEqual(afterHeader(text), fault("restricted-xml"));
  });
}

for (const [what, text] of [
  ["text between stanzas", "hello<message/>"],
  ["an unknown entity", "<message><body>&lol;</body></message>"],
  ["a bare ampersand", "<message><body>a & b</body></message>"],
  ["an attribute without quotes", "<message to=bob/>"],
  ["a tag inside an attribute", "<message to='<x/>'/>"],
  ["a name that starts with a digit", "<1message/>"],
  ["a name with two colons", "<a:b:c/>"],
  ["an attribute that comes twice", "<message to='a' id='=' to='b'/>"],
  ["a control character", "<message><body>\u0001</body></message>"],
] as const) {
  test(`${what} ends the stream as not well-formed`, () => {
    assert.deepEqual(afterHeader(text), fault("not-well-formed"));
  });
}

test("before the header stands one XML declaration at most, in its own grammar", () => {
  const kinds = (text: string) => pieces([text]).map((piece) => ("condition" in piece ? piece.condition : piece.kind));
  const whole = `<?xml\tversion = "1.0" encoding='UTF-8' standalone="yes" ?>`;
  assert.deepEqual(kinds(whole + HEADER.slice(21)), ["header"]);
  for (const text of [
    `${whole}${HEADER}`,
    "<?xml ?>",
    "<?xml encoding='UTF-8'?>",
    "<?xml version='2.0'?>",
    "<?xml\u000bversion='1.0'?>",
  ])
    assert.deepEqual(kinds(text), ["restricted-xml"], text);
});

test("a header is checked like a stanza", () => {
  for (const attribute of ["a='\u0001'", "a='&b;'", "id='' id=''"])
    assert.deepEqual(pieces([HEADER.replace("xmlns=", `${attribute} xmlns=`)]), fault("not-well-formed"), attribute);
});

test("a stanza over the size limit is stepped over and the next one is read", () => {
  const big = "x".repeat(1000);
  const chunks = Array.from({ length: STANZA_LENGTH / 1000 + 2 }, () => big);
  const found = afterHeader("<message id='1'><body>", ...chunks, "</body></message><presence/>");
  assert.deepEqual(found, [
    { kind: "oversized", name: "message" },
    { kind: "element", text: "<presence/>" },
  ]);
});

test("a stanza that is nested too deep is stepped over, the deepest allowed one is not", () => {
  const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
  assert.deepEqual(
    afterHeader(nested(STANZA_DEPTH), nested(STANZA_DEPTH + 1), nested(100_000), "<presence/>").map(({ kind }) => kind),
    ["element", "oversized", "oversized", "element"],
  );
});

test("one endless tag ends the stream: there is no telling where it ends", () => {
  assert.deepEqual(afterHeader(`<message to='${"x".repeat(STANZA_LENGTH + 1)}`), fault("policy-violation"));
});

test("ten megabytes in small chunks are one oversized stanza, and nothing of it is handed on", () => {
  const guard = new Guard("stream");
  guard.write(`${HEADER}<message><body>`);
  guard.next();
  for (let index = 0; index < 10_000; index += 1) {
    guard.write("y".repeat(1000));
    assert.equal(guard.next(), undefined);
  }
  guard.write("</body></message>");
  assert.deepEqual(guard.next(), { kind: "oversized", name: "message" });
});

test("a WebSocket message is one element of its own", () => {
  assert.deepEqual(pieces(["<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "<message/>"], "framed"), [
    { kind: "element", text: "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>" },
    { kind: "element", text: "<message/>" },
  ]);
});

test("an end tag without a start ends a framed stream", () => {
  assert.deepEqual(pieces(["</message>"], "framed"), fault("not-well-formed"));
});

const attributes = (count: number): string => Array.from({ length: count }, (_, n) => ` a${n}=""`).join("");

test("an element with too many attributes is stepped over, one with just so many is not", () => {
  const many = `<message><x${attributes(ELEMENT_ATTRIBUTES + 1)}/></message>`;
  const enough = `<message><x${attributes(ELEMENT_ATTRIBUTES)}/></message>`;
  assert.deepEqual(afterHeader(many, enough), [
    { kind: "oversized", name: "message" },
    { kind: "element", text: enough },
  ]);
});

test("quotes within quotes are no attributes", () => {
  const stanza = `<message to="${"'".repeat(400)}"/>`;
  assert.deepEqual(afterHeader(stanza), [{ kind: "element", text: stanza }]);
});

test("a stanza with too many elements is stepped over, and the count begins anew with the next", () => {
  const stanza = (elements: number): string => `<message>${"<x/>".repeat(elements - 1)}</message>`;
  assert.deepEqual(afterHeader(stanza(STANZA_ELEMENTS + 1), stanza(STANZA_ELEMENTS)), [
    { kind: "oversized", name: "message" },
    { kind: "element", text: stanza(STANZA_ELEMENTS) },
  ]);
});

test("S15: a stanza 100,000 deep is stepped over, and what comes behind it is read", () => {
  const deep = `<message>${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}</message>`;
  assert.deepEqual(afterHeader(deep, "<presence/>"), [
    { kind: "oversized", name: "message" },
    { kind: "element", text: "<presence/>" },
  ]);
});

test("S15: a tag that is too long is stepped over with its stanza, wherever it stands", () => {
  const long = `a='${">".repeat(TAG_LENGTH)}'`;
  for (const stanza of [
    `<message><x ${long}/><y/></message>`,
    `<message><x ${long}></x></message>`,
    `<message ${long}/>`,
  ]) {
    assert.deepEqual(afterHeader(stanza, "<presence/>"), [
      { kind: "oversized", name: "message" },
      { kind: "element", text: "<presence/>" },
    ]);
  }
  assert.deepEqual(afterHeader(`<message a='${"x".repeat(TAG_LENGTH)}<'/>`), fault("not-well-formed"));
});

const inPieces = (text: string, length: number): string[] =>
  Array.from({ length: Math.ceil(text.length / length) }, (_, n) => text.slice(n * length, (n + 1) * length));
const times = (text: string, count: number): string => text.repeat(Math.ceil(count));

/** Each made `part` times as long. */
const COSTLY: Readonly<Record<string, (part: number) => string[]>> = {
  "a tag of 1 MiB in pieces of 100 bytes": (part) => inPieces(`<message a='${times("x", part * 1_000_000)}'/>`, 100),
  "a text of 1 MiB in pieces of 100 bytes": (part) =>
    inPieces(`<message><body>${times("x", part * 1_000_000)}</body></message>`, 100),
  "a tag of 64 KiB in pieces of one byte": (part) =>
    inPieces(`<message a='${times("x", part * (TAG_LENGTH - 20))}'/>`, 1),
  "90,000 attributes": (part) => [
    `<message ${Array.from({ length: part * 90_000 }, (_, n) => `a${n}=''`).join(" ")}/>`,
  ],
  "5,000 attributes in a tag that is read": (part) => [
    `<message ${Array.from({ length: part * 5_000 }, (_, n) => `a${n}=''`).join(" ")}/>`,
  ],
  "64 KiB of attributes that break off": (part) => [`<message${times(" a=''", part * 13_000)} !/>`],
  "64 KiB of white space in a tag": (part) => [`<message${times(" ", part * 65_000)}!/>`],
  "a stanza 100,000 deep": (part) => [
    `<message>${times("<a>", part * 100_000)}${times("</a>", part * 100_000)}</message>`,
  ],
  "1 MiB of quotes": (part) => [`<message><body>${times(`"'`, part * 500_000)}</body></message>`],
};

for (const [what, chunks] of Object.entries(COSTLY)) {
  test(`S15: ${what} cost what their length costs`, (context) => {
    const made = new Map([1, 1 / 16].map((part) => [part, chunks(part)]));
    const { linear, factor, milliseconds } = growthOf((part) => afterHeader(...(made.get(part) ?? [])));
    context.diagnostic(`${what}: ${milliseconds.toFixed(1)} ms, ${factor.toFixed(1)} times its parts`);
    assert.ok(linear, `${factor}`);
  });
}

// ------------------------------------------------------------------------------------------------- long lists

const item = (n: number): string => `<item jid='contact-${n}@b.example'><group>a</group><group>b</group></item>`;
const LIST = "<iq type='result' id='1'><query xmlns='jabber:iq:roster'>";

function listed(items: readonly string[], takes: boolean): Piece[] {
  const guard = new Guard("stream", (outline) => takes && outline.attrs["id"] === "1");
  const found: Piece[] = [];
  for (const chunk of [HEADER, LIST, ...items, "</query></iq><presence/>"]) {
    guard.write(chunk);
    for (let piece = guard.next(); piece; piece = guard.next()) found.push(piece);
  }
  return found.slice(1);
}

test("R4: a list that somebody waits for comes in parts of bounded size, each within the tags around the items", () => {
  const items = Array.from({ length: 10_000 }, (_, n) => item(n));
  const found = listed(items, true);
  assert.ok(found.length > 3);
  assert.deepEqual(new Set(found.slice(0, -2).map(({ kind }) => kind)), new Set(["part"]));
  assert.deepEqual(
    found.slice(-2).map(({ kind }) => kind),
    ["element", "element"],
  );
  const texts = found.slice(0, -1).map((piece) => ("text" in piece ? piece.text : ""));
  assert.equal(texts.map((text) => text.slice(LIST.length, -"</query></iq>".length)).join(""), items.join(""));
  for (const text of texts) {
    assert.ok(text.startsWith(LIST) && text.endsWith("</query></iq>"));
    assert.ok(text.length < PART_LENGTH + 1_000 && text.split("<").length < 2 * PART_ELEMENTS + 20);
  }
});

test("R4: one that nobody waits for is stepped over", () => {
  const items = Array.from({ length: 10_000 }, (_, n) => item(n));
  assert.deepEqual(
    listed(items, false).map(({ kind }) => kind),
    ["oversized", "element"],
  );
});

test("R4, T50: an item over the limits, or more items than any list has, are stepped over even so", () => {
  const huge = `<item name='a'>${"x".repeat(STANZA_LENGTH + 1)}</item>`;
  const kinds = listed([...Array.from({ length: 3_000 }, (_, n) => item(n)), huge], true).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(-2), ["oversized", "element"]);
  const endless = Array.from({ length: LIST_LENGTH / 50 }, (_, n) => item(n));
  assert.deepEqual(
    listed(endless, true)
      .map(({ kind }) => kind)
      .slice(-2),
    ["oversized", "element"],
  );
});
