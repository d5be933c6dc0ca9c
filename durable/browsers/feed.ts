/**
 * The live sockets of the attached browsers. Each remembers in its attachment (which survives hibernation) what it was
 * sent and what it has acknowledged, so a slow browser is served in pages at its own pace and holds nobody up.
 */
import { type BrowserFrame, PING, PONG, type ServerFrame } from "../../worker/contract/frames.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BrowserId, DeviceId, Seq, Time } from "../../worker/contract/names.ts";
import { CONTRACT_UNNAMED } from "../../worker/contract/version.ts";
import type { Browser } from "../store/browser-row.ts";
import { entryFor } from "../log/entry-row.ts";
import type { Log } from "../log/log.ts";

type Attachment = {
  readonly browser: BrowserId;
  readonly device: DeviceId | undefined;
  readonly sent: Seq;
  readonly acked: Seq;
  /** When it came or last acknowledged; its pings the platform answers and counts itself. */
  readonly heardAt: Time;
  /** Since when its page is hidden; undefined while somebody looks at it, and until it has said. */
  readonly hiddenAt: Time | undefined;
  /** It has said itself that somebody looks at it, and no longer. */
  readonly looked?: boolean;
  /** The person lets it tell them of what comes (`visible`); of an attachment from before this, it does not. */
  readonly notifies?: boolean;
  /** What it was told last of whether it does so now. */
  readonly notifying?: boolean;
  /** What it understands; missing in attachments of before this. */
  readonly contract?: number;
};

/** Frames that are not of the first contract, and since which: whoever came before would call them a failure. */
const NEWER: Partial<Record<ServerFrame["type"], number>> = {
  occupants: 2,
  choices: 5,
  typing: 5,
  notifying: 5,
  relayed: 6,
  copy: 6,
};

/** A browser whose socket is no more: how far it had come, and when something was last heard of it. */
export type Gone = Pick<Attachment, "browser" | "acked" | "heardAt">;

type Visible = Omit<Extract<BrowserFrame, { readonly type: "visible" }>, "type">;
type Page = ReturnType<Log["page"]>;
type PageOf = (since: Seq, limit: number) => Page;

/** A browser pings every 25 s; after this it is gone or asleep, and comes back by its cursor. */
const SILENCE_MS = 3 * 60_000;

export class Feed {
  readonly #ctx: DurableObjectState;
  readonly #log: Log;

