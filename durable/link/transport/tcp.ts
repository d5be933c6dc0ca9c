/** A socket for `@xmpp/connection` on the runtime's TCP API. */
import { EventEmitter } from "@xmpp/events";
import { connect } from "cloudflare:sockets";
import { drop } from "../../../worker/shared/drop.ts";
import { LinkFault } from "./fault.ts";
import { Pace } from "./pace.ts";

export type TcpParameters = {
  readonly hostname: string;
  readonly port: number;
  /** `on`: TLS from the first byte. `starttls`: clear text until `upgrade`. */
  readonly secureTransport: "on" | "starttls";
};

/** Time for the last bytes to leave before the socket is cut. */
const FLUSH_MS = 1_000;

/**
 * Events: `connect`; `data` with text; `error`; `close`, once, when the reader ends or throws, which is the only
 * reliable sign that a connection is dead (`closed` resolves on upgrades and on resets alike). The runtime checks the
 * certificate for the name that was dialled. Its option for another name is not used: it works in local development
 * only.
 */
export class TcpSocket extends EventEmitter {
  secure = false;
  #socket: Socket | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #pump: Promise<void> = Promise.resolve();
  #written: Promise<void> = Promise.resolve();
  #held = false;
  #closed = false;
  readonly #encoder = new TextEncoder();
  readonly #pace = new Pace();

  /** Emits `connect`, or `error` and `close`. */
  connect(parameters: TcpParameters): void {
    const { hostname, port, secureTransport } = parameters;
    const socket = connect({ hostname, port }, { secureTransport, allowHalfOpen: false });
    drop(socket.closed.catch(seenByReader));
    this.#socket = socket;
    drop(this.#opened(socket, secureTransport === "on"));
  }

  /** In the order of the calls. `done` is called when the platform has taken the bytes, or with why not. */
  write(text: string, done?: (error?: unknown) => void): void {
    const bytes = this.#encoder.encode(text);
    this.#written = this.#written.then(async () => {
      try {
        if (!this.#writer) throw new LinkFault({ kind: "connection-lost" });
        await this.#writer.write(bytes);
        done?.();
      } catch (reason) {
        done?.(reason);
        this.#finish(true, reason);
      }
    });
  }

  /** Closes when the last bytes have left, or after a second. */
  end(): void {
    drop(this.#end());
  }

  /**
   * Read no further than the chunk that is being handed out. To be called from within `data`, when `<proceed/>` was
   * seen: a byte read after it and before TLS is an attacker's (CVE-2011-0411).
   */
  hold(): void {
    this.#held = true;
  }

  /** Nothing is read until `upgrade`. */
  get held(): boolean {
    return this.#held;
  }

  /** Start TLS on a held socket. Rejects with the runtime's own words; then the socket is unusable. */
  async upgrade(): Promise<void> {
    const clear = this.#socket;
    if (!clear || !this.#held || this.secure) throw new Error("upgrade of a socket that is not held");
    await this.#pump;
    await this.#written;
    this.#reader?.releaseLock();
    this.#writer?.releaseLock();
    this.#reader = undefined;
    this.#writer = undefined;
    const tls = clear.startTls();
    drop(tls.closed.catch(seenByReader));
    this.#socket = tls;
    await tls.opened;
    this.secure = true;
    this.#held = false;
    this.#attach(tls);
  }

  async #opened(socket: Socket, secure: boolean): Promise<void> {
    try {
      await socket.opened;
    } catch (reason) {
      this.emit("error", reason);
      this.#finish(true, reason);
      return;
    }
    if (this.#closed) return;
    this.secure = secure;
    this.#attach(socket);
    this.emit("connect");
  }

  #attach(socket: Socket): void {
    this.#reader = socket.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    this.#writer = socket.writable.getWriter() as WritableStreamDefaultWriter<Uint8Array>;
    this.#pump = this.#read(this.#reader);
    drop(this.#pump);
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    // One decoder per TLS layer: a character may be split between chunks, never between layers (RFC 6120 §11.6).
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
    while (!this.#held) {
      let chunk: ReadableStreamReadResult<Uint8Array>;
      try {
        chunk = await reader.read();
      } catch (reason) {
        this.#finish(true, reason);
        return;
      }
      if (this.#closed) return;
      if (chunk.done) {
        this.#finish(false);
        return;
      }
      let text: string;
      try {
        text = decoder.decode(chunk.value, { stream: true });
      } catch (reason) {
        this.emit("error", new LinkFault({ kind: "server-error", detail: "unsupported-encoding" }));
        this.#finish(true, reason);
        return;
      }
      if (text !== "") this.emit("data", text);
      if (!this.#held) await this.#pace.after(text.length);
      if (this.#closed) return;
    }
  }

  async #end(): Promise<void> {
    const flushed = Promise.race([this.#written, new Promise((resolve) => setTimeout(resolve, FLUSH_MS))]);
    await flushed;
    this.#finish(false);
  }

  #finish(dirty: boolean, reason?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.secure = false;
    if (this.#socket) drop(this.#socket.close().catch(seenByReader));
    this.emit("close", dirty, reason);
  }
}

/** The reader tells the end of the connection; a rejection of `closed` or `close` adds nothing. */
function seenByReader(): undefined {
  return undefined;
}
