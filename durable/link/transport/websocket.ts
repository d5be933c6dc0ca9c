/** A socket for `@xmpp/websocket` on the runtime's outgoing WebSocket (RFC 7395). */
import { EventEmitter } from "@xmpp/events";
import { LinkFault } from "./fault.ts";
import { Inbox } from "./pace.ts";

/** RFC 7395 §3.1 */
const SUBPROTOCOL = "xmpp";
/** RFC 6455 §7.4.1: "a message that is too big for it to process" */
const MESSAGE_TOO_BIG = 1009;

/**
 * Events: `connect`; `data`, the next text of a message and whether more of the same message follows; `error`; `close`,
 * once.
 */
export class XmppWebSocket extends EventEmitter {
  /** TLS. A clear one exists only to the own machine and never counts as secure. */
  secure = false;
  /** The server has closed it because of a message that was too large. */
  tooLarge = false;
  #socket: WebSocket | undefined;
  #closed = false;
  readonly #inbox = new Inbox((text, more) => this.#take(text, more));

  /** Emits `connect`, or `error` and `close`. */
  connect(uri: string): void {
    const socket = new WebSocket(uri, SUBPROTOCOL);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#closed) return;
      if (socket.protocol !== SUBPROTOCOL) {
        // RFC 7395 §3.1: without the subprotocol this is something else than XMPP.
        this.emit("error", new LinkFault({ kind: "not-xmpp" }));
        this.end();
        return;
      }
      this.secure = uri.startsWith("wss:");
      this.emit("connect");
    });
    socket.addEventListener("message", ({ data }) => {
      if (!this.#closed) this.#inbox.put(typeof data === "string" ? data : undefined);
    });
    socket.addEventListener("error", () => {
      this.#inbox.flush();
      if (this.#closed) return;
      this.emit("error", new Error("WebSocket error"));
      this.#finish(true);
    });
    socket.addEventListener("close", ({ code, wasClean }) => {
      this.#inbox.flush();
      this.tooLarge = !this.#closed && code === MESSAGE_TOO_BIG;
      if (this.tooLarge) this.emit("error", new LinkFault({ kind: "server-error", detail: "stanza-too-big" }));
      this.#finish(!wasClean);
    });
  }

  /** One message (RFC 7395 §3.3). `done` is called at once: the platform keeps the order and tells nothing more. */
  write(text: string, done?: (error?: unknown) => void): void {
    try {
      if (!this.#socket || this.#closed) throw new LinkFault({ kind: "connection-lost" });
      this.#socket.send(text);
      done?.();
    } catch (reason) {
      done?.(reason);
      this.#finish(true);
    }
  }

  end(): void {
    this.#finish(false);
  }

  /** Undefined stands for a binary message. */
  #take(text: string | undefined, more: boolean): void {
    if (text !== undefined) {
      this.emit("data", text, more);
      return;
    }
    // RFC 7395 §3.2: only text messages.
    this.emit("error", new LinkFault({ kind: "server-error", detail: "binary message" }));
    this.end();
  }

  #finish(dirty: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inbox.end();
    this.secure = false;
    this.#socket?.close(1000);
    this.emit("close", dirty);
  }
}
