/** A TCP proxy on loopback whose connections can be cut, reset, held back or slowed down while they carry something. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Ending } from "./plan.ts";

/** `in`: towards whoever dialled; `out`: towards the server. */
type Direction = "in" | "out";

/** Sees every byte of one connection that is passed on, before it is. */
export type Tap = (direction: Direction, bytes: Buffer) => void;

const ADDRESSES = ["127.0.0.1", "::1"];

export class TcpProxy {
  readonly port: number;
  readonly #target: number;
  readonly #tap: (() => Tap) | undefined;
  readonly #lines = new Set<Line>();
  #servers: readonly Server[] = [];
  #delayMs = 0;
  #gate: number | undefined;
  #connections = 0;

  /** @param tap makes a tap for each new connection */
  constructor(port: number, target: number, tap?: () => Tap) {
    this.port = port;
    this.#target = target;
    this.#tap = tap;
  }

  /** Connections that were ever made. */
  get connections(): number {
    return this.#connections;
  }

  /** @throws when the port is taken. */
  async start(): Promise<void> {
    this.#servers = await Promise.all(
      ADDRESSES.map(async (host) => {
        const server = createServer({ noDelay: true }, (socket) => this.#take(socket));
        server.listen({ port: this.port, host });
        await once(server, "listening");
        return server;
      }),
    );
  }

  async stop(): Promise<void> {
    for (const line of this.#lines) line.end("reset");
    await Promise.all(
      this.#servers.map(async (server) => {
        server.close();
        await once(server, "close");
      }),
    );
  }

  /** Ends the connections there are now, once this many more bytes have passed, either way. */
  cut(how: Ending, afterBytes = 0): void {
    for (const line of this.#lines) line.cutAfter(how, afterBytes);
  }

  /**
   * The connections there are now carry nothing any more and nobody is told; new ones are not concerned.
   * @returns how it ends: what was held back is passed on, or lost with the connection
   */
  stall(): (how: "flows-on" | Ending) => void {
    const stalled = [...this.#lines];
    for (const line of stalled) line.hold(true);
    return (how) => {
      for (const line of stalled) {
        if (how === "flows-on") line.hold(false);
        else line.end(how);
      }
    };
  }

  /** Every piece takes this long, in order; of connections made from now on, too. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /**
   * From now on each connection lets so many bytes out, and then takes no more from whoever sends, for as long as that is so: what
   * is larger stops in the middle, and all else goes by. Undefined: everything flows, also what has been held up.
   */
  gate(bytesOut: number | undefined): void {
    this.#gate = bytesOut;
    for (const line of this.#lines) line.gate(bytesOut);
  }

  #take(near: Socket): void {
    this.#connections += 1;
    const far = connect({ port: this.#target, host: "127.0.0.1", noDelay: true });
    const line = new Line(near, far, {
      delayMs: () => this.#delayMs,
      tap: this.#tap?.(),
    });
    line.gate(this.#gate);
    this.#lines.add(line);
    near.once("close", () => this.#lines.delete(line));
  }
}

type LineSettings = {
  readonly delayMs: () => number;
  readonly tap: Tap | undefined;
};

/** One connection: two sockets and what is on its way between them. */
class Line {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #settings: LineSettings;
  readonly #flows: readonly [Flow, Flow];
  #fuse: { readonly how: Ending; left: number } | undefined;

  constructor(near: Socket, far: Socket, settings: LineSettings) {
    this.#near = near;
    this.#far = far;
    this.#settings = settings;
    this.#flows = [
      new Flow(near, far, settings, (bytes) => this.#pass("out", bytes)),
      new Flow(far, near, settings, (bytes) => this.#pass("in", bytes)),
    ];
    for (const socket of [near, far]) {
      // An error is followed by `close`, which ends the other side.
      socket.on("error", () => this.end("reset"));
    }
  }

  cutAfter(how: Ending, bytes: number): void {
    if (bytes === 0) this.end(how);
    else this.#fuse ??= { how, left: bytes };
  }

  hold(held: boolean): void {
    for (const flow of this.#flows) flow.hold(held);
  }

  /** Of what is sent from now on. */
  gate(bytesOut: number | undefined): void {
    this.#flows[0].gate(bytesOut);
  }

  end(how: Ending): void {
    for (const flow of this.#flows) flow.stop();
    for (const socket of [this.#near, this.#far]) {
      if (how === "reset") socket.resetAndDestroy();
      else socket.end(() => socket.destroy());
    }
  }

  #pass(direction: Direction, bytes: Buffer): Buffer {
    const fuse = this.#fuse;
    const passed = fuse ? bytes.subarray(0, fuse.left) : bytes;
    if (fuse) {
      fuse.left -= passed.length;
      if (fuse.left === 0) setImmediate(() => this.end(fuse.how));
    }
    this.#settings.tap?.(direction, passed);
    return passed;
  }
}

/** One direction of a line. */
class Flow {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #settings: Pick<LineSettings, "delayMs">;
  readonly #pass: (bytes: Buffer) => Buffer;
  /** What has arrived and is not passed on; undefined: the end. */
  readonly #waiting: { readonly due: number; readonly bytes: Buffer | undefined }[] = [];
  #held = false;
  /** So many bytes it still takes; undefined: as many as come. */
  #left: number | undefined;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(from: Socket, to: Socket, settings: Pick<LineSettings, "delayMs">, pass: (bytes: Buffer) => Buffer) {
    this.#from = from;
    this.#to = to;
    this.#settings = settings;
    this.#pass = pass;
    from.on("data", (bytes) => this.#take(bytes));
    from.on("end", () => this.#take(undefined));
    from.on("close", () => {
      if (!from.readableEnded) this.#take(undefined);
    });
    to.on("drain", () => this.#takeMore());
  }

  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.#flush();
  }

  gate(bytes: number | undefined): void {
    this.#left = bytes;
    this.#takeMore();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #take(bytes: Buffer | undefined): void {
    this.#waiting.push({ due: performance.now() + this.#settings.delayMs(), bytes });
    this.#flush();
    if (this.#left === undefined || bytes === undefined) return;
    this.#left -= bytes.length;
    // Whoever sends is held up, as where nobody reads.
    if (this.#left <= 0) this.#from.pause();
  }

  #takeMore(): void {
    if (this.#left === undefined || this.#left > 0) this.#from.resume();
  }

  #flush(): void {
    if (this.#held || this.#stopped || this.#timer !== undefined) return;
    for (let next = this.#waiting[0]; next && !this.#stopped; next = this.#waiting[0]) {
      const left = next.due - performance.now();
      if (left > 0) {
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.#flush();
        }, left);
        return;
      }
      this.#waiting.shift();
      if (next.bytes === undefined) this.#to.end();
      else if (this.#to.writable && !this.#to.write(this.#pass(next.bytes))) this.#from.pause();
    }
  }
}
