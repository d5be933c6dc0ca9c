/** What came of dialling: findings about each endpoint, as pure decisions. */
import { mostTelling } from "../../durable/link/failures.ts";
import type { Finding } from "./finding.ts";
import { fault, ok, unless, unseen, warning } from "./finding.ts";
import type { TlsSeen } from "./tls.ts";
import { isUsable, type Visit } from "./visit.ts";
import type { Failure } from "../../worker/contract/failures.ts";

const SOON_MS = 14 * 24 * 60 * 60_000;

/** @param named whether a record or host-meta names the endpoint; else it is only tried because nothing forbids it */
export function judgeVisit(visit: Visit, named: boolean, reached: boolean, now: number): readonly Finding[] {
  const { endpoint, hidden, tls, outcome, alpnOnly, oldTls } = visit;
  const { uri, hostname, scheme } = endpoint;
  const failed = outcome.kind === "failed" ? outcome.failure : undefined;
  if (!named && failed && (failed.kind === "refused" || failed.kind === "timed-out"))
    return [unseen("not-named", `${uri}: nothing there, and no record names it`)];
  if (hidden) {
    const words = `${uri}: every address of ${hostname} is one of Cloudflare's proxy; the platform's sockets refuse those (a server of your own would not)`;
    return [unless(reached, "proxy", words, { host: hostname, cure: "proxy" })];
  }
  if (alpnOnly)
    return [
      unless(reached, "alpn", `${uri}: speaks XMPP only where ALPN asks for it`, { host: hostname, cure: "alpn" }),
    ];
  const alert = failed?.kind === "no-encryption" ? HANDSHAKES[failed.detail ?? ""] : undefined;
  if (alert) return [unless(reached, "handshake", `${uri}: ${alert.words}`, { host: hostname, cure: alert.cure })];
  const about = tls ? judgeTls(visit, tls, reached, now) : [];
  if (failed)
    return [
      ...about,
      unless(reached, failed.kind, `${uri}: ${FAILED[failed.kind] ?? failed.kind}${detailOf(failed)}`, {
        host: hostname,
        cure: cureOf(failed, scheme),
      }),
    ];
  const old = oldTls ? [warning("old-tls", `${uri}: takes TLS 1.0 or 1.1 as well`, { cure: "tls-version" })] : [];
  return [...about, ...old];
}

/** Alerts of the handshake that say what is wrong; codes of OpenSSL's. */
const HANDSHAKES: Readonly<
  Record<string, { readonly words: string; readonly cure: "certificate" | "alpn" | "tls-version" | "listen" }>
> = {
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: { words: "the server has no certificate for this name (SNI)", cure: "certificate" },
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: { words: "wants to be asked by ALPN", cure: "alpn" },
  ERR_SSL_UNSUPPORTED_PROTOCOL: { words: "speaks only TLS older than 1.2", cure: "tls-version" },
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: { words: "speaks only TLS older than 1.2", cure: "tls-version" },
  ERR_SSL_WRONG_VERSION_NUMBER: { words: "does not begin with TLS: perhaps the port of STARTTLS", cure: "listen" },
};

function detailOf({ kind, detail }: Failure): string {
  return detail !== undefined && (kind === "no-encryption" || kind === "not-xmpp" || kind === "server-error")
    ? ` (${detail})`
    : "";
}

const FAILED: Readonly<Partial<Record<Failure["kind"], string>>> = {
  refused: "nothing listens there",
  "timed-out": "no answer",
  "no-encryption": "no TLS to be had",
  "not-xmpp": "what answers is not XMPP",
  "unknown-domain": "the server does not know this domain",
  "connection-lost": "the server ends the connection",
  "server-error": "the server ends the stream by an error",
};

function cureOf({ kind }: Failure, scheme: Visit["endpoint"]["scheme"]) {
  if (kind === "no-encryption") return scheme === "starttls" ? "starttls" : "tls-version";
  return scheme === "wss" && kind !== "refused" && kind !== "timed-out" ? "websocket" : "listen";
}

function judgeTls({ endpoint }: Visit, tls: TlsSeen, reached: boolean, now: number): readonly Finding[] {
  const { uri, hostname } = endpoint;
  const wrong = (words: string, cure: "certificate" | "renew" = "certificate"): Finding =>
    unless(reached, "certificate", `${uri}: ${words}`, { host: hostname, cure });
  const findings: Finding[] = [];
  if (tls.otherName)
    findings.push(
      wrong(`the certificate is not for ${hostname}, which is dialled, but for ${tls.names.join(", ") || "nobody"}`),
    );
  if (tls.fault === "CERT_HAS_EXPIRED") findings.push(wrong("the certificate is over", "renew"));
  else if (tls.fault !== undefined && !tls.otherName)
    findings.push(wrong(`${CHAIN[tls.fault] ?? "the certificate does not hold"} (${tls.fault})`));
  if (findings.length > 0) return findings;
  const days = Math.floor((tls.until - now) / (24 * 60 * 60_000));
  findings.push(ok("certificate", `${uri}: ${tls.version}, the certificate holds for ${hostname} (${days} days)`));
  if (tls.until - now < SOON_MS)
    findings.push(warning("certificate-ends", `${uri}: the certificate ends in ${days} days`, { cure: "renew" }));
  return findings;
}

const CHAIN: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the chain of certificates is incomplete: the intermediate one is not sent",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "an authority that nobody knows, or the intermediate certificate is not sent",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "an authority that only its owner knows",
  CERT_NOT_YET_VALID: "the certificate's time has not begun",
};

/** The sum of it; where there is no way in, with what the page says then. */
export function judgeReach(domain: string, visits: readonly Visit[], otherwise: Failure | undefined): Finding {
  const first = visits.find(isUsable);
  if (first) return ok("reached", `Alcove's object reaches it at ${first.endpoint.uri}`);
  return fault("reached", "Alcove's object reaches no server that proves to be this domain's; the reasons are above", {
    failure: failureOf(domain, visits, otherwise),
  });
}

/**
 * As the object tells it: until something there has spoken XMPP, whatever goes wrong is told by one word, because the
 * domain's owner decides what is dialled (S10).
 */
function failureOf(domain: string, visits: readonly Visit[], otherwise: Failure | undefined): Failure {
  const refused: Failure = { kind: "refused", detail: domain };
  const failures = visits.map((visit) => greetedBy(visit) ?? refused);
  if (failures.every((failure) => failure === refused)) return otherwise ?? refused;
  return mostTelling(failures);
}

/** Why a stream that had begun went no further; undefined where none began. */
function greetedBy({ endpoint, hidden, tls, outcome }: Visit): Failure | undefined {
  const failure = outcome.kind === "failed" ? outcome.failure : undefined;
  if (hidden || failure?.kind === "refused" || failure?.kind === "timed-out") return undefined;
  const wrong = tls?.fault !== undefined;
  if (endpoint.scheme === "starttls") return wrong ? { kind: "bad-certificate", detail: endpoint.hostname } : failure;
  return wrong || failure?.kind === "no-encryption" || failure?.kind === "not-xmpp" ? undefined : failure;
}
