/** What a person may find at a port instead of an XMPP server: silence, a web server, TLS that nobody vouches for. */
import { createServer as createWebServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { readFile } from "node:fs/promises";
import type { CertificateFiles } from "../xmpp-server/certificates.ts";

export interface Impostor {
  /** Bytes that came through what it speaks; TLS counts only once the handshake is done. */
  readonly received: readonly Buffer[];
  stop(): Promise<void>;
}

/** Accepts connections and says nothing. */
export function startSilence(port: number): Promise<Impostor> {
  const received: Buffer[] = [];
  return listening(
    createServer((socket) => keep(socket, received)),
    port,
    received,
  );
}

export function startWebServer(port: number): Promise<Impostor> {
  const server = createWebServer((_request, response) => response.end("<!doctype html><title>Welcome</title>"));
  return listening(server, port, []);
}

/** Speaks TLS from the first byte, with this certificate. */
export async function startTls(port: number, { certificate, key }: CertificateFiles): Promise<Impostor> {
  const received: Buffer[] = [];
  const server = createTlsServer({ cert: await readFile(certificate), key: await readFile(key) });
  server.on("secureConnection", (socket) => keep(socket, received));
  // A client that refuses the certificate ends the handshake; that is what it is here for.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return listening(server, port, received);
}

function keep(socket: Socket, received: Buffer[]): void {
  socket.on("data", (bytes) => received.push(bytes));
  socket.on("error", () => socket.destroy());
}

function listening(server: Server, port: number, received: readonly Buffer[]): Promise<Impostor> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve({ received, stop }));
  });
}
