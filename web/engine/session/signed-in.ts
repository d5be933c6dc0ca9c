/**
 * A signed-in account at work: log, outbox, device and socket put together. It exists from sign-in (or from the start, when
 * this browser is signed in) to sign-out. Each part is made of those above it, and none does anything before `start`.
 */
import type { TypingState } from "../../../worker/contract/frames.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomInfo } from "../../../worker/contract/rooms.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { SPENT } from "../../../worker/shared/spent-quota.ts";
import { type Account, accountOf } from "../account.ts";
import type { Delays } from "../delays.ts";
import { Choices } from "../choices/choices.ts";
import { bindBrowserKey } from "../object/bind-key.ts";
import { proofFor } from "../object/browser-key.ts";
import type { Remote } from "../object/calls.ts";
import { watchedCalls } from "../object/watched-calls.ts";
import type { Live, LiveHandlers, OpenLive, SocketView } from "../object/socket.ts";
import type { Engine, EngineEvent } from "../protocol/engine.ts";
import type { CostlyMessages } from "../reading/costly.ts";
import { Proofs } from "../reading/proofs.ts";
import { ReadPositions } from "../reading/read-positions.ts";
import { Sync } from "../reading/sync.ts";
import { Telling } from "../reading/telling.ts";
import { Rooms } from "../rooms/rooms.ts";
import { Outbox } from "../sending/outbox.ts";
import type { Loss } from "../store/store.ts";
import { Views } from "../views/views.ts";
import { Connection } from "./connection.ts";
import { Keeping } from "./keeping.ts";
import type { LoadLater } from "./later.ts";
import type { OpenedDevice } from "./device.ts";
import { noteArchive } from "./no-archive.ts";
import { Sealed } from "./sealed.ts";

/** After entries could not be stored, so long until they are read again. */
const STALLED_MS = 10_000;

export type SignedInParts = {
  readonly delays: Delays;
  readonly later: LoadLater;
  readonly remote: Remote;
  readonly openLive: OpenLive;
  readonly emit: (event: EngineEvent) => void;
  /** The object ended the session, or no longer knows the cookie. */
  readonly ended: (because: "revoked" | "expired") => void;
  readonly lost: (why: Loss) => void;
  /** The socket has said hello. */
  readonly attached: () => void;
  /** The object has told these rooms. */
  readonly roomsTold: (rooms: readonly BareJid[]) => void;
};

export class SignedInAccount {
  readonly account: Account;
  readonly views: Views;
  readonly rooms: Rooms;
  readonly outbox: Outbox;
  readonly read: ReadPositions;
  readonly choices: Choices;
  readonly sealed: Sealed;
  readonly keeping: Keeping;
  readonly connection: Connection;
  readonly #telling: Telling;
  readonly #proofs: Proofs;
  readonly #live: Live;
  readonly #sync: Sync;
  readonly #parts: SignedInParts;
  #costly: CostlyMessages | undefined;
  #visible = false;
  #notifies = false;
  /** Nobody looks, and this browser is rung: it needs no socket. */
  #rests = false;
  #stalled: ReturnType<typeof setTimeout> | undefined;

