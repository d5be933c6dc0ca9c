import assert from "node:assert/strict";
import { test } from "node:test";
import { type Endpoint, parseEndpoint } from "../../durable/link/discovery/endpoint.ts";
import type { FailureKind } from "../../worker/contract/failures.ts";
import { judgeReach, judgeVisit } from "./connections.ts";
import type { TlsSeen } from "./tls.ts";
import type { Visit } from "./visit.ts";

const NOW = Date.parse("2026-11-27");
const DAY_MS = 24 * 60 * 60_000;
const GOOD: TlsSeen = {
  ...{ version: "TLSv1.3", fault: undefined, otherName: false, names: ["a.org"], alpn: undefined },
  until: NOW + 60 * DAY_MS,
};

function endpoint(uri: string): Endpoint {
  const parsed = parseEndpoint(uri);
  assert.ok(parsed.ok);
  return parsed.value;
}

function visitOf(uri: string, more: Partial<Visit> = {}): Visit {
  const offered = { sasl: { mechanisms: [], channelBindings: undefined }, sasl2: undefined };
  return {
    ...{ endpoint: endpoint(uri), hidden: false, tls: GOOD, oldTls: false, alpnOnly: false },
    ...{ outcome: { kind: "offered", offered } as const },
    ...more,
  };
}

const fails = (kind: FailureKind, detail = "a.org") => ({
  ...{ tls: undefined, outcome: { kind: "failed", failure: { kind, detail } } as const },
});
const judged = (visit: Visit, named = true) =>
  judgeVisit(visit, named, false, NOW).map(({ level, id, cure }) => `${level} ${id} ${cure ?? ""}`.trim());

test("D14: each thing that is wrong with a connection has an id and a cure of its own", () => {
  const uri = "tls://a.org:5223";
  const cases: readonly (readonly [Partial<Visit>, string])[] = [
    [{}, "ok certificate"],
    [{ tls: { ...GOOD, fault: "ERR_TLS_CERT_ALTNAME_INVALID", otherName: true } }, "fault certificate certificate"],
    [{ tls: { ...GOOD, fault: "CERT_HAS_EXPIRED" } }, "fault certificate renew"],
    [{ tls: { ...GOOD, fault: "DEPTH_ZERO_SELF_SIGNED_CERT" } }, "fault certificate certificate"],
    [{ hidden: true }, "fault proxy proxy"],
    [{ ...fails("not-xmpp"), alpnOnly: true }, "fault alpn alpn"],
    [fails("no-encryption", "ERR_SSL_UNSUPPORTED_PROTOCOL"), "fault handshake tls-version"],
    [fails("no-encryption", "ERR_SSL_TLSV1_UNRECOGNIZED_NAME"), "fault handshake certificate"],
    [fails("no-encryption", "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL"), "fault handshake alpn"],
    [fails("refused"), "fault refused listen"],
    [fails("timed-out"), "fault timed-out listen"],
    [fails("unknown-domain"), "fault unknown-domain listen"],
  ];
  for (const [more, said] of cases) assert.deepEqual(judged(visitOf(uri, more)), [said]);
  assert.deepEqual(judged(visitOf("starttls://a.org", fails("no-encryption"))), ["fault no-encryption starttls"]);
  assert.deepEqual(judged(visitOf("wss://a.org/ws", fails("not-xmpp"))), ["fault not-xmpp websocket"]);
});

test("D14: a certificate that ends soon, and TLS that is too old beside newer, are warnings", () => {
  const soon = visitOf("tls://a.org:5223", { tls: { ...GOOD, until: NOW + 3 * DAY_MS } });
  assert.deepEqual(judged(soon), ["ok certificate", "warning certificate-ends renew"]);
  assert.deepEqual(judged(visitOf("tls://a.org:5223", { oldTls: true })), [
    "ok certificate",
    "warning old-tls tls-version",
  ]);
});

test("D14: nobody at a place that no record names is nothing", () => {
  assert.deepEqual(judged(visitOf("tls://a.org:5223", fails("refused")), false), ["unseen not-named"]);
});

test("D14: what the page says is what the object tells, one word until something has spoken XMPP (S10)", () => {
  const wrong = { ...GOOD, fault: "ERR_TLS_CERT_ALTNAME_INVALID", otherName: true };
  const said = (...visits: Visit[]) => judgeReach("a.org", visits, undefined).failure?.kind;
  assert.equal(said(visitOf("starttls://a.org", { tls: wrong })), "bad-certificate");
  assert.equal(said(visitOf("tls://a.org:5223", { tls: wrong })), "refused");
  assert.equal(said(visitOf("wss://a.org/ws", fails("not-xmpp"))), "refused");
  assert.equal(said(visitOf("starttls://a.org", fails("refused"))), "refused");
  assert.equal(said(visitOf("wss://a.org/ws", { ...fails("unknown-domain"), tls: GOOD })), "unknown-domain");
  assert.equal(said(visitOf("tls://a.org:5223", { tls: wrong }), visitOf("starttls://a.org")), undefined);
  assert.equal(judgeReach("a.org", [], { kind: "unproven-name", detail: "h.net" }).failure?.kind, "unproven-name");
});
