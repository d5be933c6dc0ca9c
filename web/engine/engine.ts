/** The engine behind its protocol: signs in and out, and passes everything else to the desk of the open account. */
import type { BareJid, BrowserId, ClientId, DeviceId, Failure, Position, Result } from "../../worker/contract.ts";
import { LIMITS } from "../../worker/contract.ts";
import { browserName } from "./browser-name.ts";
import { Desk, type DeskParts } from "./desk.ts";
import { drop } from "./drop.ts";
import { erase } from "./erasing.ts";
import { Eviction, noteEvicted } from "./eviction.ts";
import type { OpenLive } from "./live.ts";
import { curvesSupported } from "./omemo/curve.ts";
import { installCurve } from "./omemo/handles.ts";
import { createDevice } from "./omemo/identity.ts";
import type {
  ConnectionView,
  DevicesView,
  Engine,
  EngineEvent,
  RoomView,
  SessionView,
  Snapshot,
  TimelinePage,
} from "./protocol.ts";
import type { Remote } from "./remote.ts";
import { holdsDevice } from "./store/database.ts";
import { changeChat } from "./store/messages.ts";
import { lastResident, type Resident, rememberResident, residentOf, wasRevoked } from "./store/residents.ts";

/** A device list older than this is asked for again when its conversation is opened. */
const LIST_AGE_MS = 24 * 60 * 60 * 1_000;

export type EngineParts = {
  readonly remote: Remote;
  readonly openLive: OpenLive;
  readonly userAgent: string;
  readonly emit: (event: EngineEvent) => void;
};

/** The session of this browser is over already, or was replaced by somebody else's. */
const GONE: ReadonlySet<Failure["kind"]> = new Set(["not-signed-in", "revoked", "wrong-account"]);

const NOT_SIGNED_IN = { ok: false, error: { kind: "not-signed-in" } } as const satisfies Result<never>;
const IDLE: ConnectionView = { socket: "connecting", encryption: "starting" };

