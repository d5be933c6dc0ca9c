/**
 * A signed-in account at work: database, log, outbox, device and socket put together. It exists from sign-in (or from
 * the start, when this browser is signed in) to sign-out.
 */
import type { BareJid, BrowserId, Position } from "../../../worker/contract.ts";
import { Account } from "../account.ts";
import { DeviceKeeper } from "../devices/publication.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { History } from "../reading/history.ts";
import type { Live, OpenLive, SocketView } from "../object/socket.ts";
import { adoptKeys } from "../omemo/adopt-keys.ts";
import type { DeviceKeys } from "../omemo/identity.ts";
import { markBehind } from "../object/send-counter.ts";
import { Outbox } from "../sending/outbox.ts";
import { Rooms } from "../rooms/rooms.ts";
import { Receipts } from "../reading/receipts.ts";
import { type ConnectionView, type EngineEvent, NOTHING_READ } from "../protocol.ts";
import type { Remote } from "../object/calls.ts";
import { type Database, openAccount, takeOver } from "../store/database.ts";
import { changeChat, chatOf, moveReadTo } from "../store/messages.ts";
import { Unit } from "../store/unit.ts";
import { Sync } from "../reading/sync.ts";
import { Views } from "../views/views.ts";
import type { IdentityRow } from "../store/device-rows.ts";

/** Until what could not be stored is asked for again. */
const STALLED_MS = 10_000;

export type DeskParts = {
  readonly account: BareJid;
  readonly browser: BrowserId;
  readonly remote: Remote;
  readonly openLive: OpenLive;
  readonly emit: (event: EngineEvent) => void;
  /** The object ended the session, or no longer knows the cookie. */
  readonly ended: (because: "revoked" | "expired") => void;
  /** `superseded`: another engine writes to the database. `closed`: it was taken away from under us. */
  readonly lost: (why: "superseded" | "closed") => void;
  /** The socket has said hello. */
  readonly attached: () => void;
  /** These rooms are not what they were. */
  readonly roomsTold: (rooms: readonly BareJid[]) => void;
  /** Keys for an account that has none here; undefined: do not make a device. */
  readonly newKeys: NewKeys | undefined;
  /** Nobody remembers this account here: a device that is there all the same was put back, and may not encrypt. */
  readonly unremembered?: boolean;
};

/** Made already (while the sign-in was under way), or to be made when they are needed. */
type NewKeys = Promise<DeviceKeys> | (() => Promise<DeviceKeys>);

export class Desk {
  readonly account: Account;
  readonly outbox: Outbox;
  readonly rooms: Rooms;
  readonly views: Views;
  readonly keeper: DeviceKeeper;
  readonly history: History;
  readonly #receipts: Receipts;
  readonly #sync: Sync;
  readonly #live: Live;
  readonly #parts: DeskParts;
  #socket: SocketView = { socket: "connecting" };
  #visible = false;
  #stalled: ReturnType<typeof setTimeout> | undefined;

  /** Opens the account in this browser, making its device if it has none. Undefined: it has none and none is wanted. */
  static async open(parts: DeskParts): Promise<Desk | undefined> {
    const database = await openAccount(parts.account, () => parts.lost("closed"));
    const generation = await takeOver(database);
    const identity = await readyIdentity(database, generation, parts);
    if (identity === undefined) {
      database.close();
      return undefined;
    }
    let desk: Desk | undefined;
    const account = await Account.open({
      self: {
        jid: parts.account,
        browser: parts.browser,
        device: identity.device,
        identityKey: identity.publicKey,
        agreement: identity.agreement,
        createdAt: identity.createdAt,
      },
      database,
      generation,
      remote: parts.remote.as(parts.browser),
      committed: (touched) => {
        desk?.views.committed(touched);
        desk?.history.committed(touched);
        if (touched.debts) desk?.keeper.debtsChanged(false);
        if (touched.receipts) desk?.tellReceipts();
      },
      superseded: () => parts.lost("superseded"),
      behind: () => desk?.connectionChanged(),
    });
    desk = new Desk(parts, account);
    return desk;
  }

