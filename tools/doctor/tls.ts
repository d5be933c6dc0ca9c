/** TLS as the platform does it - the certificate is checked for the name that is dialled - and what is seen of it. */
import type { Socket } from "node:net";
import { checkServerIdentity, connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { codeOf } from "./asking.ts";

const HANDSHAKE_MS = 8_000;

export type TlsSeen = {
  /** `TLSv1.3` */
  readonly version: string;
  /** Why the platform would not go on: a code of OpenSSL's; undefined: the certificate holds. */
  readonly fault: string | undefined;
  /** The certificate does not name the host that is dialled, whatever else is wrong with it. */
  readonly otherName: boolean;
  /** DNS names it is good for. */
  readonly names: readonly string[];
  /** `Date.now()` of its end. */
  readonly until: number;
  /** What the server chose of the protocols that were offered (RFC 7301). */
  readonly alpn: string | undefined;
};

/** A socket whose certificate may be wrong: nothing secret is for it before `fault` was looked at. */
export type Secured = { readonly socket: TLSSocket; readonly seen: TlsSeen };

/** @throws where there is no TLS to be had, or not in time */
export function handshake(socket: Socket, hostname: string, options: ConnectionOptions = {}): Promise<Secured> {
  return new Promise((resolve, reject) => {
    // The connection is looked at although its certificate is wrong; secrets wait for one that is right.
    const secured = connect({ socket, servername: hostname, rejectUnauthorized: false, ...options });
    const timer = setTimeout(() => secured.destroy(new Error("no answer")), HANDSHAKE_MS);
    secured.once("secureConnect", () => {
      clearTimeout(timer);
      resolve({ socket: secured, seen: seenOf(secured, hostname) });
    });
    secured.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    secured.once("close", () => {
      clearTimeout(timer);
      reject(new Error("closed"));
    });
  });
}

function seenOf(socket: TLSSocket, hostname: string): TlsSeen {
  const certificate = socket.getPeerCertificate();
  const names = (certificate.subjectaltname ?? "").split(", ").flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []);
  const otherName = Object.keys(certificate).length === 0 || checkServerIdentity(hostname, certificate) !== undefined;
  return {
    version: socket.getProtocol() ?? "",
    fault: socket.authorized ? undefined : reasonOf(socket.authorizationError),
    otherName,
    names,
    until: Date.parse(certificate.valid_to ?? ""),
    alpn: socket.alpnProtocol === false || socket.alpnProtocol === null ? undefined : socket.alpnProtocol,
  };
}

/** A string at run time, whatever its type says. */
function reasonOf(reason: unknown): string {
  return typeof reason === "string" ? reason : codeOf(reason);
}
