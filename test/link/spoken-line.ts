/** A WebSocket between an object's link and a real Prosody, on which a test can say whatever a server should not. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startXmppServer, type XmppServer } from "../xmpp-server/prosody.ts";
import { type LinkRuntime, startLinkRuntime } from "./runtime.ts";
import { AGENT, ALICE } from "./stage.ts";

const ACCOUNT = { name: "alice", password: "wonderland" } as const;
const PROXY_OFFSET = 6;
const SHORT_LENGTH = 126;
const LENGTH_OF_16_BITS = 2 ** 16;

export class SpokenLine {
  readonly runtime: LinkRuntime;
  readonly #state: string;
  readonly #server: XmppServer;
  readonly #proxy: Server;
  readonly #port: number;
  readonly #lines = new Set<Socket>();

  private constructor(state: string, server: XmppServer, runtime: LinkRuntime, basePort: number) {
    this.runtime = runtime;
    this.#state = state;
    this.#server = server;
    this.#port = basePort + PROXY_OFFSET;
    this.#proxy = createServer((socket) => {
      const upstream = connect(basePort + 2, "127.0.0.1");
      this.#lines.add(socket);
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) end.on("error", () => [socket, upstream].map((one) => one.destroy()));
      socket.once("close", () => this.#lines.delete(socket));
    });
  }

  static async lay(basePort: number): Promise<SpokenLine> {
    const state = await mkdtemp(join(tmpdir(), "alcove-spoken-line-"));
    const server = await startXmppServer({ state, basePort, accounts: [ACCOUNT] });
    const line = new SpokenLine(state, server, await startLinkRuntime(server.ca), basePort);
    line.#proxy.listen(line.#port, "127.0.0.1");
    await once(line.#proxy, "listening");
    return line;
  }

  async open(): Promise<void> {
    const opened = await this.runtime.open({
      settings: {
        account: ALICE,
        resource: "alcove",
        userAgent: AGENT,
        endpoints: { localhost: `ws://localhost:${this.#port}/xmpp-websocket` },
        allowedDomains: [],
      },
      credentials: { kind: "password", password: ACCOUNT.password, plain: false },
    });
    assert.ok(opened.ok, JSON.stringify(opened));
  }

  /** Each as one text message (RFC 6455 §5.2), unmasked as servers send them, all in one go. */
  say(...messages: readonly (string | Buffer)[]): void {
    const line = [...this.#lines].at(-1);
    assert.ok(line);
    line.write(Buffer.concat(messages.map((message) => frame(Buffer.from(message)))));
  }

  /** The server's end of it is gone. */
  cut(): void {
    for (const line of this.#lines) line.end();
  }

  async strike(): Promise<void> {
    await this.runtime.dispose();
    for (const line of this.#lines) line.destroy();
    this.#proxy.close();
    await this.#server.stop();
    await rm(this.#state, { recursive: true, force: true });
  }
}

function frame(payload: Buffer): Buffer {
  const { length } = payload;
  if (length < SHORT_LENGTH) return Buffer.concat([Buffer.from([0x81, length]), payload]);
  if (length < LENGTH_OF_16_BITS) return Buffer.concat([Buffer.from([0x81, 126, length >> 8, length & 0xff]), payload]);
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}
