/** The live socket: one WebSocket to the object, opened again for as long as somebody is signed in. */
import { type BrowserFrame, PING, PONG, type ServerFrame } from "../../../worker/contract/frames.ts";
import type { Cursor, Time } from "../../../worker/contract/names.ts";
import { ROUTES } from "../../../worker/contract/routes.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { learnObjectTime } from "./object-clock.ts";
import type { ConnectionView } from "../protocol/account.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** While the day's allowance is spent each try may be counted, and what is left of one kind is eaten by tries. */
const LONGEST_WAIT_SPENT_MS = 10 * 60_000;
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;
const OPEN_WITHIN_MS = 20_000;
/** For the answer of a socket that may be dead: the network went, or a call did not arrive. */
const DOUBTED_PONG_WITHIN_MS = 4_000;
/** Silence is answered by a ping long before this: where there was none, no timer ran, so the browser or the page has slept. */
const SLEPT_MS = 3 * PING_EVERY_MS;

export type SocketView = Pick<ConnectionView, "socket" | "until" | "offline">;

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether the browser knows that nothing can be reached. A server on this machine can be, without any network. */
function offline(): Pick<SocketView, "offline"> {
  const near = LOOPBACK.has(new URL(globalThis.location.origin).hostname);
  return globalThis.navigator?.onLine === false && !near ? { offline: true } : {};
}

export type LiveHandlers = {
  /** Asked before each try: from where to go on. */
  readonly cursor: () => Promise<Cursor | undefined>;
  /** That this browser asks for it; undefined while it has no key. `target`: method, path and query. */
  readonly proof: (target: string) => Promise<string | undefined>;
  readonly frame: (frame: ServerFrame) => void;
  readonly changed: (view: SocketView) => void;
  /** Whether the deployment's allowance of the day is spent, as far as that is known. */
  readonly spent: () => boolean;
  /** A try ended before the socket was open: offline, or no longer signed in (a browser cannot see which). */
  readonly refused: () => void;
};

/** What the engine needs of the socket; tests put a scripted one in its place. */
export interface Live {
  /** Opens it, and again whenever it was lost, until it is stopped. */
  start(handlers: LiveHandlers): void;
  stop(): void;
  /** Tries again at once; an open socket is checked by a ping. */
  hurry(): void;
  /** Something else has shown that the way may be cut: an open socket has to answer soon. */
  doubt(): void;
  /** Dropped when the socket is not open. */
  send(frame: BrowserFrame): void;
}

export type OpenLive = () => Live;

/** The socket of this page's own origin. */
export const openOriginLive: OpenLive = () => new OriginLive();

class OriginLive implements Live {
  #socket: WebSocket | undefined;
  /** Set while the socket is wanted: who hears of it. */
  #wanted: LiveHandlers | undefined;
  #tries = 0;
  /** Of the next try. */
  #until: Time | undefined;
  #heardAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  /** Pages were told that the socket is away because the network went; it was not closed, and what it receives next shows that it lives. */
  #declared = false;
  readonly #online = () => this.hurry();
  readonly #offline = () => this.#networkLost();

