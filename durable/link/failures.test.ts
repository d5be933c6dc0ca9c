import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { xml } from "@xmpp/xml";
import { parseEndpoint } from "./discovery/endpoint.ts";
import { failureOfDial, failureOfStreamError, failureOfUpgrade, mostTelling, type Probes } from "./failures.ts";
import { failureOf, LinkFault } from "./transport/fault.ts";
import { NS_STREAM_CONDITION } from "../xep/namespaces.ts";

async function dial(uri: string, open: { readonly tcp: boolean; readonly https: boolean }): Promise<string> {
  const endpoint = parseEndpoint(uri);
  assert.ok(endpoint.ok);
  const probes: Probes = { tcp: async () => open.tcp, https: async () => open.https };
  return (await failureOfDial(endpoint.value, probes)).kind;
}

test("direct TLS that fails on an open port has a bad certificate, on a closed one it is refused", async () => {
  assert.equal(await dial("tls://a.org:5223", { tcp: true, https: false }), "bad-certificate");
  assert.equal(await dial("tls://a.org:5223", { tcp: false, https: false }), "refused");
});

test("wss that fails is no XMPP, a bad certificate or refused, as the second look says", async () => {
  assert.equal(await dial("wss://a.org/ws", { tcp: true, https: true }), "not-xmpp");
  assert.equal(await dial("wss://a.org/ws", { tcp: true, https: false }), "bad-certificate");
  assert.equal(await dial("wss://a.org/ws", { tcp: false, https: false }), "refused");
});

test("STARTTLS begins in clear text, so a failed connection is refused", async () => {
  assert.equal(await dial("starttls://a.org:5222", { tcp: true, https: true }), "refused");
});

test("TLS that fails inside STARTTLS is the certificate, unless the connection was cut", () => {
  assert.equal(failureOfUpgrade(new Error("internal error; reference = abc"), "a.org").kind, "bad-certificate");
  assert.equal(failureOfUpgrade(new Error("Network connection lost."), "a.org").kind, "connection-lost");
});

test("stream errors keep their condition, the ones with words of their own their kind", () => {
  const of = (condition: string) =>
    failureOfStreamError(xml("error", {}, xml(condition, { xmlns: NS_STREAM_CONDITION })));
  assert.deepEqual(of("conflict"), { kind: "stream-replaced" });
  assert.deepEqual(of("host-unknown"), { kind: "unknown-domain" });
  assert.deepEqual(of("system-shutdown"), { kind: "server-error", detail: "system-shutdown" });
  assert.deepEqual(of("see-other-host"), { kind: "server-error", detail: "see-other-host" });
  assert.deepEqual(failureOfStreamError(xml("error")), { kind: "server-error", detail: "undefined-condition" });
});

test("our own faults keep their kind on the way up, everything else is a lost connection", () => {
  assert.deepEqual(failureOf(new LinkFault({ kind: "not-xmpp" })), { kind: "not-xmpp" });
  assert.deepEqual(failureOf(new Error("secret words")), { kind: "connection-lost" });
});

test("of several endpoints the most telling failure is shown", () => {
  assert.equal(
    mostTelling([{ kind: "refused" }, { kind: "bad-certificate" }, { kind: "timed-out" }]).kind,
    "bad-certificate",
  );
  assert.equal(mostTelling([{ kind: "refused" }, { kind: "timed-out" }]).kind, "timed-out");
  assert.equal(mostTelling([]).kind, "refused");
});

test("no file here names another host than the dialled one for the certificate", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  assert.ok(sources.includes(join("transport", "tcp.ts")));
  for (const name of sources)
    assert.doesNotMatch(readFileSync(join(folder, name), "utf8"), /expectedServerHostname/i, name);
});