  constructor({ self, store }: OpenedDevice, parts: SignedInParts) {
    this.#parts = parts;
    const account = accountOf(
      self,
      store,
      watchedCalls(parts.remote.as(self.browser), () => this.#live.doubt()),
      parts.delays,
    );
    this.account = account;
    this.views = new Views(account, parts.emit);
    account.live.lettingInChanged = () => this.views.noticesChanged();
    account.live.tell = parts.emit;
    this.rooms = new Rooms(account);
    this.outbox = new Outbox(account, this.rooms);
    this.#telling = new Telling(account);
    this.choices = new Choices(account);
    this.sealed = new Sealed(account, this.choices, this.outbox, parts.later);
    this.read = new ReadPositions(account, this.#telling);
    store.onCommit(({ held }) => held && this.#costly === undefined && store.inBackground(this.#openCostly()));
    this.#proofs = new Proofs(account);
    this.keeping = new Keeping(account, this.outbox, parts.later, () => this.connection.changed());
    this.connection = new Connection(account, this.keeping, parts.emit);
    this.#live = parts.openLive();
    this.#sync = new Sync(account, {
      send: (frame) => this.#live.send(frame),
      stateChanged: () => this.#stateChanged(),
      devicesChanged: (jid) => this.#devicesChanged(jid),
      roomsTold: (rooms, all) => this.#roomsTold(rooms, all),
      presenceChanged: (jids) => this.#presenceChanged(jids),
      typingTold: ({ chat, who }) => parts.emit({ type: "typing", chat, who }),
      choicesTold: async (revision, choices, all) => {
        await this.choices.told(revision, choices, all);
        this.sealed.heard(all);
      },
      occupantsTold: async (told) => {
        if (await this.rooms.tellOccupants(told)) this.#roomChanged([told.room]);
      },
      caughtUp: () => this.keeping.tell("caughtUp"),
      copyTold: () => this.keeping.tell("copyTold"),
      attached: (renew) => this.#attached(renew),
      stalled: () => this.#stall(),
      bye: (reason) => this.#bye(reason),
    });
    drop(store.lost.then(parts.lost));
  }

  start(): void {
    const { store } = this.account;
    if (!this.#rests) this.#live.start(this.#handlers);
    store.inBackground(this.#openCostly());
    this.keeping.start();
    store.inBackground(this.#fillSheets());
  }

  /** Nobody waits for it, so what does it is in the second script; where that cannot be had, with the next that is held. */
  async #openCostly(): Promise<void> {
    const part = await this.#parts.later();
    if (part === undefined || this.account.store.closed) return;
    this.#costly ??= new part.CostlyMessages(this.account);
    this.#costly.wake();
  }

  /** Once for each database, so what does it is in the second script; where that cannot be had, at the next start. */
  async #fillSheets(): Promise<void> {
    await (await this.#parts.later())?.fillSheets(this.account.store);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#stalled);
    this.#live.stop();
    this.outbox.stop();
    this.keeping.stop();
    this.#telling.stop();
    this.sealed.stop();
    this.#costly?.stop();
    this.#proofs.stop();
    this.#sync.stop();
    await this.account.store.close();
  }

  /**
   * Whether somebody looks at a page of this browser, and whether it may tell them of what comes while nobody does; `rests`: and is rung
   * for it, so that until somebody looks it has no socket.
   */
  setVisible(visible: boolean, { on, rests = false }: Parameters<Engine["notifies"]>[0]): void {
    const came = visible && !this.#visible;
    // The page may be gone in a moment.
    if (!visible && this.#visible) this.sealed.flush();
    this.#visible = visible;
    this.#notifies = on;
    if (this.#rests !== (rests && !visible)) {
      this.#rests = !this.#rests;
      if (this.#rests) this.#live.stop();
      else this.#live.start(this.#handlers);
    }
    this.#sayVisible();
    if (came) this.#live.hurry();
  }

  #sayVisible(): void {
    this.#live.send({ type: "visible", visible: this.#visible, notifies: this.#notifies });
  }

  /** Dropped where the socket is not open: it would come too late. */
  typing(chat: BareJid, state: TypingState): void {
    this.#live.send({ type: "typing", chat, state });
  }

  /** Tries the socket, the link and the outbox at once. */
  async reconnect(): Promise<void> {
    this.#live.hurry();
    await this.account.remote.call("reconnect", {});
    this.outbox.hurry();
    await this.keeping.here();
  }

  /** The same after a sign-in, which has opened the link already. */
  hurry(): void {
    this.#live.hurry();
    this.outbox.hurry();
  }

  readonly #handlers: LiveHandlers = {
    cursor: () => this.#sync.cursor(),
    proof: (target) => proofFor(this.account.self.browser, target, ""),
    frame: (frame) =>
      this.account.store.inBackground(frame.type === "relayed" ? this.keeping.heard(frame) : this.#sync.frame(frame)),
    changed: (view) => this.#socketChanged(view),
    spent: () => this.connection.view.spent === true,
    refused: () => this.account.store.inBackground(this.#checkSession()),
  };

  /** Lists change unheard while the socket is away: what leaves meanwhile asks for them. */
  #socketChanged(view: SocketView): void {
    const { directory } = this.account;
    if (view.socket !== "open") directory.endHearing();
    // The browser said that there is no network, and yet the socket has lived on: all that was said was heard.
    else if (this.connection.view.socket === "waiting") directory.beginHearing();
    this.connection.socketChanged(view);
  }

  #attached(renew: boolean): void {
    this.#sayVisible();
    drop(bindBrowserKey(this.account.remote, this.account.self.browser));
    // Not answered: the object says so again at the next socket.
    if (renew) drop(this.account.remote.renew());
    this.keeping.tell("ownDevicesChanged");
    this.outbox.hurry();
    this.#telling.soon();
    this.choices.wake();
    this.sealed.look();
    this.#parts.attached();
  }

  #stateChanged(): void {
    const { live } = this.account;
    this.keeping.tell("linkChanged");
    if (live.linked) {
      this.outbox.hurry();
      this.#telling.soon();
      this.#proofs.wake();
    }
    this.account.store.inBackground(noteArchive(this.account));
    this.connection.changed();
    this.views.noticesChanged();
  }

  /** Of contacts alone is it shown; all of them may come at once. */
  #presenceChanged(jids: readonly BareJid[]): void {
    const { contacts, chats } = this.account.cache;
    this.views.chatsChanged(jids.filter((jid) => contacts.has(jid) || chats.has(jid)));
  }

  #devicesChanged(jid: BareJid): void {
    this.#proofs.changed(jid);
    if (jid === this.account.self.jid) {
      this.keeping.tell("ownDevicesChanged");
      this.sealed.look();
    } else {
      this.outbox.pump();
      this.account.store.inBackground(this.#meetNewcomers(jid));
    }
    this.#parts.emit({ type: "devices", jid });
  }

  async #meetNewcomers(jid: BareJid): Promise<void> {
    if (await (await this.keeping.here())?.own.meetNewcomers(jid)) this.views.chatsChanged([jid]);
  }

  async #roomsTold(rooms: readonly RoomInfo[], all: boolean): Promise<void> {
    await this.rooms.tell(rooms, all);
    this.#roomChanged(rooms.map(({ jid }) => jid));
  }

  #roomChanged(jids: readonly BareJid[]): void {
    this.views.chatsChanged(jids);
    this.outbox.pump();
    this.#parts.roomsTold(jids);
  }

  #stall(): void {
    this.#live.stop();
    this.#stalled = setTimeout(() => this.start(), STALLED_MS);
  }

  #bye(reason: "signed-out" | "revoked" | "replaced"): void {
    // Another socket of this browser took over; the writer generation settles which engine goes on.
    if (reason === "replaced") return;
    this.#parts.ended(reason === "revoked" ? "revoked" : "expired");
  }

  /** A browser cannot see why a WebSocket was refused, so a call asks. It also opens the object's sign-in data. */
  async #checkSession(): Promise<void> {
    const answer = await this.account.remote.call("unlock", {});
    this.connection.quotaIs(!answer.ok && answer.error.kind === "offline" && answer.error.detail === SPENT);
    if (answer.ok) return;
    if (answer.error.kind === "revoked") this.#parts.ended("revoked");
    if (answer.error.kind === "not-signed-in" || answer.error.kind === "wrong-account") this.#parts.ended("expired");
  }
}