  start(handlers: LiveHandlers): void {
    if (this.#wanted !== undefined) return;
    this.#wanted = handlers;
    globalThis.addEventListener("online", this.#online);
    globalThis.addEventListener("offline", this.#offline);
    drop(this.#dial());
  }

  stop(): void {
    this.#wanted = undefined;
    globalThis.removeEventListener("online", this.#online);
    globalThis.removeEventListener("offline", this.#offline);
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    this.#socket?.close();
    this.#socket = undefined;
  }

  hurry(): void {
    if (this.#wanted === undefined) return;
    const socket = this.#socket;
    // Nobody should wait for the answer of a path that has died in their sleep: a new socket is there sooner.
    if (socket?.readyState === WebSocket.OPEN && Date.now() > this.#heardAt + SLEPT_MS) this.#drop(socket);
    this.#tries = 0;
    if (this.#socket === undefined) {
      clearTimeout(this.#retry);
      drop(this.#dial());
    } else if (this.#socket.readyState === WebSocket.OPEN) {
      this.#ping(this.#socket);
    }
  }

  doubt(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#ping(this.#socket, DOUBTED_PONG_WITHIN_MS);
  }

  /** Said at once, for people look up when the network goes; a socket that lives all the same takes it back. */
  #networkLost(): void {
    this.#declared = true;
    this.#wanted?.changed({
      socket: "waiting",
      ...(this.#until !== undefined && { until: this.#until }),
      offline: true,
    });
    this.doubt();
  }

  send(frame: BrowserFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  async #dial(): Promise<void> {
    const handlers = this.#wanted;
    if (handlers === undefined) return;
    this.#until = undefined;
    this.#declared = false;
    handlers.changed({ socket: "connecting" });
    const url = addressOf(await handlers.cursor());
    const proof = await handlers.proof(`GET ${url.pathname}${url.search}`);
    if (this.#wanted === undefined || this.#socket !== undefined) return;
    if (proof !== undefined) url.searchParams.set("proof", proof);
    const askedAt = Date.now();
    const socket = new WebSocket(url);
    this.#socket = socket;
    let opened = false;
    this.#watchFor(socket, OPEN_WITHIN_MS);
    socket.addEventListener("open", () => {
      opened = true;
      this.#tries = 0;
      this.#watchFor(socket, PING_EVERY_MS);
      if (this.#socket === socket) handlers.changed({ socket: "open" });
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket !== socket) return;
      this.#watchFor(socket, PING_EVERY_MS);
      if (this.#declared) handlers.changed({ socket: "open" });
      this.#declared = false;
      // Not checked: it comes from the very origin whose script this is, in the contract that `hello` names.
      if (typeof data !== "string" || data === PONG) return;
      const frame = JSON.parse(data) as ServerFrame;
      if (frame.type === "hello" && frame.now !== undefined) learnObjectTime(frame.now, askedAt);
      handlers.frame(frame);
    });
    socket.addEventListener("close", () => this.#closed(socket, opened));
  }

  #closed(socket: WebSocket, opened: boolean): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    clearTimeout(this.#watch);
    const handlers = this.#wanted;
    if (handlers === undefined) return;
    const longest = handlers.spent() ? LONGEST_WAIT_SPENT_MS : LONGEST_WAIT_MS;
    const wait = Math.min(longest, FIRST_WAIT_MS * 2 ** this.#tries) * (0.75 + Math.random() / 2);
    this.#tries += 1;
    this.#retry = setTimeout(() => drop(this.#dial()), wait);
    this.#until = Date.now() + wait;
    this.#declared = false;
    handlers.changed({ socket: "waiting", until: this.#until, ...offline() });
    if (!opened) handlers.refused();
  }

  /** Something is heard; silence for `ms` is answered by a ping (when open), silence after that by closing: a dead TCP path says nothing. */
  #watchFor(socket: WebSocket, ms: number): void {
    this.#heardAt = Date.now();
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      if (socket.readyState === WebSocket.OPEN) this.#ping(socket);
      else this.#drop(socket);
    }, ms);
  }

  #ping(socket: WebSocket, withinMs = PONG_WITHIN_MS): void {
    socket.send(PING);
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#drop(socket), withinMs);
  }

  /** `close` waits for the other side's answer, which a dead path never gives. */
  #drop(socket: WebSocket): void {
    socket.close();
    this.#closed(socket, true);
  }
}

function addressOf(cursor: Cursor | undefined): URL {
  const url = new URL(ROUTES.live, globalThis.location.origin);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  url.searchParams.set("epoch", cursor?.epoch ?? "");
  url.searchParams.set("since", String(cursor?.seq ?? 0));
  if (cursor?.id !== undefined) url.searchParams.set("at", cursor.id);
  url.searchParams.set("contract", String(CONTRACT_VERSION));
  return url;
}
