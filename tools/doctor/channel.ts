/** What carries a stream: a TCP connection that may become TLS, or a WebSocket within TLS. Texts in, texts out. */
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { randomBytes } from "node:crypto";
import type { ConnectionOptions } from "node:tls";
import type { Endpoint } from "../../durable/link/discovery/endpoint.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import { failed } from "../../worker/shared/failed.ts";
import { codeOf } from "./asking.ts";
import { buildFrame, type Frame, FrameReader, OPCODES } from "./frames.ts";
import type { Route } from "./route.ts";
import { handshake, type TlsSeen } from "./tls.ts";

const CONNECT_MS = 5_000;
const UPGRADE_MS = 8_000;
const SWITCHING_PROTOCOLS = 101;

export type Channel = {
  readonly socket: Socket;
  readonly seen: TlsSeen | undefined;
  /** One whole document each (RFC 7395), or any part of the stream (RFC 6120). */
  readonly framed: boolean;
  write(text: string): void;
  listen(onText: (text: string) => void, onEnd: (failure: Failure) => void): void;
  end(): void;
};

/** Fails with `refused`, `timed-out`, `no-encryption` (nothing there speaks TLS as it should), `not-xmpp`. */
export async function dial(endpoint: Endpoint, route: Route, tls?: ConnectionOptions): Promise<Result<Channel>> {
  const { scheme, hostname, port } = endpoint;
  const connected = await openSocket(route, hostname, port);
  if (!connected.ok) return connected;
  if (scheme === "ws") {
    connected.value.destroy();
    return failed("no-encryption", "ws://");
  }
  if (scheme === "starttls") return { ok: true, value: plainChannel(connected.value, undefined) };
  try {
    const { socket, seen } = await handshake(connected.value, hostname, tls);
    return scheme === "tls" ? { ok: true, value: plainChannel(socket, seen) } : await upgraded(endpoint, socket, seen);
  } catch (error) {
    connected.value.destroy();
    return failed("no-encryption", codeOf(error));
  }
}

function openSocket(route: Route, hostname: string, port: number): Promise<Result<Socket>> {
  return new Promise((resolve) => {
    const socket = connect(route(hostname, port));
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(failed("timed-out", hostname));
    }, CONNECT_MS);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve({ ok: true, value: socket });
    });
    // Also afterwards: an error without a listener would end the program.
    socket.on("error", () => {
      clearTimeout(timer);
      resolve(failed("refused", hostname));
    });
  });
}

/** The same bytes, within TLS from now on. @throws as `handshake` does */
export async function secured(channel: Channel, hostname: string, tls?: ConnectionOptions): Promise<Channel> {
  channel.socket.removeAllListeners("data");
  const { socket, seen } = await handshake(channel.socket, hostname, tls);
  return plainChannel(socket, seen);
}

function plainChannel(socket: Socket, seen: TlsSeen | undefined): Channel {
  return {
    ...{ socket, seen, framed: false },
    write: (text) => void socket.write(text),
    listen: (onText, onEnd) => {
      const decoder = new TextDecoder();
      socket.on("data", (bytes: Buffer) => onText(decoder.decode(bytes, { stream: true })));
      socket.on("error", () => onEnd({ kind: "connection-lost" }));
      socket.on("close", () => onEnd({ kind: "connection-lost" }));
    },
    end: () => void socket.end(),
  };
}

function upgraded({ uri, hostname }: Endpoint, socket: Socket, seen: TlsSeen): Promise<Result<Channel>> {
  const url = new URL(uri);
  return new Promise((resolve) => {
    const asked = request({
      createConnection: () => socket,
      path: url.pathname + url.search,
      timeout: UPGRADE_MS,
      headers: {
        ...{ host: url.host, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
        ...{ "sec-websocket-key": randomBytes(16).toString("base64"), "sec-websocket-protocol": "xmpp" },
      },
    });
    const refuse = (kind: "not-xmpp" | "timed-out", detail: string): void => {
      socket.destroy();
      resolve(failed(kind, detail));
    };
    asked.on("upgrade", (answer, _, head) => {
      // RFC 7395 §3.1: without the subprotocol this is something else than XMPP.
      if (answer.statusCode !== SWITCHING_PROTOCOLS || answer.headers["sec-websocket-protocol"] !== "xmpp")
        refuse("not-xmpp", "another subprotocol");
      else resolve({ ok: true, value: framedChannel(socket, seen, head) });
    });
    asked.on("response", (answer) => refuse("not-xmpp", `HTTP ${answer.statusCode}`));
    asked.on("timeout", () => refuse("timed-out", hostname));
    asked.on("error", (error) => refuse("not-xmpp", codeOf(error)));
    asked.end();
  });
}

function framedChannel(socket: Socket, seen: TlsSeen, head: Buffer): Channel {
  const reader = new FrameReader();
  return {
    ...{ socket, seen, framed: true },
    write: (text) => void socket.write(buildFrame(OPCODES.text, Buffer.from(text))),
    listen: (onText, onEnd) => {
      let parts: Buffer[] = [];
      const take = ({ opcode, final, payload }: Frame): void => {
        if (opcode === OPCODES.ping) socket.write(buildFrame(OPCODES.pong, payload));
        else if (opcode === OPCODES.close) onEnd({ kind: "connection-lost", detail: "closed by the server" });
        else if (opcode === OPCODES.text || opcode === OPCODES.continuation) {
          parts.push(payload);
          if (!final) return;
          onText(Buffer.concat(parts).toString("utf8"));
          parts = [];
        }
      };
      const read = (bytes: Buffer): void => {
        try {
          for (const frame of reader.read(bytes)) take(frame);
        } catch {
          // Neither XMPP nor a WebSocket any more.
          onEnd({ kind: "server-error", detail: "WebSocket" });
          socket.destroy();
        }
      };
      socket.on("data", read);
      socket.on("error", () => onEnd({ kind: "connection-lost" }));
      socket.on("close", () => onEnd({ kind: "connection-lost" }));
      if (head.length > 0) read(head);
    },
    end: () => void socket.end(),
  };
}
