import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "../e2e/waiting.ts";
import { startXmppServer, type XmppServer } from "../xmpp-server/prosody.ts";
import { startLinkRuntime, type LinkRuntime, type Opening, type Password, type Seen } from "./runtime.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const ALICE = "alice@localhost";
const USER_AGENT = "4f6a1c8e-53a1-4c0e-9d5b-2a3f0c9e7b11";
const RIGHT: Password = { kind: "password", password: "wünder 🎈", plain: false };
const WRONG: Password = { kind: "password", password: "guess", plain: true };

let state: string;
let server: XmppServer;
let runtime: LinkRuntime;

before(async () => {
  state = await mkdtemp(join(tmpdir(), "alcove-link-"));
  server = await startXmppServer({
    state,
    basePort: BASE_PORT,
    accounts: [{ name: "alice", password: RIGHT.password }],
  });
  runtime = await startLinkRuntime(server.ca);
});

after(async () => {
  await runtime.dispose();
  await server.stop();
  await rm(state, { recursive: true, force: true });
});

function opening(
  endpoint: string,
  credentials: Opening["credentials"] = RIGHT,
  more: Partial<Opening["settings"]> = {},
): Opening {
  return {
    settings: {
      account: ALICE,
      resource: "alcove",
      userAgent: USER_AGENT,
      endpoints: { localhost: endpoint },
      allowedDomains: [],
      ...more,
    },
    credentials,
  };
}

async function until(what: (seen: Seen) => boolean): Promise<Seen> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await runtime.seen();
    if (what(seen) || Date.now() > deadline) return seen;
    await sleep(20);
  }
}

for (const way of ["starttls", "tls", "ws"] as const) {
  describe(`over ${way}`, () => {
    test("a password signs in, one resource is bound, kept keys sign in again without it", async () => {
      const endpoint = server.endpoints[way];
      const first = await runtime.open(opening(endpoint));
      assert.ok(first.ok, JSON.stringify(first));
      assert.equal(first.value.jid, `${ALICE}/alcove`);
      assert.match(first.value.mechanism, /^SCRAM-SHA-/);
      assert.equal(first.value.endpoint, endpoint);
      assert.deepEqual((await runtime.seen()).states, ["resolving", "dialing", "securing", "authenticating"]);
      assert.deepEqual(await server.sessions(ALICE), [`${ALICE}/alcove`]);
      await runtime.close();
      assert.deepEqual((await runtime.seen()).closed, []);

      assert.ok(first.value.keys);
      const again = await runtime.open(opening(endpoint, first.value.keys));
      assert.ok(again.ok, JSON.stringify(again));
      await runtime.close();

      const stale = await runtime.open(opening(endpoint, { ...first.value.keys, salt: "AAAAAAAAAAAAAAAA" }));
      assert.equal(!stale.ok && stale.error.kind, "keys-unfit");
    });

    test("a wrong password is told as that", async () => {
      const result = await runtime.open(opening(server.endpoints[way], WRONG));
      assert.deepEqual(result, { ok: false, error: { kind: "wrong-password" } });
    });

    test("30 kB of text in many scripts come back as they were sent, and are acknowledged", async () => {
      assert.ok((await runtime.open(opening(server.endpoints[way]))).ok);
      const text = "Grüße, мир, 世界, 🎈👩‍👩‍👧 <&>\"' ".repeat(700);
      assert.ok(new TextEncoder().encode(text).length > 30_000);
      assert.deepEqual(await runtime.say({ to: `${ALICE}/alcove`, id: "m1", text }), { sent: true });
      const seen = await until(({ stanzas, acknowledged }) => stanzas.length > 0 && acknowledged.length > 0);
      const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      assert.ok(seen.stanzas[0]?.includes(`<body>${escaped}</body>`));
      assert.deepEqual(seen.acknowledged, ["m1"]);
      await runtime.close();
    });

    test("questions are answered, also by an error", async () => {
      assert.ok((await runtime.open(opening(server.endpoints[way]))).ok);
      const roster = await runtime.ask({ name: "query", namespace: "jabber:iq:roster" });
      assert.equal(roster.ok, true);
      const unknown = await runtime.ask({ to: "localhost", name: "query", namespace: "urn:example:unknown" });
      assert.deepEqual(unknown.error, { kind: "stanza-error", condition: "service-unavailable" });
      await runtime.close();
    });
  });
}

