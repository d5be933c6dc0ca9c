/**
 * A scripted server: it plays the steps of SASL 2, Bind 2, tokens and resumption as Prosody 13 and ejabberd 24.12 play
 * them, which no server of this distribution can, and keeps what it was told. It is no XMPP server.
 */
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import type { Element } from "@xmpp/xml";
import type { CertificateFiles } from "../xmpp-server/certificates.ts";
import { HEADER, type Kept, type Script, type World } from "./script.ts";
import { ScriptedStream } from "./scripted-stream.ts";

export interface ScriptedServer {
  /** What clients said inside TLS, headers left out, oldest first. */
  readonly heard: readonly Element[];
  /** The newest element of this name that was heard. */
  last(name: string): Element | undefined;
  tokens(userAgent: string): readonly string[];
  /** Ends all tokens of this client but one. */
  forget(userAgent: string, but: string): void;
  /** Another behaviour from the next connection on. */
  play(script: Script, kept?: Kept): void;
  /** Says this over and over on the newest connection, as fast as it is read, until the answer is called. */
  flood(text: string): () => void;
  close(): Promise<void>;
}

/** Written in one go. */
const FLOOD_LENGTH = 64 * 1024;

export async function startScriptedServer(
  port: number,
  files: CertificateFiles,
  transport: "tls" | "starttls",
): Promise<ScriptedServer> {
  const world: World = { script: {}, kept: undefined, tokens: new Map(), heard: [] };
  const tls = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
  const sockets = new Set<Socket>();
  let newest: Socket | undefined;
  const serve = (socket: Socket): void => {
    newest = socket;
    new ScriptedStream(socket, world);
  };
  const server: Server =
    transport === "tls" ? createTlsServer(tls, serve) : createServer((socket) => upgrade(socket, tls, serve));
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(port, "localhost");
  await once(server, "listening");
  return {
    heard: world.heard,
    last: (name) => world.heard.findLast((element) => element.getName() === name),
    tokens: (userAgent) => world.tokens.get(userAgent) ?? [],
    forget: (userAgent, but) => {
      const left = world.tokens.get(userAgent)?.filter((token) => token === but) ?? [];
      world.tokens.set(userAgent, left);
    },
    play: (script, kept) => {
      world.script = script;
      world.kept = kept;
      world.heard.length = 0;
    },
    flood: (text) => {
      const socket = newest;
      const much = text.repeat(Math.ceil(FLOOD_LENGTH / text.length));
      const pour = () => {
        while (socket?.write(much));
      };
      socket?.on("drain", pour);
      pour();
      return () => socket?.off("drain", pour);
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The clear part of STARTTLS (RFC 6120 §5). */
function upgrade(
  socket: Socket,
  tls: { readonly cert: Buffer; readonly key: Buffer },
  serve: (socket: Socket) => void,
): void {
  let heard = "";
  const onData = (bytes: Buffer): void => {
    const before = heard;
    heard += bytes.toString();
    if (!before.includes("<stream:stream") && heard.includes("<stream:stream")) {
      const starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
      socket.write(`${HEADER}<stream:features>${starttls}</stream:features>`);
    }
    if (!heard.includes("<starttls")) return;
    socket.off("data", onData);
    socket.write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    const secured = new TLSSocket(socket, { isServer: true, ...tls });
    secured.on("error", () => socket.destroy());
    serve(secured);
  };
  socket.on("data", onData);
}
