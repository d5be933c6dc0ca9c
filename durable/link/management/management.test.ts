import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { xml, type Element } from "@xmpp/xml";
import { ACK_REQUEST_BYTES, ACK_REQUEST_DELAY_MS, Management } from "./management.ts";
import type { Outgoing } from "./resume.ts";
import { InMemoryStream } from "../../testing/stream-memory.ts";
import { NS_MANAGEMENT } from "../../xep/namespaces.ts";

mock.timers.enable({ apis: ["setTimeout"] });

let sent: string[] = [];
let acknowledged: string[][] = [];
let management: Management;
let memory: InMemoryStream;

const nonza = (name: string, attrs: Record<string, string> = {}): Element =>
  xml(name, { xmlns: NS_MANAGEMENT, ...attrs });
const message = (id?: string): Outgoing => ({ id, text: xml("message", { id }).toString() });

beforeEach(() => {
  sent = [];
  acknowledged = [];
  memory = new InMemoryStream();
  management = new Management(
    (element) => void sent.push(element.getName() + (element.attrs["h"] ?? "")),
    {
      acknowledged: (ids, store) => {
        acknowledged.push([...ids]);
        store();
      },
    },
    { memory, full: "me@a.org/alcove", endpoint: "tls://a.org:5223" },
  );
  management.enable();
});

afterEach(() => management.stop());

test("a stanza in the same chunk as <enabled/> is counted", () => {
  assert.equal(management.receive(nonza("enabled")), "enabled");
  management.stored(false);
  management.receive(nonza("r"));
  assert.deepEqual(sent, ["enable", "a1"]);
});

test("stanzas before <enabled/> are not counted", () => {
  management.stored(false);
  management.receive(nonza("enabled"));
  management.receive(nonza("r"));
  assert.deepEqual(sent, ["enable", "a0"]);
});

test("acknowledged stanzas are reported by id, once, in order, and those without an id are only counted", () => {
  management.receive(nonza("enabled"));
  for (const id of ["one", undefined, "three", "four"]) management.sent(message(id), 100);
  assert.equal(management.receive(nonza("a", { h: "3" })), "handled");
  assert.equal(management.receive(nonza("a", { h: "3" })), "handled");
  assert.deepEqual(acknowledged, [["one", "three"]]);
  assert.deepEqual(
    management.unacked.map(({ id }) => id),
    ["four"],
  );
});

test("a burst of stanzas asks for one acknowledgement", () => {
  management.receive(nonza("enabled"));
  for (const id of ["a", "b", "c"]) management.sent(message(id), 100);
  assert.deepEqual(sent, ["enable"]);
  mock.timers.tick(ACK_REQUEST_DELAY_MS);
  assert.deepEqual(sent, ["enable", "r"]);
});

test("a server that acknowledges more than was sent, less than before, or no number has lied", () => {
  management.receive(nonza("enabled"));
  management.sent(message("a"), 100);
  management.sent(message("b"), 100);
  assert.equal(management.receive(nonza("a", { h: "2" })), "handled");
  for (const h of ["3", "1", "-1", "x", "99999999999"]) assert.equal(management.receive(nonza("a", { h })), "lied");
  assert.equal(management.receive(nonza("a")), "lied");
});

test("a count of more than 32 bits has lied", () => {
  management.receive(nonza("enabled"));
  assert.equal(management.receive(nonza("a", { h: String(2 ** 32) })), "lied");
});

test("<enabled/> that nobody asked for has lied", () => {
  management.receive(nonza("enabled"));
  assert.equal(management.receive(nonza("enabled")), "lied");
});

test("a server that refuses leaves a session without acknowledgements", () => {
  assert.equal(management.receive(nonza("failed")), "failed");
  management.sent(message("a"), 100);
  management.requestAck();
  assert.deepEqual(sent, ["enable"]);
  assert.deepEqual(management.unacked, []);
});

test("elements of other namespaces are left to others", () => {
  assert.equal(management.receive(xml("a", { xmlns: "urn:example:other", h: "1" })), "not-mine");
});

