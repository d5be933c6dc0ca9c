/** What no server should say in the middle of a session: bytes that are no text, a compression that nobody asked for. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { until } from "../e2e/waiting.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { startXmppServer, type XmppServer } from "../xmpp-server/prosody.ts";
import type { LinkRuntime, Seen } from "./runtime.ts";
import { startLinkRuntime } from "./runtime.ts";
import { ALICE, password, PROSODY, Stage } from "./stage.ts";

const PORT = await claimPorts();
const BASE_PORT = PORT + 4;
const PROXY_PORT = PORT + 10;
const ACCOUNT = { name: "alice", password: "wonderland" } as const;

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
let state: string;
let server: XmppServer;
let proxy: Server;
let overWebSocket: LinkRuntime;
const lines = new Set<Socket>();

before(async () => {
  stage = await Stage.set(PORT);
  state = await mkdtemp(join(tmpdir(), "alcove-broken-bytes-"));
  server = await startXmppServer({ state, basePort: BASE_PORT, accounts: [ACCOUNT] });
  overWebSocket = await startLinkRuntime(server.ca);
  proxy = createServer((socket) => {
    const upstream = connect(BASE_PORT + 2, "127.0.0.1");
    lines.add(socket);
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on("error", () => [socket, upstream].map((one) => one.destroy()));
    socket.once("close", () => lines.delete(socket));
  });
  proxy.listen(PROXY_PORT, "127.0.0.1");
  await once(proxy, "listening");
});
after(async () => {
  await stage?.strike();
  await overWebSocket?.dispose();
  for (const line of lines) line.destroy();
  proxy?.close();
  await server?.stop();
  await rm(state, { recursive: true, force: true });
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

/** RFC 6455 §5.2: one text message, unmasked as servers send them. */
function frame(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]), payload]);
}

for (const [what, broken] of BROKEN) {
  // The runtime does not end a connection with such a message (RFC 6455 §8.1) and hands on text, not bytes.
  test(`T48: over a WebSocket ${what} is no markup and swallows none: U+FFFD stands in its place`, async () => {
    const opened = await overWebSocket.open({
      settings: {
        account: ALICE,
        resource: "alcove",
        userAgent: "4f6a1c8e-53a1-4c0e-9d5b-2a3f0c9e7b11",
        endpoints: { localhost: `ws://localhost:${PROXY_PORT}/xmpp-websocket` },
        allowedDomains: [],
      },
      credentials: { kind: "password", password: ACCOUNT.password, plain: false },
    });
    assert.ok(opened.ok, JSON.stringify(opened));
    const line = [...lines].at(-1);
    assert.ok(line);
    const inside = "<message xmlns='jabber:client' from='eve@localhost/x' type='chat'><body>";
    line.write(frame(bytes(inside, broken, "evil/&gt;", broken, "<hidden/></body></message>")));
    let arrived = "";
    await until("it has arrived", async () => {
      arrived = (await overWebSocket.seen()).stanzas.find((stanza) => stanza.includes("hidden")) ?? "";
      return arrived !== "";
    });
    assert.match(arrived, /<body>\uFFFD+evil\/&gt;\uFFFD+<hidden\/><\/body>/);
    await overWebSocket.close();
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
