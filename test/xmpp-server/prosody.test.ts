import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { readFileSync } from "node:fs";
import { PATIENCE_MS } from "../e2e/waiting.ts";
import { startXmppServer, type XmppServer } from "./prosody.ts";
import { claimPorts } from "./ports.ts";

const BASE_PORT = await claimPorts();
let state: string;
let server: XmppServer;

before(async () => {
  state = await mkdtemp(join(tmpdir(), "alcove-prosody-"));
  const accounts = [
    { name: "alice", password: 'wonder "land" \\ ü' },
    { name: "bob", password: "builder" },
  ];
  server = await startXmppServer({ state, basePort: BASE_PORT, accounts, friends: true });
});

after(async () => {
  await server.stop();
  await rm(state, { recursive: true, force: true });
});

test("an account signs in over verified direct TLS, has its contacts and is listed as one session", async () => {
  const alice = await signIn("alice", 'wonder "land" \\ ü');
  assert.deepEqual(await server.sessions("alice@localhost"), ["alice@localhost/test"]);
  assert.deepEqual(await server.sessions("bob@localhost"), []);
  const roster = await alice.ask("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>", "</iq>");
  assert.match(roster, /jid=['"]bob@localhost['"]/);
  assert.match(roster, /subscription=['"]both['"]/);
  alice.close();
});

test("an account registered while the server runs signs in, a wrong password does not", async () => {
  await server.register("carol", "sings");
  (await signIn("carol", "sings")).close();
  await assert.rejects(signIn("carol", "shouts"), /not-authorized/);
});

test("a paused server answers nothing and goes on where it was", async () => {
  server.pause();
  await assert.rejects(server.sessions("alice@localhost"));
  server.resume();
  await server.sessions("alice@localhost");
});

test("killed and started again on the same state it knows its accounts", async () => {
  const before = server.pid();
  await server.kill();
  assert.equal(server.pid(), undefined);
  await server.start();
  assert.notEqual(server.pid(), before);
  (await signIn("bob", "builder")).close();
});

test("a second server on a taken port says so", async () => {
  await assert.rejects(
    startXmppServer({ state: join(state, "second"), basePort: BASE_PORT, accounts: [] }),
    /taken by another program/,
  );
});

test("the STARTTLS and WebSocket ports are open", async () => {
  const socket = connect(BASE_PORT, "localhost");
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  socket.destroy();
  const page = await fetch(`http://localhost:${BASE_PORT + 2}/xmpp-websocket`);
  assert.equal(page.ok, true);
});

/** A client of a few lines: SASL PLAIN over direct TLS, one resource. */
async function signIn(name: string, password: string) {
  const socket = connectTls({
    port: BASE_PORT + 1,
    host: "localhost",
    servername: "localhost",
    ca: readFileSync(server.ca),
  });
  socket.setEncoding("utf8");
  const ask = (out: string, until: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = "";
      const settle = (end: () => void) => {
        socket.off("data", listen).off("error", reject);
        clearTimeout(timer);
        end();
      };
      const listen = (chunk: unknown) => {
        text += String(chunk);
        if (text.includes("<failure")) settle(() => reject(new Error(text)));
        else if (text.includes(until)) settle(() => resolve(text));
      };
      const timer = setTimeout(() => settle(() => reject(new Error(`no ${until} in ${text}`))), PATIENCE_MS);
      socket.on("data", listen).once("error", reject);
      socket.write(out);
    });
  const open = `<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
  await ask(open, "</stream:features>");
  const credentials = Buffer.from(`\0${name}\0${password}`).toString("base64");
  await ask(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${credentials}</auth>`, "<success");
  await ask(open, "</stream:features>");
  await ask(
    "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>test</resource></bind></iq>",
    "</iq>",
  );
  return { ask, close: () => socket.destroy() };
}
