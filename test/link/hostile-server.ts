/** Servers that no real server can be made to be: each greets as XMPP and keeps what it was told. */
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { TLSSocket, createServer as createTlsServer } from "node:tls";
import { connect } from "node:net";
import { once } from "node:events";
import type { CertificateFiles } from "../xmpp-server/certificates.ts";

type Heard = {
  /** What came in clear text. */
  clear: string;
  /** What came inside TLS. */
  secured: string;
};

export interface HostileServer {
  readonly heard: Heard;
  close(): Promise<void>;
}

const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " +
  "id='1' from='localhost' version='1.0'>";
export const STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
export const PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
export const PLAIN_ONLY =
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";

/** Greets in clear with these features; answers `<starttls/>` with `proceed` and then offers TLS. */
export async function clearServer(
  port: number,
  features: string,
  tls?: { readonly files: CertificateFiles; readonly proceed: string },
): Promise<HostileServer> {
  const heard: Heard = { clear: "", secured: "" };
  return listen(
    port,
    heard,
    createServer((socket) => greet(socket, heard, features, tls)),
  );
}

/** TLS from the first byte. */
export async function tlsServer(port: number, files: CertificateFiles): Promise<HostileServer> {
  const heard: Heard = { clear: "", secured: "" };
  const server = createTlsServer(read(files), (socket) => {
    socket.on("data", (bytes) => {
      heard.secured += bytes.toString();
      if (heard.secured.includes("HTTP/1.1")) socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    });
    socket.on("error", () => socket.destroy());
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return listen(port, heard, server);
}

/** TLS with a good certificate in front of a clear port. */
export async function tlsProxy(port: number, files: CertificateFiles, target: number): Promise<HostileServer> {
  const server = createTlsServer(read(files), (socket) => {
    const upstream = connect(target, "localhost");
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on("error", () => [socket, upstream].map((one) => one.destroy()));
  });
  return listen(port, { clear: "", secured: "" }, server);
}

/** Says something else than XMPP to whoever connects; an empty text says nothing at all. */
export async function otherServer(port: number, text: string): Promise<HostileServer> {
  const heard: Heard = { clear: "", secured: "" };
  const server = createServer((socket) => {
    socket.on("data", (bytes) => {
      heard.clear += bytes.toString();
    });
    socket.on("error", () => socket.destroy());
    if (text !== "") socket.write(text);
  });
  return listen(port, heard, server);
}

function greet(
  socket: Socket,
  heard: Heard,
  features: string,
  tls: { readonly files: CertificateFiles; readonly proceed: string } | undefined,
): void {
  let greeted = false;
  const onData = (bytes: Buffer): void => {
    heard.clear += bytes.toString();
    if (!greeted && heard.clear.includes("<stream:stream")) {
      greeted = true;
      socket.write(`${HEADER}<stream:features>${features}</stream:features>`);
    }
    if (!tls || !heard.clear.includes("<starttls")) return;
    socket.off("data", onData);
    socket.write(tls.proceed);
    const secured = new TLSSocket(socket, { isServer: true, ...read(tls.files) });
    secured.on("data", (data: Buffer) => {
      heard.secured += data.toString();
    });
    secured.on("error", () => socket.destroy());
  };
  socket.on("data", onData);
  socket.on("error", () => socket.destroy());
}

async function listen(port: number, heard: Heard, server: Server): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(port, "localhost");
  await once(server, "listening");
  return {
    heard,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function read(files: CertificateFiles): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
}
