import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { xml, type Element } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { ACK_REQUEST_DELAY_MS } from "./management/management.ts";
import { InMemoryStream } from "../testing/stream-memory.ts";
import { NS_CLIENT, NS_MANAGEMENT } from "../xep/namespaces.ts";
import { Session, type SessionStream } from "./session.ts";

const ME = "me@a.org" as BareJid;
let sent: Element[];
let stored: Element[];
let unreadable: string[];
let acknowledged: string[];
let failures: Failure[];
let arrive: (element: Element) => void;
let stream: SessionStream;
let session: Session;

const nonza = (name: string, attrs: Record<string, string> = {}): Element =>
  xml(name, { xmlns: NS_MANAGEMENT, ...attrs });
const stanza = (name: string, attrs: Record<string, string> = {}): Element => xml(name, { xmlns: NS_CLIENT, ...attrs });
const told = (): string[] => sent.map((element) => element.getName() + (element.attrs["h"] ?? ""));

beforeEach(() => {
  [sent, stored, unreadable, acknowledged, failures] = [[], [], [], [], []];
  stream = {
    onUnreadable: () => undefined,
    takesParts: () => false,
    onPart: () => undefined,
    send: (element) => void sent.push(element),
    write: (text) => void sent.push(parse(text)),
    listen: (listener) => {
      arrive = listener;
    },
    fail: (failure) => void failures.push(failure),
  };
  session = new Session(
    stream,
    {
      stanza: (element) => {
        stored.push(element);
        return false;
      },
      unreadable: (outline, broken) => void unreadable.push(`${outline.name}${broken ? " broken" : ""}`),
      acknowledged: (ids, store) => {
        acknowledged.push(...ids);
        store();
      },
    },
    ME,
    { memory: new InMemoryStream(), full: "me@a.org/alcove", endpoint: "tls://a.org:5223" },
  );
  session.listen();
});

async function enabled(): Promise<void> {
  const done = session.enableManagement();
  arrive(nonza("enabled"));
  await done;
  sent = [];
}

test("what arrives is stored before it is counted, answers and unreadable stanzas are counted too", async () => {
  await enabled();
  arrive(stanza("message"));
  arrive(stanza("presence"));
  arrive(stanza("iq", { type: "set", id: "push" }));
  arrive(stanza("iq", { type: "result", id: "nobody asked", from: "eve@x.org" }));
  stream.onUnreadable(stanza("message"), false);
  arrive(nonza("r"));
  assert.deepEqual(
    stored.map(({ name }) => name),
    ["message", "presence", "iq"],
  );
  assert.deepEqual(told(), ["a5"]);
});

test("a stanza that could not be stored is not counted", async () => {
  await enabled();
  stored.push = () => {
    throw new Error("disk full");
  };
  assert.throws(() => arrive(stanza("message")), /disk full/);
  arrive(nonza("r"));
  assert.deepEqual(told(), ["a0"]);
});

test("an element of a foreign namespace is no stanza", async () => {
  await enabled();
  arrive(xml("message", { xmlns: "jabber:server" }));
  assert.deepEqual(stored, []);
});

test("a server that acknowledges what was never sent ends the stream", async () => {
  await enabled();
  arrive(nonza("a", { h: "1" }));
  assert.deepEqual(failures, [{ kind: "server-error", detail: "stream management" }]);
});

test("without stream management the answer to a ping proves what was sent before it", async () => {
  for (const id of ["one", "two"]) session.send(xml("message", { id }));
  await sleep(ACK_REQUEST_DELAY_MS * 3);
  const ping = sent.at(-1);
  assert.deepEqual(told(), ["message", "message", "iq"]);
  session.send(xml("message", { id: "later" }));
  arrive(stanza("iq", { type: "error", id: ping?.attrs["id"] ?? "", from: "a.org" }));
  await sleep(0);
  assert.deepEqual(acknowledged, ["one", "two"]);
  session.end();
});

test("a resumed stream is active before it is asked: a server that holds its answer back lets it go", async () => {
  const saved = { id: "s1", resumableMs: 60_000, location: undefined, full: `${ME}/web`, endpoint: "tcp://a.org" };
  const stream = { ...saved, inbound: 3, acknowledged: 5, unacked: [] };
  session.resume({ stream, acknowledged: 5, settled: [], rest: [] });
  session.listen();
  const proved = session.proved();
  assert.deepEqual(told(), ["active", "r"]);
  arrive(nonza("a", { h: "5" }));
  await proved;
  assert.deepEqual([told(), failures], [["active", "r"], []]);
});

test("when the stream ends nothing more is written, open questions are lost and waiting ends", async () => {
  const waiting = session.enableManagement();
  const question = session.request(xml("iq", { type: "get" }));
  session.end();
  await waiting;
  assert.deepEqual(await question, { ok: false, error: { kind: "lost" } });
  assert.equal(session.send(xml("message")), false);
});

test("T61: the outline of what cannot be read goes to the host; one that ends the stream is not counted", async () => {
  await enabled();
  stream.onUnreadable(stanza("message"), false);
  stream.onUnreadable(stanza("presence"), true);
  stream.onUnreadable(xml("huge", { xmlns: NS_MANAGEMENT }), false);
  arrive(nonza("r"));
  assert.deepEqual(unreadable, ["message", "presence broken"]);
  assert.deepEqual(told(), ["a1"]);
});

test("R4: whoever waits for an answer that is too large is told so", async () => {
  await enabled();
  const asked = session.request(xml("iq", { type: "get" }));
  const { id = "" } = sent[0]?.attrs ?? {};
  stream.onUnreadable(stanza("iq", { type: "result", id, from: ME }), false);
  assert.deepEqual(await asked, { ok: false, error: { kind: "too-large", which: "answer" } });
  assert.deepEqual(unreadable, []);
});

test("R4: a part of an answer goes to whoever asked, and is not counted as a stanza", async () => {
  await enabled();
  const parts: string[] = [];
  const asked = session.request(xml("iq", { type: "get" }), { part: (part) => parts.push(part.name) });
  const { id = "" } = sent[0]?.attrs ?? {};
  const answer = stanza("iq", { type: "result", id, from: ME });
  assert.equal(stream.takesParts(answer), true);
  stream.onPart(answer);
  arrive(answer);
  arrive(nonza("r"));
  assert.equal((await asked).ok, true);
  assert.deepEqual(parts, ["iq"]);
  assert.deepEqual(told().at(-1), "a1");
  assert.equal(stream.takesParts(answer), false);
});
