import type { Result } from "../../../worker/contract/failures.ts";

/** Where and how to reach an XMPP server. The certificate is checked for `hostname`, always (RFC 6120 §13.7.2). */
export type Endpoint = {
  /** `starttls://host:port`, `tls://host:port`, `wss://host[:port]/path`, `ws://` on loopback only */
  readonly uri: string;
  readonly scheme: "starttls" | "tls" | "wss" | "ws";
  readonly hostname: string;
  readonly port: number;
};

const DEFAULT_PORTS = { starttls: 5222, tls: 5223, wss: 443, ws: 80 } as const;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Fails with `malformed`; clear-text WebSockets to anything but the own machine fail with `no-encryption`. */
export function parseEndpoint(uri: string): Result<Endpoint> {
  const url = URL.parse(uri);
  const scheme = url?.protocol.slice(0, -1);
  if (!url?.hostname || !isScheme(scheme) || url.username !== "" || url.password !== "") {
    return { ok: false, error: { kind: "malformed", detail: "endpoint" } };
  }
  if (scheme === "ws" && !LOOPBACK.has(url.hostname)) {
    return { ok: false, error: { kind: "no-encryption", detail: url.hostname } };
  }
  const port = url.port === "" ? DEFAULT_PORTS[scheme] : Number(url.port);
  return { ok: true, value: { uri, scheme, hostname: url.hostname, port } };
}

function isScheme(text: string | undefined): text is Endpoint["scheme"] {
  return text !== undefined && Object.hasOwn(DEFAULT_PORTS, text);
}
