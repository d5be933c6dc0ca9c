/** The three ways to a server, as transports of `@xmpp/client-core`: each knows its URIs, its socket and its framing. */
import Connection from "@xmpp/connection";
import WebSocketConnection from "@xmpp/websocket/lib/Connection.js";
import { Parser, type Element } from "@xmpp/xml";
import { parseEndpoint, type Endpoint } from "../discovery/endpoint.ts";
import { NS_CLIENT, NS_STREAM } from "../../xep/namespaces.ts";
import { TcpSocket, type TcpParameters } from "./tcp.ts";
import { XmppWebSocket } from "./websocket.ts";

/** RFC 6120 §4: one XML document per direction. The package's own TCP transport needs Node's sockets. */
class StreamConnection extends Connection {
  override headerElement(): Element {
    const element = super.headerElement();
    element.name = "stream:stream";
    element.attrs["xmlns:stream"] = NS_STREAM;
    return element;
  }

  override header(element: Element): string {
    return `<?xml version='1.0'?>${element.toString().replace(/\/>$/, ">")}`;
  }

  override footer(): string {
    return "</stream:stream>";
  }
}

/** RFC 6120 §5 */
class StartTlsTransport extends StreamConnection {
  override socketParameters(uri: string): TcpParameters | undefined {
    return tcpParameters(uri, "starttls", "starttls");
  }
}

/** XEP-0368 */
class DirectTlsTransport extends StreamConnection {
  override socketParameters(uri: string): TcpParameters | undefined {
    return tcpParameters(uri, "tls", "on");
  }
}

/** RFC 7395 */
class WebSocketTransport extends WebSocketConnection {
  override socketParameters(uri: string): string | undefined {
    const endpoint = parseEndpoint(uri);
    return endpoint.ok && (endpoint.value.scheme === "wss" || endpoint.value.scheme === "ws") ? uri : undefined;
  }
}

// `Client` takes these from the prototype.
for (const Transport of [StartTlsTransport, DirectTlsTransport]) {
  Transport.prototype.Socket = TcpSocket;
  Transport.prototype.Parser = Parser;
  Transport.prototype.NS = NS_CLIENT;
}
WebSocketTransport.prototype.Socket = XmppWebSocket;

export const TRANSPORTS: readonly (typeof Connection)[] = [WebSocketTransport, DirectTlsTransport, StartTlsTransport];

function tcpParameters(
  uri: string,
  scheme: Endpoint["scheme"],
  secureTransport: TcpParameters["secureTransport"],
): TcpParameters | undefined {
  const endpoint = parseEndpoint(uri);
  if (!endpoint.ok || endpoint.value.scheme !== scheme) return undefined;
  return { hostname: endpoint.value.hostname, port: endpoint.value.port, secureTransport };
}