export class AlcoveEngine implements Engine {
  readonly #parts: EngineParts;
  readonly #eviction: Eviction;
  #session: SessionView = { state: "starting" };
  #desk: Desk | undefined;
  #unsupported = false;
  #visible = false;
  /** A sign-out is under way. */
  #leaving = false;
  #open: BareJid | undefined;
  #booted: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#eviction = new Eviction(parts.remote);
  }

  /** Opens the account that is signed in here, from the store alone. */
  boot(): Promise<void> {
    this.#booted ??= this.#boot().catch((error: unknown) => {
      // A disk that refused once may give in; the next request tries again.
      this.#booted = undefined;
      throw error;
    });
    return this.#booted;
  }

  /** Whoever is signed in, once that is known: a request that comes while the store is being opened waits for it. */
  async #signedIn(): Promise<Desk | undefined> {
    await this.boot();
    return this.#desk;
  }

  /** Ends this engine: another one takes over. */
  async stop(): Promise<void> {
    const desk = this.#desk;
    this.#desk = undefined;
    await desk?.stop();
  }

  async attach({ visible }: { readonly visible: boolean }): Promise<Snapshot> {
    await this.boot();
    await this.visible({ visible });
    return this.snapshot();
  }

  snapshot(): Snapshot {
    const desk = this.#desk;
    return {
      session: this.#session,
      connection: this.#connection(),
      chats: desk?.views.chats() ?? [],
      notices: desk?.views.notices() ?? [],
      gaps: desk?.views.gaps() ?? [],
    };
  }

  async visible({ visible }: { readonly visible: boolean }): Promise<void> {
    if (this.#visible === visible) return;
    this.#visible = visible;
    this.#desk?.setVisible(visible);
  }

  async signIn(args: {
    readonly address: string;
    readonly password: string;
    readonly plain: boolean;
  }): Promise<Result<{ readonly account: BareJid }>> {
    await this.boot();
    if (this.#unsupported) return { ok: false, error: { kind: "encryption-unavailable" } };
    if (this.#session.state === "erasing") return { ok: false, error: { kind: "still-erasing" } };
    const address = args.address.trim().toLowerCase() as BareJid;
    const replaced = await this.#eviction.replacedBy(address);
    if (replaced !== undefined && !this.#saysEvicted(replaced)) {
      this.#showEvicted(replaced);
      return { ok: false, error: { kind: "evicted" } };
    }
    const known = await residentOf(address);
    // Keys take longer than anything else here, so they are made while the server is asked.
    const keys = known === undefined || replaced !== undefined ? createDevice() : undefined;
    const { remote, userAgent } = this.#parts;
    const name = browserName(userAgent).slice(0, LIMITS.browserNameLength);
    const answer = await remote.signIn({ ...args, name, browser: known?.browser });
    if (!answer.ok) {
      await keys;
      // Signed out by another browser while it was signed out itself: what it kept goes, and it is told so before it comes
      // as a new one.
      if (known !== undefined && answer.error.kind === "revoked") await this.#erase(known, "revoked");
      return answer;
    }
    const { account, browser } = answer.value;
    const unremembered = (known ?? (await residentOf(account))) === undefined;
    await rememberResident({ account, browser, signedIn: true });
    const desk = await this.#openDesk(account, browser, { newKeys: keys ?? createDevice, unremembered });
    if (desk === undefined) return { ok: false, error: { kind: "internal" } };
    this.#become({ state: "signed-in", account });
    this.#parts.emit({ type: "chats", chats: desk.views.chats(), removed: [] });
    return { ok: true, value: { account } };
  }

  async signOut({ erase }: { readonly erase: boolean }): Promise<Result<{ readonly done: true }>> {
    const desk = await this.#signedIn();
    if (desk === undefined) {
      // Nobody is here to sign out, or the store that would have to be erased cannot be opened.
      return this.#session.state === "signed-in"
        ? { ok: false, error: { kind: "internal" } }
        : { ok: true, value: { done: true } };
    }
    // The object also says goodbye on the socket; what is left to do is done here.
    this.#leaving = true;
    try {
      return await this.#leave(desk, erase);
    } finally {
      this.#leaving = false;
    }
  }

  async #leave(desk: Desk, erases: boolean): Promise<Result<{ readonly done: true }>> {
    const { jid, browser } = desk.account.self;
    const answer = await desk.account.remote.signOut({ erase: erases });
    // Without the object's word the session would live on behind the person's back.
    if (!answer.ok && !GONE.has(answer.error.kind)) return answer;
    await this.stop();
    if (erases) {
      await this.#erase({ account: jid, browser }, "by-choice");
    } else {
      await rememberResident({ account: jid, browser, signedIn: false, because: "by-choice" });
      this.#become({ state: "signed-out", account: jid, because: "by-choice" });
    }
    return { ok: true, value: { done: true } };
  }

  async timeline({ chat, before }: { readonly chat: BareJid; readonly before?: Position }): Promise<TimelinePage> {
    return (
      (await (await this.#signedIn())?.views.timeline(chat, before)) ?? {
        chat,
        items: [],
        more: "none",
        beforeDevice: 0,
      }
    );
  }

  async older({ chat }: { readonly chat: BareJid }): ReturnType<Engine["older"]> {
    return (await (await this.#signedIn())?.history.older(chat)) ?? NOT_SIGNED_IN;
  }

  async open({ chat }: { readonly chat: BareJid | undefined }): Promise<void> {
    this.#open = chat;
    const desk = await this.#signedIn();
    if (chat === undefined || desk === undefined) return;
    if (desk.rooms.isRoom(chat)) {
      desk.account.inBackground(this.#lookUp(desk, chat, false));
      return;
    }
    const list = desk.account.mirror.deviceLists.get(chat);
    const old = list !== undefined && list.at < Date.now() - LIST_AGE_MS;
    desk.account.inBackground(this.#lookUp(desk, chat, old));
  }

  async send(args: {
    readonly chat: BareJid;
    readonly text: string;
    readonly replaces?: string;
    readonly reply?: string;
    readonly client?: ClientId;
  }): Promise<Result<{ readonly client: ClientId }>> {
    const client = args.client ?? (crypto.randomUUID() as ClientId);
    const { chat, text, replaces, reply } = args;
    const about = { replaces, reply };
    return (await (await this.#signedIn())?.outbox.send(chat, text, client, about)) ?? NOT_SIGNED_IN;
  }

  async retry({ key }: { readonly key: string }): Promise<void> {
    await (await this.#signedIn())?.outbox.retry(key);
  }

  async discard({ key }: { readonly key: string }): Promise<void> {
    await (await this.#signedIn())?.outbox.discard(key);
  }

  async read({ chat, position }: { readonly chat: BareJid; readonly position: Position }): Promise<void> {
    await (await this.#signedIn())?.read(chat, position);
  }

  async start({ address }: { readonly address: string }): Promise<Result<{ readonly chat: BareJid }>> {
    const desk = await this.#signedIn();
    if (desk === undefined) return NOT_SIGNED_IN;
    const chat = bareAddress(address);
    if (chat === undefined) return { ok: false, error: { kind: "address-invalid" } };
    await desk.account.work((unit) => changeChat(unit, chat, {}));
    await this.open({ chat });
    return { ok: true, value: { chat } };
  }

  async contact(args: {
    readonly jid: BareJid;
    readonly action: "add" | "accept" | "decline" | "remove";
  }): Promise<Result<{ readonly done: true }>> {
    return (await this.#signedIn())?.account.remote.call("contact", args) ?? NOT_SIGNED_IN;
  }

  async room({
    address,
    action,
  }: {
    readonly address: string;
    readonly action: "join" | "leave" | "decline";
  }): Promise<Result<{ readonly chat: BareJid }>> {
    const desk = await this.#signedIn();
    if (desk === undefined) return NOT_SIGNED_IN;
    const room = bareAddress(address);
    if (room === undefined) return { ok: false, error: { kind: "address-invalid" } };
    if (action !== "join") return desk.rooms.leave(room);
    const { jid } = desk.account.self;
    const answer = await desk.rooms.join(room, jid.slice(0, Math.max(jid.indexOf("@"), 1)));
    if (answer.ok) await this.open({ chat: room });
    return answer;
  }

  async invite({
    room,
    address,
  }: {
    readonly room: BareJid;
    readonly address: string;
  }): Promise<Result<{ readonly done: true }>> {
    const desk = await this.#signedIn();
    const jid = bareAddress(address);
    if (jid === undefined) return { ok: false, error: { kind: "address-invalid" } };
    const answer = (await desk?.rooms.invite(room, jid)) ?? NOT_SIGNED_IN;
    desk?.views.chatsChanged([room]);
    return answer;
  }

  async roomService(args: Record<string, never>): Promise<Result<{ readonly service: string }>> {
    return (await this.#signedIn())?.account.remote.call("roomService", args) ?? NOT_SIGNED_IN;
  }

  async members({ room }: { readonly room: BareJid }): Promise<RoomView> {
    return (await (await this.#signedIn())?.rooms.view(room)) ?? { room, people: [], manages: false };
  }

  async revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>> {
    return (await this.#signedIn())?.account.remote.call("revoke", args) ?? NOT_SIGNED_IN;
  }

  async stayOnline(args: { readonly on: boolean }): Promise<Result<{ readonly on: boolean }>> {
    return (await this.#signedIn())?.account.remote.call("stayOnline", args) ?? NOT_SIGNED_IN;
  }

  async expose({ chat }: { readonly chat: BareJid }): Promise<void> {
    await (await this.#signedIn())?.account.work((unit) => changeChat(unit, chat, { exposed: true }));
  }

  async checkEncryption({ chat }: { readonly chat: BareJid }): Promise<void> {
    const desk = await this.#signedIn();
    if (desk === undefined) return;
    desk.account.forgetBadBundles();
    await this.#lookUp(desk, chat, true);
  }

  async devices({ jid }: { readonly jid: BareJid | undefined }): Promise<DevicesView> {
    const desk = await this.#signedIn();
    if (desk === undefined) return { jid: jid ?? ("" as BareJid), devices: [] };
    const view = await desk.views.devices(jid);
    desk.account.inBackground(desk.keeper.own.pinListed(view.jid));
    return view;
  }

  async resetSession(to: {
    readonly jid: BareJid;
    readonly device: DeviceId;
  }): Promise<Result<{ readonly done: true }>> {
    return (await this.#signedIn())?.keeper.resetSession(to) ?? NOT_SIGNED_IN;
  }

  async decide(decision: Parameters<Engine["decide"]>[0]): ReturnType<Engine["decide"]> {
    return (await this.#signedIn())?.keeper.own.decide(decision) ?? NOT_SIGNED_IN;
  }

  async verifyLink({ jid, link }: Parameters<Engine["verifyLink"]>[0]): ReturnType<Engine["verifyLink"]> {
    return (await this.#signedIn())?.keeper.own.verifyLink(jid, link) ?? NOT_SIGNED_IN;
  }

  async removeDevice(args: { readonly device: DeviceId }): ReturnType<Engine["removeDevice"]> {
    return (await this.#signedIn())?.keeper.own.remove(args.device) ?? NOT_SIGNED_IN;
  }

  async dismiss({ notice }: { readonly notice: string }): Promise<void> {
    await (await this.#signedIn())?.account.work(async (unit) => {
      const row = await unit.get("notices", notice);
      if (row !== undefined) unit.put("notices", { ...row, dismissed: true });
    });
  }

  async reconnect(): Promise<void> {
    await (await this.#signedIn())?.reconnect();
  }

  async #boot(): Promise<void> {
    this.#unsupported = (await curvesSupported()).kind === "unsupported";
    if (!this.#unsupported) installCurve();
    const resident = await lastResident();
    if (resident === undefined) {
      const revoked = await wasRevoked();
      this.#become({ state: "signed-out", ...(revoked && { because: "revoked" }) });
      if (!revoked) drop(this.#recall());
      return;
    }
    const { account, browser, signedIn, because, erasing } = resident;
    if (erasing === true) return this.#erase(resident, because === "revoked" ? because : "by-choice");
    if (signedIn && (await this.#openDesk(account, browser, { newKeys: undefined })) !== undefined) {
      return this.#become({ state: "signed-in", account });
    }
    if (signedIn || because === "evicted" || !(await holdsDevice(account))) {
      return this.#showEvicted(await noteEvicted(resident));
    }
    this.#become({ state: "signed-out", account, because });
  }

  /** Nobody is remembered here: perhaps because everything was thrown away. The page does not wait for the answer. */
  async #recall(): Promise<void> {
    const lost = await this.#eviction.recall();
    if (lost !== undefined && this.#session.state === "signed-out") this.#showEvicted(lost);
  }

  #showEvicted({ account }: Resident): void {
    if (!this.#saysEvicted({ account })) this.#become({ state: "signed-out", account, because: "evicted" });
  }

  /** The person has been told that what this account had here is gone. */
  #saysEvicted({ account }: Pick<Resident, "account">): boolean {
    const session = this.#session;
    return session.state === "signed-out" && session.because === "evicted" && session.account === account;
  }

  /** Nobody who has come meanwhile is shown what became of somebody else's data. */
  #erase(resident: Pick<Resident, "account" | "browser">, because: "revoked" | "by-choice"): Promise<void> {
    return erase(resident, because, (session) => {
      if (this.#desk === undefined) this.#become(session);
    });
  }

  async #openDesk(
    account: BareJid,
    browser: BrowserId,
    device: Pick<DeskParts, "newKeys" | "unremembered">,
  ): Promise<Desk | undefined> {
    await this.stop();
    const { remote, openLive, emit } = this.#parts;
    const desk = await Desk.open({
      account,
      browser,
      remote,
      openLive,
      ...device,
      emit: (event) => {
        if (this.#desk === desk)
          emit(event.type === "connection" ? { ...event, connection: this.#connection() } : event);
      },
      // A desk that was left has nothing to say about the one that is open now.
      ended: (because) => this.#desk === desk && drop(this.#ended(because)),
      lost: (why) => this.#desk === desk && drop(why === "closed" ? this.#reopen() : this.stop()),
      attached: () => this.#desk === desk && drop(this.open({ chat: this.#open })),
      roomsTold: (rooms) => {
        const open = this.#open;
        if (this.#desk === desk && open !== undefined && rooms.includes(open) && desk?.rooms.isUnasked(open))
          drop(this.open({ chat: open }));
      },
    });
    if (desk === undefined) return undefined;
    this.#desk = desk;
    desk.setVisible(this.#visible);
    desk.start();
    return desk;
  }

  /** The browser closed the database: a new connection to it, and everything from the start. */
  async #reopen(): Promise<void> {
    this.#booted = this.stop().then(() => this.#boot());
    await this.#booted;
    this.#parts.emit({ type: "reset", snapshot: this.snapshot() });
  }

  /** The object no longer knows this browser. Texts and keys stay; one that was signed out by another keeps nothing. */
  async #ended(because: "revoked" | "expired"): Promise<void> {
    const desk = this.#desk;
    if (desk === undefined || this.#leaving) return;
    const { jid, browser } = desk.account.self;
    await this.stop();
    if (because === "revoked") {
      await this.#erase({ account: jid, browser }, because);
      return;
    }
    await rememberResident({ account: jid, browser, signedIn: false, because });
    this.#become({ state: "signed-out", account: jid, because });
  }

  async #lookUp(desk: Desk, chat: BareJid, fresh: boolean): Promise<void> {
    const room = desk.rooms.isRoom(chat);
    if (room && fresh) await desk.rooms.check(chat);
    const before = desk.views.encryptionOf(chat);
    const answer = room ? await desk.rooms.learn(chat) : await desk.account.devices(chat, fresh);
    if (answer.ok) desk.outbox.pump();
    if (this.#desk === desk && (room || desk.views.encryptionOf(chat) !== before)) desk.views.chatsChanged([chat]);
  }

  #become(session: SessionView): void {
    this.#session = session;
    this.#parts.emit({ type: "session", session });
    this.#parts.emit({ type: "connection", connection: this.#connection() });
    if (session.state === "signed-in" && this.#open !== undefined) drop(this.open({ chat: this.#open }));
  }

  #connection(): ConnectionView {
    const connection = this.#desk?.connection ?? IDLE;
    return this.#unsupported ? { ...connection, encryption: "unsupported" } : connection;
  }
}

/** `local@domain`, lower case, without a resource. The object normalises by RFC 7622 and has the last word. */
function bareAddress(address: string): BareJid | undefined {
  const bare =
    address
      .trim()
      .replace(/^xmpp:/i, "")
      .split(/[/?]/)[0]
      ?.toLowerCase() ?? "";
  const valid = bare.length <= LIMITS.addressLength && /^[^\s@"&'/:<>]+@[^\s@/]+$/.test(bare);
  return valid ? (bare as BareJid) : undefined;
}
