/** Turns what the runtime and the server say into the kinds of failure that the browser has words for. */
import type { Failure } from "../../worker/contract/failures.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import type { Element } from "@xmpp/xml";
import type { Endpoint } from "./discovery/endpoint.ts";
import { NS_STREAM_CONDITION } from "../xep/namespaces.ts";
import { saysTooLarge } from "../xep/stream-limits.ts";

/** Second looks at an endpoint that could not be used. They send nothing that is secret and end by themselves. */
export interface Probes {
  /** Does the port accept a plain TCP connection? Closed at once, without a byte. */
  tcp(hostname: string, port: number): Promise<boolean>;
  /** Does an https server with a valid certificate answer there, whatever it says? */
  https(hostname: string, port: number): Promise<boolean>;
}

/**
 * The connection did not come to be. The runtime has one text for a refused port and for a certificate that does not
 * hold, so a second look tells them apart.
 */
export async function failureOfDial(endpoint: Endpoint, probes: Probes): Promise<Failure> {
  const { hostname, port } = endpoint;
  switch (endpoint.scheme) {
    case "starttls":
    case "ws":
      return { kind: "refused", detail: hostname };
    case "tls":
      return { kind: (await probes.tcp(hostname, port)) ? "bad-certificate" : "refused", detail: hostname };
    case "wss":
      if (await probes.https(hostname, port)) return { kind: "not-xmpp", detail: hostname };
      return { kind: (await probes.tcp(hostname, port)) ? "bad-certificate" : "refused", detail: hostname };
    default:
      return missingCase(endpoint.scheme);
  }
}

/** TLS inside STARTTLS did not come to be. A cut connection says so; everything else is about the certificate. */
export function failureOfUpgrade(reason: unknown, hostname: string): Failure {
  const text = reason instanceof Error ? reason.message : "";
  return /connection lost|disconnected/i.test(text)
    ? { kind: "connection-lost", detail: hostname }
    : { kind: "bad-certificate", detail: hostname };
}

/** RFC 6120 §4.9: `<stream:error/>`. */
export function failureOfStreamError(element: Element): Failure {
  if (saysTooLarge(element)) return { kind: "server-error", detail: "stanza-too-big" };
  const condition = element
    .getChildElements()
    .find((child) => child.getNS() === NS_STREAM_CONDITION && child.getName() !== "text")
    ?.getName();
  switch (condition) {
    case "conflict":
      return { kind: "stream-replaced" };
    case "host-unknown":
    case "host-gone":
      return { kind: "unknown-domain" };
    case "connection-timeout":
      return { kind: "connection-lost", detail: condition };
    default:
      return { kind: "server-error", detail: condition ?? "undefined-condition" };
  }
}

/** Failures of one endpoint that say nothing about the account: the next endpoint may do. */
const ELSEWHERE: ReadonlySet<Failure["kind"]> = new Set([
  "refused",
  "timed-out",
  "bad-certificate",
  "no-encryption",
  "not-xmpp",
  "connection-lost",
  // A WebSocket that host-meta names may stand before another server, or offer less than the server itself: ejabberd gives
  // and takes tokens over TCP only. SCRAM elsewhere is better than being asked to give the password away.
  "unknown-domain",
  "no-mechanism",
  "only-plain",
]);

/** Whether another endpoint of the domain is worth trying. */
export function isElsewhere({ kind, detail }: Failure): boolean {
  return ELSEWHERE.has(kind) || (kind === "keys-unfit" && detail === "another mechanism");
}

/** What most says what is wrong comes first. */
const TELLING: readonly Failure["kind"][] = [
  "keys-unfit",
  "only-plain",
  "no-mechanism",
  "bad-certificate",
  "no-encryption",
  "not-xmpp",
  "server-error",
  "unknown-domain",
  "connection-lost",
  "timed-out",
  "refused",
];

/** About what a server offers: with a password they say what to do, with kept keys they may be one endpoint's alone. */
const OFFERS: ReadonlySet<Failure["kind"]> = new Set(["only-plain", "no-mechanism", "keys-unfit"]);

/**
 * Of several endpoints that failed, the failure that says most about what is wrong. With `kept` keys nobody is there to read
 * it: what may pass comes before what an endpoint does not offer, which would be the end of trying.
 */
export function mostTelling(failures: readonly Failure[], kept = false): Failure {
  const rank = ({ kind }: Failure): number =>
    (TELLING.includes(kind) ? TELLING.indexOf(kind) : TELLING.length) + (kept && OFFERS.has(kind) ? 100 : 0);
  return failures.toSorted((a, b) => rank(a) - rank(b))[0] ?? { kind: "refused" };
}
