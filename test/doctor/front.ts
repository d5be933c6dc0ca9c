/** What stands before an XMPP server on port 443: the domain's own web server with host-meta, and the way to the WebSocket. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { connect } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { CertificateFiles } from "../xmpp-server/certificates.ts";

/** @param documents path → body; everything else is a 404 */
export async function startFront(
  port: number,
  { certificate, key }: CertificateFiles,
  documents: Readonly<Record<string, string>>,
  webSockets: number,
): Promise<Server> {
  const server = createServer({ cert: await readFile(certificate), key: await readFile(key) }, (request, response) => {
    const body = documents[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/octet-stream" });
    response.end(body);
  });
  server.on("upgrade", (request, socket, head) => {
    const behind = connect(webSockets, "127.0.0.1", () => {
      const headers = request.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
      behind.write(`GET ${request.url} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
      behind.write(head);
      behind.pipe(socket).pipe(behind);
    });
    for (const end of [behind, socket]) end.on("error", () => [behind, socket].map((one) => one.destroy()));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** A port 443 that web pages and XMPP share: who does not ask for XMPP by ALPN (RFC 7301) gets a page's refusal. */
export async function startShared(port: number, files: CertificateFiles, xmpp: number): Promise<TlsServer> {
  const [cert, key] = await Promise.all([readFile(files.certificate), readFile(files.key)]);
  const server = createTlsServer({ cert, key, ALPNProtocols: ["xmpp-client", "http/1.1"] }, (socket) => {
    if (socket.alpnProtocol !== "xmpp-client") {
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      return;
    }
    const behind = connect(xmpp, "127.0.0.1");
    for (const end of [behind, socket]) end.on("error", () => [behind, socket].map((one) => one.destroy()));
    behind.pipe(socket).pipe(behind);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
