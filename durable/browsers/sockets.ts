/** Browsers coming and going on their live sockets, and what is told about that: to the other browsers and to the plan. */
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { DeviceId, Seq, Time } from "../../worker/contract/names.ts";
import type { BrowserInfo } from "../../worker/contract/state.ts";
import { CONTRACT_UNNAMED, CONTRACT_VERSION } from "../../worker/contract/version.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Connection } from "../connection/connection.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { type Browser, infoOf } from "../store/browser-row.ts";
import type { Stores } from "../store/stores.ts";
import type { Composing } from "./composing.ts";
import type { Feed, Gone } from "./feed.ts";
import { parseFrame } from "./frames.ts";
import { epochOf, startOf } from "./own-epochs.ts";

/** What the sockets go into. */
export type SocketParts = {
  readonly stores: Stores;
  readonly feed: Feed;
  readonly link: CurrentLink;
  readonly connection: Connection;
  readonly composing: Composing;
  /** Characters of the sealed copy that are kept of one account. */
  readonly copyMost: number;
  /** A browser is there no more that has committed everything up to `acked`. */
  readonly left: (acked: Seq) => void;
};

export class BrowserSockets {
  readonly #stores: Stores;
  readonly #feed: Feed;
  readonly #link: CurrentLink;
  readonly #connection: Connection;
  readonly #composing: Composing;
  readonly #copyMost: number;
  readonly #left: SocketParts["left"];

  constructor({ stores, feed, link, connection, composing, copyMost, left }: SocketParts) {
    this.#stores = stores;
    this.#feed = feed;
    this.#link = link;
    this.#connection = connection;
    this.#composing = composing;
    this.#copyMost = copyMost;
    this.#left = left;
  }

  /** The answer to an upgrade; `query` is `epoch`, `since` and `at`, the cursor of what the browser has, and its `contract`. */
  async attach(browser: Browser, query: URLSearchParams): Promise<Response> {
    const place = { epoch: query.get("epoch"), since: Number(query.get("since")), at: query.get("at") };
    const since = startOf(this.#stores, browser.id, place);
    const { 0: client, 1: server } = new WebSocketPair();
    this.#stores.note(() => this.#stores.browsers.seen(browser.id, Date.now(), since));
    this.#settleCopy();
    const contract = Number(query.get("contract")) || CONTRACT_UNNAMED;
    this.#feed.attach(server, browser, { since, contract }, () => [
      this.#hello(browser),
      ...this.#stores.rooms.pieces(),
    ]);
    await this.changed();
    return new Response(null, { status: 101, webSocket: client });
  }

  /** A frame of a browser; what is no frame of the contract is passed over. */
  message(socket: WebSocket, message: string | ArrayBuffer): void {
    const frame = parseFrame(message);
    if (frame?.type === "visible") {
      const shown = this.#feed.setVisible(socket, frame);
      if (shown) this.#feed.tell(socket, this.#stores.typing.all());
      this.#feed.tellNotifying();
      this.#link.tellActive();
      drop(this.#connection.absence.watched(frame.visible));
    }
    const browser = this.#feed.browserOf(socket);
    if (frame?.type === "typing" && browser !== undefined) this.#composing.say(browser, frame.chat, frame.state);
    if (frame?.type !== "ack" || browser === undefined) return;
    if (frame.epoch === epochOf(this.#stores, browser)) this.#feed.acknowledge(socket, frame.seq);
  }

  /** The socket is closed or broken. */
  left(socket: WebSocket): void {
    this.#noteGone(this.#feed.detach(socket));
    drop(this.changed());
  }

  /** Those whose tabs are long gone. */
  reap(now: Time): void {
    for (const gone of this.#feed.reap(now)) this.#noteGone(gone);
    this.#settleCopy();
    this.#noteAttached();
  }

  /** A copy that somebody wanted deleted a week ago goes; all who are here are told. */
  #settleCopy(): void {
    let gone = false;
    this.#stores.note(() => {
      gone = this.#stores.copy.settle(Date.now());
    });
    if (gone) this.#feed.broadcast({ type: "copy", ...this.#stores.copy.told(this.#copyMost) });
  }

  /** It was here until it was last heard, however much later that is found out. */
  #noteGone(gone: Gone | undefined): void {
    if (gone === undefined) return;
    this.#composing.gone(gone.browser);
    this.#stores.note(() => this.#stores.browsers.seen(gone.browser, gone.heardAt, gone.acked));
    this.#left(gone.acked);
  }

  /** Somebody came or left: all are told, and the plan may be another one. */
  async changed(): Promise<void> {
    this.#noteAttached();
    this.tell();
    await this.#connection.replan();
  }

  /** Tell every browser which browsers there are. */
  tell(): void {
    this.#feed.broadcast({ type: "browsers", browsers: this.#infos(), removed: this.#removed() });
  }

  #noteAttached(): void {
    this.#link.tellActive();
    const { meta } = this.#stores;
    const attached = this.#feed.attached().size > 0;
    this.#feed.tellNotifying();
    this.#stores.note(() => (attached ? meta.delete("left-at") : meta.leave(Date.now())));
  }

  #infos(): readonly BrowserInfo[] {
    const attached = this.#feed.attached();
    const dormant = this.#stores.meta.get("dormant-devices") ?? [];
    return this.#stores.browsers.all().map((browser) => infoOf(browser, attached, dormant));
  }

  #removed(): readonly DeviceId[] {
    return this.#stores.meta.get("removed-devices") ?? [];
  }

  #hello(browser: Browser): ServerFrame {
    const { meta, log, presence, rooms, browsers, choices, copy, pushTargets } = this.#stores;
    return {
      type: "hello",
      contract: CONTRACT_VERSION,
      epoch: epochOf(this.#stores, browser.id),
      head: log.head,
      account: meta.account,
      browser: browser.id,
      state: { ...this.#link.accountState, ...(pushTargets.get(browser.id) === undefined && { unrung: true }) },
      browsers: this.#infos(),
      removed: this.#removed(),
      presence: presence.all(),
      rooms: rooms.infos(),
      choices: choices.info(),
      copy: copy.told(this.#copyMost),
      accepted: browsers.accepted(browser.id),
      now: Date.now(),
      ...(browsers.renewals.wants(browser.id, Date.now()) && { renew: true }),
    };
  }
}
