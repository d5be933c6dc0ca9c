import assert from "node:assert/strict";
import { test } from "node:test";
import { type Given, Observer } from "./observer.ts";

const HEAD = Buffer.from("HTTP/1.1 101 Switching Protocols\r\n\r\n");
const message = (id: string) =>
  `<message id='o-${id}' from='a@b'><body>x</body><stanza-id by='b@b' id='${id}' xmlns='urn:xmpp:sid:0'/></message>`;

/** A text frame; masked, as a client has to (RFC 6455 §5.3). */
function frame(text: string, mask: boolean): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, payload.length | (mask ? 0x80 : 0)])
      : Buffer.from([0x81, 126 | (mask ? 0x80 : 0), payload.length >> 8, payload.length & 0xff]);
  if (!mask) return Buffer.concat([head, payload]);
  const key = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([head, key, payload.map((byte, at) => byte ^ (key[at % 4] ?? 0))]);
}

function connection(observer: Observer) {
  const tap = observer.tap();
  for (const direction of ["in", "out"] as const) tap(direction, HEAD);
  return {
    server: (text: string) => {
      // In two pieces, as a network may.
      const bytes = frame(text, false);
      tap("in", bytes.subarray(0, 5));
      tap("in", bytes.subarray(5));
    },
    object: (text: string) => tap("out", frame(text, true)),
  };
}

test("what is stored may be acknowledged, one more may not", () => {
  const stored = new Set(["1"]);
  const observer = new Observer(({ archiveId = "" }: Given) => stored.has(archiveId));
  const { server, object } = connection(observer);
  server("<enabled xmlns='urn:xmpp:sm:3' id='s' resume='true'/>");
  server(message("1"));
  server(message("2"));
  object("<a xmlns='urn:xmpp:sm:3' h='1'/>");
  assert.deepEqual(observer.result, { acknowledgements: 1, messages: 1, unclaimed: 0, violations: [] });
  object("<a xmlns='urn:xmpp:sm:3' h='2'/>");
  assert.equal(observer.result.violations.length, 1);
  assert.match(observer.result.violations[0] ?? "", /not stored.*"2"/);
});

test("more than was given and less than before are told", () => {
  const observer = new Observer(() => true);
  const { server, object } = connection(observer);
  server("<enabled xmlns='urn:xmpp:sm:3' id='s' resume='true'/>");
  server("<presence from='a@b'/>");
  object("<a xmlns='urn:xmpp:sm:3' h='3'/>");
  object("<a xmlns='urn:xmpp:sm:3' h='1'/>");
  assert.deepEqual(observer.result.violations, ["h is 3 after 1 stanzas", "h went back from 3 to 1"]);
});

test("a stream that is resumed counts on, and its `h` is an acknowledgement too", () => {
  const stored = new Set<string>();
  const observer = new Observer(({ archiveId = "" }) => stored.has(archiveId));
  const first = connection(observer);
  first.server("<enabled xmlns='urn:xmpp:sm:3' id='s' resume='true'/>");
  first.server(message("1"));
  first.server(message("2"));
  stored.add("1");
  const second = connection(observer);
  second.object("<resume xmlns='urn:xmpp:sm:3' h='1' previd='s'/>");
  second.server("<resumed xmlns='urn:xmpp:sm:3' h='0' previd='s'/>");
  second.server(message("2"));
  assert.deepEqual(observer.result.violations, []);
  second.object("<a xmlns='urn:xmpp:sm:3' h='2'/>");
  assert.match(observer.result.violations[0] ?? "", /not stored.*"2"/);
});

test("what still flows on a connection whose stream was resumed on another one counts no more", () => {
  const stored = new Set<string>(["1"]);
  const observer = new Observer(({ archiveId = "" }) => stored.has(archiveId));
  const first = connection(observer);
  first.server("<enabled xmlns='urn:xmpp:sm:3' id='s' resume='true'/>");
  const second = connection(observer);
  second.object("<resume xmlns='urn:xmpp:sm:3' h='0' previd='s'/>");
  second.server("<resumed xmlns='urn:xmpp:sm:3' h='0' previd='s'/>");
  first.server(message("9"));
  second.server(message("1"));
  second.object("<a xmlns='urn:xmpp:sm:3' h='1'/>");
  assert.deepEqual(observer.result.violations, []);
});

test("an answer of the archive is looked up by its id there, and may be left to the archive", () => {
  const asked: Given[] = [];
  const observer = new Observer((given) => asked.push(given) === 0);
  const { server, object } = connection(observer);
  server("<enabled xmlns='urn:xmpp:sm:3'/>");
  server(
    `<message to='b@b/r'><result id='77' queryid='q'><forwarded><message id='o'><body>${"x".repeat(300)}</body></message></forwarded></result></message>`,
  );
  object("<a xmlns='urn:xmpp:sm:3' h='1'/>");
  assert.deepEqual(asked, [{ archiveId: "77", id: "o", archived: true }]);
  assert.deepEqual(observer.result, { acknowledgements: 1, messages: 1, unclaimed: 1, violations: [] });
});