test("proving a password binds nothing and leaves the live stream alone", async () => {
  assert.ok((await runtime.open(opening(server.endpoints.starttls))).ok);
  const proof = await runtime.prove(opening(server.endpoints.tls));
  assert.ok(proof.ok && proof.value.keys);
  assert.equal((await runtime.prove(opening(server.endpoints.tls, WRONG))).ok, false);
  assert.deepEqual(await server.sessions(ALICE), [`${ALICE}/alcove`]);
  assert.deepEqual((await runtime.seen()).closed, []);
  assert.equal((await runtime.ask({ name: "query", namespace: "jabber:iq:roster" })).ok, true);
  await runtime.close();
});

test("a second stream with the same resource is told to the first as replaced, once", async () => {
  assert.ok((await runtime.open(opening(server.endpoints.tls))).ok);
  const other = await startLinkRuntime(server.ca);
  assert.ok((await other.open(opening(server.endpoints.tls))).ok);
  const seen = await until(({ closed }) => closed.length > 0);
  assert.deepEqual(seen.closed, [{ kind: "stream-replaced" }]);
  await other.close();
  await other.dispose();
});

for (const way of ["starttls", "tls", "ws"] as const) {
  test(`a server that is killed ends the stream over ${way}, once; while it is gone it is refused`, async () => {
    assert.ok((await runtime.open(opening(server.endpoints[way]))).ok);
    await server.kill();
    await until(({ closed }) => closed.length > 0);
    await sleep(200);
    assert.deepEqual(
      (await runtime.seen()).closed.map(({ kind }) => kind),
      ["connection-lost"],
    );
    assert.deepEqual(await runtime.say({ to: ALICE, id: "late", text: "?" }), { sent: false });
    const gone = await runtime.open(opening(server.endpoints[way]));
    assert.equal(!gone.ok && gone.error.kind, "refused");
    await server.start();
  });
}

test("a server that stops in order ends the stream, once", async () => {
  assert.ok((await runtime.open(opening(server.endpoints.starttls))).ok);
  await server.stop();
  const seen = await until(({ closed }) => closed.length > 0);
  // Prosody says `system-shutdown` only to streams that cannot be resumed.
  assert.deepEqual(
    seen.closed.map(({ kind }) => kind),
    ["connection-lost"],
  );
  await server.start();
});

test("an abort ends a sign-in that hangs", async () => {
  server.pause();
  const result = await runtime.open({ ...opening(server.endpoints.starttls), limitMs: 500 });
  server.resume();
  assert.deepEqual(result, { ok: false, error: { kind: "timed-out" } });
});

test("a connection that was cut is resumed: what was not acknowledged is written again, nothing is bound", async () => {
  assert.ok((await runtime.open(opening(server.endpoints.starttls))).ok);
  const binds = await server.binds(ALICE);
  server.pause();
  await runtime.say({ to: `${ALICE}/alcove`, id: "unheard", text: "?" });
  await runtime.cut();
  server.resume();
  const again = await runtime.open(opening(server.endpoints.starttls));
  assert.ok(again.ok && again.value.resumed);
  const seen = await until(({ stanzas }) => stanzas.some((stanza) => stanza.includes("unheard")));
  assert.equal(seen.stanzas.filter((stanza) => stanza.includes("unheard")).length, 1);
  assert.deepEqual(seen.streams, ["resumed"]);
  assert.equal(await server.binds(ALICE), binds);
});

test("a stream that was closed in order is not asked for again", async () => {
  await runtime.close();
  const next = await runtime.open(opening(server.endpoints.starttls));
  assert.ok(next.ok && !next.value.resumed);
});