test("of a stream that can be resumed every stanza is remembered before it leaves, and forgotten with its word", () => {
  management.receive(nonza("enabled", { id: "s1", resume: "true", max: "600", location: "b.a.org" }));
  management.sent(message("one"), 100);
  management.sent(message("two"), 100);
  assert.deepEqual(
    memory.load()?.unacked.map(({ id }) => id),
    ["one", "two"],
  );
  management.receive(nonza("a", { h: "1" }));
  const { id, resumableMs, location, acknowledged: count, unacked } = memory.load() ?? assert.fail("forgotten");
  assert.deepEqual(
    { id, resumableMs, location, count },
    { id: "s1", resumableMs: 600_000, location: "b.a.org", count: 1 },
  );
  assert.deepEqual(
    unacked.map(({ id: name }) => name),
    ["two"],
  );
});

test("a count that was not stored with its stanza is stored before it is told", () => {
  management.receive(nonza("enabled", { id: "s1", resume: "true" }));
  management.stored(false);
  assert.equal(memory.load()?.inbound, 0);
  management.receive(nonza("r"));
  assert.equal(memory.load()?.inbound, 1);
  assert.deepEqual(sent.slice(1), ["a1"]);
});

test("a server that does not offer to resume leaves nothing to go on with", () => {
  management.receive(nonza("enabled"));
  management.sent(message("one"), 100);
  assert.equal(memory.load(), undefined);
});

test("a resumed stream counts on where it was, across the end of the numbers", () => {
  management.stop();
  memory.opened({
    id: "s1",
    full: "me@a.org/alcove",
    endpoint: "tls://a.org:5223",
    resumableMs: 0,
    location: undefined,
  });
  management.resume(2 ** 32 - 1, 2 ** 32 - 2);
  for (const id of ["a", "b", "c"]) management.sent(message(id), 100);
  management.prove();
  management.stored(false);
  management.receive(nonza("r"));
  assert.equal(management.receive(nonza("a", { h: "1" })), "handled");
  assert.deepEqual(acknowledged, [["a", "b", "c"]]);
  assert.deepEqual(sent.slice(1), ["r", "a0"]);
  assert.equal(memory.load()?.acknowledged, 2 ** 32 + 1);
});

/** Back on a stream of which ten stanzas were acknowledged, with three written again. */
function comeBack(): void {
  management.stop();
  memory.opened({ id: "s1", full: "me@a.org/a", endpoint: "tls://a.org:5223", resumableMs: 0, location: undefined });
  management.resume(0, 10);
  for (const id of ["a", "b", "c"]) management.sent(message(id), 100);
  management.prove();
  sent = [];
}

test("a server that passed over some of what was written again, and counts on, has lied: nothing is believed", () => {
  comeBack();
  management.sent(message("d"), 100);
  assert.equal(management.receive(nonza("a", { h: "12" })), "lied");
  assert.deepEqual(acknowledged, []);
  assert.equal(memory.load(), undefined, "nor is the stream gone on with once more");
});

test("until a resumed stream has proved itself it is asked for nothing else; what was written meanwhile is asked for then", () => {
  comeBack();
  management.sent(message("d"), 100);
  mock.timers.tick(ACK_REQUEST_DELAY_MS);
  management.requestAck();
  assert.deepEqual(sent, [], "the first answer is the one to the first question");
  assert.equal(management.receive(nonza("a", { h: "13" })), "handled");
  assert.deepEqual(acknowledged, [["a", "b", "c"]]);
  assert.equal(memory.load()?.acknowledged, 13);
  mock.timers.tick(ACK_REQUEST_DELAY_MS);
  assert.deepEqual(sent, ["r"]);
});

test("in a long queue the server is asked now and then, before it was given everything", () => {
  management.receive(nonza("enabled"));
  sent = [];
  const bytes = ACK_REQUEST_BYTES / 4;
  for (let n = 0; n < 12; n += 1) {
    management.sent(message(`m${n}`), bytes);
    sent.push("m");
  }
  assert.equal(sent.join(" "), "m m m m r m m m m r m m m m");
});