  constructor(ctx: DurableObjectState, log: Log) {
    this.#ctx = ctx;
    this.#log = log;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Take a socket in; it gets `hello` and what belongs to that, then everything after `since` in pages. */
  attach(
    socket: WebSocket,
    { id, device }: Browser,
    { since, contract }: { readonly since: Seq; readonly contract: number },
    hello: () => readonly ServerFrame[],
  ): void {
    // One socket per browser: an older one belongs to a page that is gone.
    for (const older of this.#ctx.getWebSockets(id)) this.#end(older, "replaced");
    this.#ctx.acceptWebSocket(socket, [id]);
    const start = Math.max(0, since) as Seq;
    write(socket, {
      browser: id,
      device,
      sent: start,
      acked: start,
      heardAt: Date.now(),
      hiddenAt: undefined,
      contract,
    });
    for (const frame of hello()) send(socket, frame);
    this.#serve(socket);
  }

  /** The socket has closed; answers with its browser, unless it was ended by us. */
  detach(socket: WebSocket): Gone | undefined {
    const attachment = read(socket);
    socket.serializeAttachment(null);
    return attachment && { ...attachment, heardAt: this.#heardAt(socket, attachment) };
  }

  /** Browsers with a live socket. */
  attached(): ReadonlySet<BrowserId> {
    return new Set(this.#ctx.getWebSockets().flatMap((socket) => read(socket)?.browser ?? []));
  }

  /** Call after every turn that appended to the log. */
  flush(): void {
    // Browsers that stand at the same entry are sent the same page: it is read and parsed once.
    const pages = new Map<string, Page>();
    const pageOf: PageOf = (since, limit) => {
      const key = `${since} ${limit}`;
      const page = pages.get(key) ?? this.#log.page(since, limit);
      pages.set(key, page);
      return page;
    };
    for (const socket of this.#ctx.getWebSockets()) this.#serve(socket, pageOf);
  }

  /** To every attached browser, behind the entries that it was sent so far. */
  broadcast(frame: ServerFrame, to?: "watched"): void {
    for (const socket of this.#ctx.getWebSockets()) {
      if (to === undefined || isWatched(read(socket))) send(socket, frame);
    }
  }

  /** To one of them. */
  tell(socket: WebSocket, frames: readonly ServerFrame[]): void {
    for (const frame of frames) send(socket, frame);
  }

  /** To the browser of a device, while it is attached. False: nobody was told, or what is there would not know what it is. */
  hand(to: DeviceId, frame: ServerFrame): boolean {
    const knows = ({ contract = CONTRACT_UNNAMED }: Attachment) => contract >= (NEWER[frame.type] ?? 0);
    return this.#ctx.getWebSockets().some((socket) => {
      const attachment = read(socket);
      return attachment?.device === to && knows(attachment) && send(socket, frame);
    });
  }

  /**
   * Tells each browser whether it is the one that tells the person of what comes: of those that may it was looked at last.
   * One event is shown once, where the person was, and nowhere while they look.
   */
  tellNotifying(): void {
    const may = this.#attachments().filter(({ notifies }) => notifies === true);
    const last = this.visible ? undefined : may.toSorted((a, b) => (b.hiddenAt ?? 0) - (a.hiddenAt ?? 0))[0];
    for (const socket of this.#ctx.getWebSockets()) {
      const attachment = read(socket);
      if (attachment === undefined) continue;
      const here = attachment.browser === last?.browser;
      if (here === (attachment.notifying ?? false)) continue;
      write(socket, { ...attachment, notifying: here });
      send(socket, { type: "notifying", here });
    }
  }

  /** The browser has committed everything up to `seq`, believed only of what it was sent: more may follow. */
  acknowledge(socket: WebSocket, seq: Seq): void {
    const attachment = read(socket);
    if (!attachment) return;
    const acked = Math.min(Math.max(seq, attachment.acked), attachment.sent) as Seq;
    write(socket, { ...attachment, acked, heardAt: Date.now() });
    this.#serve(socket);
  }

  /** Whether anybody looks at any of the browsers. */
  get visible(): boolean {
    const attached = this.#attachments();
    return attached.some(({ hiddenAt }) => hiddenAt === undefined);
  }

  /** Whether one of them has said that somebody looks at it. */
  get looked(): boolean {
    return this.#attachments().some(({ looked }) => looked === true);
  }

  /** Since when nobody looks at any of the browsers; undefined while somebody does, or where none is attached. */
  get hiddenSince(): Time | undefined {
    const attached = this.#attachments();
    if (attached.length === 0 || this.visible) return undefined;
    return Math.max(...attached.flatMap(({ hiddenAt }) => hiddenAt ?? []));
  }

  #attachments(): readonly Attachment[] {
    return this.#ctx.getWebSockets().flatMap((socket) => read(socket) ?? []);
  }

  /**
   * Whether the page is looked at, as it says itself (see `visible`), and whether it may tell of what comes. True where
   * somebody looks at it.
   */
  setVisible(socket: WebSocket, { visible, notifies = false }: Visible): boolean {
    const attachment = read(socket);
    if (attachment === undefined) return false;
    const hiddenAt = visible ? undefined : (attachment.hiddenAt ?? Date.now());
    write(socket, { ...attachment, hiddenAt, looked: visible, notifies, heardAt: Date.now() });
    return visible;
  }

  /** The browser registered its device: from now on it is sent the keys addressed to it. */
  setDevice(browser: BrowserId, device: DeviceId): void {
    for (const socket of this.#ctx.getWebSockets(browser)) {
      const attachment = read(socket);
      if (attachment) write(socket, { ...attachment, device });
    }
  }

  /** Whose socket it is; undefined once it counts for nobody. */
  browserOf(socket: WebSocket): BrowserId | undefined {
    return read(socket)?.browser;
  }

  /** Says why (`bye`), then closes its sockets; nothing more is sent to them. */
  end(browser: BrowserId, reason: "signed-out" | "revoked"): void {
    for (const socket of this.#ctx.getWebSockets(browser)) this.#end(socket, reason);
  }

  /** Sockets of tabs that are long gone linger on the platform and would keep the account online for ever: they end. */
  reap(now: Time): readonly Gone[] {
    return this.#ctx.getWebSockets().flatMap((socket) => {
      const attachment = read(socket);
      if (attachment === undefined || this.#heardAt(socket, attachment) > now - SILENCE_MS) return [];
      const gone = this.detach(socket);
      socket.close(1001, "silent");
      return gone ?? [];
    });
  }

  #heardAt(socket: WebSocket, { heardAt }: Attachment): Time {
    return Math.max(heardAt, this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0);
  }

  #end(socket: WebSocket, reason: (ServerFrame & { type: "bye" })["reason"]): void {
    send(socket, { type: "bye", reason });
    // Without an attachment the socket counts for nobody while its close is under way.
    socket.serializeAttachment(null);
    socket.close(1000, reason);
  }

  #serve(socket: WebSocket, pageOf: PageOf = (since, limit) => this.#log.page(since, limit)): void {
    const attachment = read(socket);
    if (!attachment) return;
    let { sent } = attachment;
    const before = sent;
    while (sent < this.#log.head && sent - attachment.acked < LIMITS.windowEntries) {
      const room = Math.min(LIMITS.pageEntries, LIMITS.windowEntries - (sent - attachment.acked));
      const page = pageOf(sent, room);
      const entries = page.entries.map((entry) => entryFor(entry, attachment.device));
      const last = entries.at(-1);
      if (!last || !send(socket, { type: "entries", entries, head: this.#log.head })) break;
      sent = last.seq;
      // A page that is full of bytes rather than of entries is enough until it was acknowledged.
      if (page.full && entries.length < room) break;
    }
    if (sent !== before) write(socket, { ...attachment, sent });
  }
}

/** Until it has said otherwise, somebody looks at it. */
function isWatched(attachment: Attachment | undefined): boolean {
  return attachment !== undefined && attachment.hiddenAt === undefined;
}

function read(socket: WebSocket): Attachment | undefined {
  return (socket.deserializeAttachment() as Attachment | null) ?? undefined;
}

function write(socket: WebSocket, attachment: Attachment): void {
  socket.serializeAttachment(attachment);
}

/** False where the socket is gone already; its close event follows or has been. What its browser cannot know is left out. */
function send(socket: WebSocket, frame: ServerFrame): boolean {
  if (socket.readyState !== WebSocket.OPEN) return false;
  if ((NEWER[frame.type] ?? 0) > (read(socket)?.contract ?? CONTRACT_UNNAMED)) return true;
  try {
    socket.send(JSON.stringify(frame));
    return true;
  } catch {
    // It closed in between. A browser's socket must not make the turn fail that the frame is about.
    return false;
  }
}
