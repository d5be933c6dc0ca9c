/** What no server should say in the middle of a session: bytes that are no text, a compression that nobody asked for. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../e2e/waiting.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import type { LinkRuntime, Seen } from "./runtime.ts";
import { SpokenLine } from "./spoken-line.ts";
import { password, PROSODY, Stage } from "./stage.ts";

const PORT = await claimPorts();
const LINE_PORT = PORT + 4;

const said = (text: string) => `<message from='eve@localhost/x' type='chat'><body>${text}</body></message>`;
/** Bytes, with what stands there for a `<` in text that is read carelessly. */
const bytes = (...parts: readonly (string | readonly number[] | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Uint8Array.from(part))));

/** RFC 3629 §3, §10: what a careless reader takes for `<`, or lets swallow one. */
const BROKEN = [
  ["an overlong <", [0xc0, 0xbc]],
  ["an overlong < of three bytes", [0xe0, 0x80, 0xbc]],
  ["the first byte of two, before markup", [0xc3]],
  ["a byte that continues nothing", [0x80]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["a character past the last one", [0xf4, 0x90, 0x80, 0x80]],
] as const;

const hidden = (broken: readonly number[]) =>
  bytes("<message from='eve@localhost/x' type='chat'><body>", broken, "/body></message>", said("smuggled"));

const closed = async (runtime: LinkRuntime): Promise<Seen> => {
  let seen = await runtime.seen();
  await until("the stream has ended", async () => {
    seen = await runtime.seen();
    return seen.closed.length > 0;
  });
  return seen;
};

let stage: Stage;
let line: SpokenLine;

before(async () => {
  stage = await Stage.set(PORT);
  line = await SpokenLine.lay(LINE_PORT);
});
after(async () => {
  await stage?.strike();
  await line?.strike();
});

async function overTcp(afterMessage: Uint8Array): Promise<Seen> {
  stage.server.play({ ...PROSODY, afterMessage });
  const opened = await stage.runtime.open(stage.opening(password()));
  assert.ok(opened.ok, JSON.stringify(opened));
  await stage.runtime.say({ to: "bob@localhost", id: "m1", text: "say something" });
  return closed(stage.runtime);
}

for (const [what, broken] of BROKEN) {
  test(`T48: over TCP ${what} in the middle of a session ends the stream, and nothing behind it is delivered`, async () => {
    const seen = await overTcp(bytes(said("before"), hidden(broken)));
    assert.deepEqual(seen.closed, [{ kind: "server-error", detail: "unsupported-encoding" }]);
    assert.doesNotMatch(seen.stanzas.join(), /smuggled/);
  });
}

test("T48: what is right arrives, cut within a character or not", async () => {
  stage.server.play({ ...PROSODY, afterMessage: bytes(said("größer ☂ 🎈")) });
  const opened = await stage.runtime.open(stage.opening(password()));
  assert.ok(opened.ok);
  await stage.runtime.say({ to: "bob@localhost", id: "m1", text: "say something" });
  await until("it has arrived", async () => (await stage.runtime.seen()).stanzas.join().includes("größer ☂ 🎈"));
  await stage.runtime.close();
});

for (const [what, broken] of BROKEN) {
  // The runtime does not end a connection with such a message (RFC 6455 §8.1) and hands on text, not bytes.
  test(`T48: over a WebSocket ${what} is no markup and swallows none: U+FFFD stands in its place`, async () => {
    await line.open();
    const inside = "<message xmlns='jabber:client' from='eve@localhost/x' type='chat'><body>";
    line.say(bytes(inside, broken, "evil/&gt;", broken, "<hidden/></body></message>"));
    let arrived = "";
    await until("it has arrived", async () => {
      arrived = (await line.runtime.seen()).stanzas.find((stanza) => stanza.includes("hidden")) ?? "";
      return arrived !== "";
    });
    assert.match(arrived, /<body>\uFFFD+evil\/&gt;\uFFFD+<hidden\/><\/body>/);
    await line.runtime.close();
  });
}

test("T50: a compression that nobody asked for is not begun: nothing is read any more as what it is not", async () => {
  const compressed = "<compressed xmlns='http://jabber.org/protocol/compress'/>";
  const zlib = [0x78, 0x9c, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0x02, 0x4d, 0x01, 0x27];
  const seen = await overTcp(bytes(said("before"), compressed, zlib));
  assert.deepEqual(
    seen.closed.map(({ kind }) => kind),
    ["server-error"],
  );
  assert.doesNotMatch(seen.stanzas.join(), /compressed|abc/);
  assert.equal(stage.heard().includes("compress"), false, "it was never asked for");
});
