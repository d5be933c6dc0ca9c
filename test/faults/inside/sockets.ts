/** Imported for its effect: every write to an XMPP server may be the one at which its object loses its memory. */
import { TcpSocket } from "../../../durable/link/transport/tcp.ts";
import { XmppWebSocket } from "../../../durable/link/transport/websocket.ts";
import { step } from "./fuses.ts";
import { objectOf, accountOfPort } from "./wire.ts";

/** Whose connection a socket is: known by the port it dialled. */
const owners = new WeakMap<object, string>();

function own(socket: object, port: number): void {
  const owner = accountOfPort(port);
  if (owner !== undefined) owners.set(socket, owner);
}

function writing(socket: object, write: () => void): void {
  const owner = owners.get(socket);
  const fuse = step(owner, "write");
  if (fuse?.moment === "before") objectOf(owner)?.reset();
  write();
  if (fuse) objectOf(owner)?.reset();
}

/** A method apart from its object, to be called on one later. */
function methodOf<T, Name extends keyof T>(prototype: T, name: Name): T[Name] {
  return prototype[name];
}

const dialTcp = methodOf(TcpSocket.prototype, "connect");
const writeTcp = methodOf(TcpSocket.prototype, "write");
TcpSocket.prototype.connect = function connect(parameters): void {
  own(this, parameters.port);
  dialTcp.call(this, parameters);
};
TcpSocket.prototype.write = function write(text, done): void {
  writing(this, () => writeTcp.call(this, text, done));
};

const dialWeb = methodOf(XmppWebSocket.prototype, "connect");
const writeWeb = methodOf(XmppWebSocket.prototype, "write");
XmppWebSocket.prototype.connect = function connect(uri): void {
  own(this, Number(new URL(uri).port));
  dialWeb.call(this, uri);
};
XmppWebSocket.prototype.write = function write(text, done): void {
  writing(this, () => writeWeb.call(this, text, done));
};
