import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { personWith } from "../testing/person.ts";
import { type Host, scriptHosts } from "../testing/sockets.ts";
import { InMemoryStream } from "../testing/stream-memory.ts";
import type { SrvAnswer } from "../../worker/network/resolver.ts";
import type { Credentials } from "./sasl/credentials.ts";

// After the hook that plays the platform's sockets.
const { reach } = await import("./reach.ts");
const { untilFeatures } = await import("./negotiate.ts");

const ME = "me@a.org" as BareJid;
const PASSWORD: Credentials = personWith("secret");
const KEPT = { kind: "fast" } as Credentials;
const HEADER =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' from='a.org' version='1.0'>";
const STARTTLS = `${HEADER}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>`;
const PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const HOST_UNKNOWN = `${HEADER}<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
/** XMPP, but its certificate does not hold for the name. */
const WRONG_NAME: Host = [STARTTLS, PROCEED];

type World = { readonly hosts: Readonly<Record<string, Host>>; readonly target?: string; readonly port?: number };

/** What is told, and which places were dialled. */
async function tell({ hosts, target = "xmpp.a.org", port = 5_222 }: World, credentials = PASSWORD): Promise<unknown> {
  const dialled = scriptHosts(hosts);
  const found: SrvAnswer = {
    kind: "found",
    authenticated: false,
    records: [{ priority: 0, weight: 0, port, target }],
  };
  const result: Result<unknown> = await reach(
    {
      account: ME,
      resource: "alcove",
      userAgent: "x",
      endpoints: {},
      allowedDomains: [],
      ports: [[8_000, 9_000]],
      resolver: {
        fetchText: async () => undefined,
        srv: async (name) => (name.startsWith("_xmpp-client.") ? found : { kind: "none" }),
        addresses: async () => ({ kind: "found", addresses: ["1.1.1.1"] }),
      },
      memory: new InMemoryStream(),
      limit: { load: () => undefined, save: () => undefined },
      stepTimeoutMs: 50,
    },
    credentials,
    AbortSignal.timeout(5_000),
    () => undefined,
    (stream) => untilFeatures(stream, () => undefined),
  );
  return { error: result.ok ? undefined : result.error, dialled: [...dialled] };
}

const ALL = ["xmpp.a.org:5222", "a.org:5223", "a.org:5222"];
const UNREACHED = { kind: "refused", detail: "a.org" };

test("A2: a server whose certificate does not hold is passed over, the domain itself comes last", async () => {
  const hosts = { "xmpp.a.org:5222": WRONG_NAME, "a.org:5222": WRONG_NAME };
  assert.deepEqual(await tell({ hosts }), { error: { kind: "bad-certificate", detail: "xmpp.a.org" }, dialled: ALL });
});

test("A10: a server that does not know the domain is passed over, and told only where no other says more", async () => {
  assert.deepEqual(await tell({ hosts: { "xmpp.a.org:5222": [HOST_UNKNOWN] } }), {
    error: { kind: "unknown-domain" },
    dialled: ALL,
  });
  assert.deepEqual(await tell({ hosts: { "xmpp.a.org:5222": [HOST_UNKNOWN], "a.org:5222": WRONG_NAME } }), {
    error: { kind: "bad-certificate", detail: "a.org" },
    dialled: ALL,
  });
});

for (const [what, host] of [
  ["nothing listens", "refused"],
  ["something listens and is silent", "silent"],
  ["another protocol answers", ["SSH-2.0-OpenSSH_9.9\r\n"]],
  ["a web server answers", ["HTTP/1.1 400 Bad Request\r\n\r\n<!DOCTYPE html>"]],
  ["another root element answers", ["<html><body>"]],
] as const) {
  test(`S10: where ${what} at the port that a record names, one word is told`, async () => {
    const told = await tell({ hosts: { "db.a.org:8080": host }, target: "db.a.org", port: 8_080 });
    assert.deepEqual(told, { error: UNREACHED, dialled: ["db.a.org:8080", "a.org:5223", "a.org:5222"] });
  });
}

test("a name that nobody vouches for is told to whoever signs in, where the domain itself is no server", async () => {
  const world = { hosts: {}, target: "xmpp.hosting.net" };
  const dialled = ALL.slice(1);
  assert.deepEqual(await tell(world), { error: { kind: "unproven-name", detail: "xmpp.hosting.net" }, dialled });
  assert.deepEqual(await tell(world, KEPT), { error: UNREACHED, dialled });
});