  private constructor(parts: DeskParts, account: Account) {
    this.#parts = parts;
    this.account = account;
    this.views = new Views(account, parts.emit);
    this.rooms = new Rooms(account);
    this.outbox = new Outbox(account, this.rooms);
    this.history = new History(account);
    this.#receipts = new Receipts(account);
    this.keeper = new DeviceKeeper(account, this.outbox, () => this.connectionChanged());
    this.#sync = new Sync(account, {
      send: (frame) => this.#live.send(frame),
      situationChanged: () => this.#situationChanged(),
      devicesChanged: (jid) => {
        if (jid === account.self.jid) this.keeper.ownDevicesChanged();
        else this.outbox.pump();
        parts.emit({ type: "devices", jid });
      },
      roomsTold: async (rooms, all) => {
        await this.rooms.tell(rooms, all);
        const jids = rooms.map(({ jid }) => jid);
        this.views.chatsChanged(jids);
        this.outbox.pump();
        parts.roomsTold(jids);
      },
      caughtUp: () => this.keeper.debtsChanged(true),
      attached: () => {
        this.#live.send({ type: "visible", visible: this.#visible });
        this.keeper.ownDevicesChanged();
        this.outbox.hurry();
        account.inBackground(this.#tellRead());
        parts.attached();
      },
      behind: () => this.connectionChanged(),
      stalled: () => {
        this.#live.stop();
        this.#stalled = setTimeout(() => this.#live.start(), STALLED_MS);
      },
      unlock: () => drop(account.remote.call("unlock", {})),
      bye: (reason) => this.#bye(reason),
    });
    this.#live = parts.openLive({
      cursor: () => this.#sync.cursor(),
      frame: (frame) => account.inBackground(this.#sync.frame(frame)),
      changed: (view) => {
        this.#socket = view;
        this.connectionChanged();
      },
      refused: () => account.inBackground(this.#checkSession()),
    });
  }

  start(): void {
    this.#live.start();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#stalled);
    this.#live.stop();
    this.outbox.stop();
    this.keeper.stop();
    await this.account.close();
  }

  get connection(): ConnectionView {
    const { state } = this.account.situation;
    return {
      ...this.#socket,
      link: state?.link,
      encryption: this.keeper.encryption,
      stayOnline: state?.stayOnline,
    };
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#live.send({ type: "visible", visible });
    if (visible) this.#live.hurry();
  }

  /** Do not wait for the next try: of the socket, of the link, of the outbox. */
  async reconnect(): Promise<void> {
    this.#live.hurry();
    await this.account.remote.call("reconnect", {});
    this.outbox.hurry();
  }

  /** The person has seen everything up to here. */
  async read(chat: BareJid, position: Position): Promise<void> {
    if ((this.account.mirror.chats.get(chat)?.readTo ?? NOTHING_READ) >= position) return;
    await this.account.work(async (unit) => {
      await moveReadTo(unit, chat, position);
      await changeChat(unit, chat, { untold: position });
    });
    this.account.inBackground(this.#tellRead());
    this.account.inBackground(this.#receipts.read(chat, position));
  }

  tellReceipts(): void {
    this.account.inBackground(this.#receipts.tell());
  }

  async #tellRead(): Promise<void> {
    for (const { jid, untold } of [...this.account.mirror.chats.values()]) {
      if (untold === undefined) continue;
      const answer = await this.account.remote.call("read", { chat: jid, position: untold });
      if (!answer.ok && answer.error.kind !== "malformed") return;
      await this.account.work(async (unit) => {
        if ((await chatOf(unit, jid)).untold === untold) await changeChat(unit, jid, { untold: undefined });
      });
    }
  }

  connectionChanged(): void {
    this.#parts.emit({ type: "connection", connection: this.connection });
  }

  #situationChanged(): void {
    this.keeper.linkChanged();
    if (this.account.live) {
      this.outbox.hurry();
      this.tellReceipts();
    }
    this.connectionChanged();
    this.views.chatsChanged([...this.account.mirror.contacts.keys()]);
    this.views.noticesChanged();
  }

  #bye(reason: "signed-out" | "revoked" | "replaced"): void {
    // Another socket of this browser took over; the writer generation settles which engine goes on.
    if (reason === "replaced") return;
    this.#parts.ended(reason === "revoked" ? "revoked" : "expired");
  }

  /** A browser cannot see why a WebSocket was refused, so a call asks. It also opens the object's sign-in data. */
  async #checkSession(): Promise<void> {
    const answer = await this.account.remote.call("unlock", {});
    if (answer.ok) return;
    if (answer.error.kind === "revoked") this.#parts.ended("revoked");
    if (answer.error.kind === "not-signed-in" || answer.error.kind === "wrong-account") this.#parts.ended("expired");
  }
}

/** The device of this browser, made silently where there is none. */
async function readyIdentity(
  database: Database,
  generation: number,
  parts: DeskParts,
): Promise<IdentityRow | undefined> {
  const unit = new Unit(database, generation);
  await adoptKeys(unit);
  const existing = await unit.get("identity", "self");
  unit.put("meta", { name: "browser", id: parts.browser });
  if (existing !== undefined) {
    if (parts.unremembered === true) await markBehind(unit);
    await unit.commit();
    return existing;
  }
  const { newKeys } = parts;
  if (newKeys === undefined) return undefined;
  const keys = await (typeof newKeys === "function" ? newKeys() : newKeys);
  const createdAt = Date.now();
  const row: IdentityRow = { name: "self", device: keys.device, createdAt, ...keys.identity };
  unit.put("identity", row);
  unit.put("signedPreKeys", { ...keys.signedPreKey, createdAt });
  for (const preKey of keys.preKeys) unit.put("preKeys", preKey);
  unit.put("meta", { name: "preKeys", next: keys.preKeys.length + 1 });
  await unit.commit();
  return row;
}
