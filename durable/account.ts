/**
 * One XMPP account: the object that holds its connection, its log and its browsers. Thin: every method is a line or two
 * into the modules below, which the constructor makes in the order in which they depend on each other.
 */
import { DurableObject } from "cloudflare:workers";
import type { CallName, Contract } from "../worker/contract/calls.ts";
import type { Failure, Result } from "../worker/contract/failures.ts";
import type { BareJid, Seq, Time } from "../worker/contract/names.ts";
import type { AccountOverview, ExportPage, ExportPlace } from "../worker/contract/operator.ts";
import type { SignInArguments, SignInProof, SignOutArguments } from "../worker/contract/sign-in.ts";
import { drop } from "../worker/shared/drop.ts";
import { isStorageFull } from "../worker/shared/storage-full.ts";
import { Feed } from "./browsers/feed.ts";
import { type Admitted, Keyring } from "./browsers/keyring.ts";
import { Composing } from "./browsers/composing.ts";
import { BrowserSockets } from "./browsers/sockets.ts";
import type { Begun } from "./calls/attempts.ts";
import { Calls } from "./calls/calls.ts";
import { copySetting } from "./calls/sealed-copy.ts";
import { ASK_AGAIN, isOfOlderWorker, refusesSignIn } from "./calls/older-worker.ts";
import { OperatedAccount } from "./calls/operator.ts";
import { deleteAtServer } from "./calls/own-account.ts";
import { type Registered, Registrations, type Registering, type Submitting } from "./calls/registration.ts";
import { type FromWorker, SignIns } from "./calls/sign-in.ts";
import { Alarm } from "./connection/alarm.ts";
import { Connection } from "./connection/connection.ts";
import { CurrentLink } from "./connection/current-link.ts";
import { MakingRoom } from "./connection/making-room.ts";
import { linkSettings, strangerSettings } from "./connection/settings.ts";
import { fileSettings } from "./files/settings.ts";
import { Files, type LinkAllowed, type LinkAsked } from "./files/files.ts";
import { REGISTERING } from "./link/register.ts";
import { gatewayReach } from "./gateway/reach.ts";
import { ServerPush } from "./gateway/server-push.ts";
import type { Standing } from "./gateway/line.ts";
import { Log } from "./log/log.ts";
import { OmemoNodes } from "./omemo/nodes.ts";
import { Pushes } from "./push/pushes.ts";
import { pushSettings } from "./push/settings.ts";
import { DisplayedSync } from "./pep/displayed.ts";
import { RoomBookmarks } from "./rooms/bookmarks.ts";
import { RoomOccupancy } from "./rooms/occupancy.ts";
import { StreamSession } from "./session/session.ts";
import { Applier } from "./store/apply.ts";
import type { Browser } from "./store/browser-row.ts";
import type { Presented } from "./store/browsers.ts";
import { Fullness } from "./store/fullness.ts";
import { migrate } from "./store/migrations.ts";
import { SignInKeys } from "./store/sign-in-keys.ts";
import { Stores } from "./store/stores.ts";

export type { Admitted } from "./browsers/keyring.ts";
export type { Registered } from "./calls/registration.ts";

export class Account extends DurableObject<Env> {
  readonly #alarm: Alarm;
  readonly #fullness: Fullness;
  readonly #room: MakingRoom;
  readonly #feed: Feed;
  readonly #connection: Connection;
  readonly #session: StreamSession;
  readonly #sockets: BrowserSockets;
  readonly #keyring: Keyring;
  readonly #signIns: SignIns;
  readonly #calls: Calls;
  readonly #operated: OperatedAccount;
  readonly #link: CurrentLink;
  readonly #registrations: Registrations;
  readonly #files: Files;
  readonly #serverPush: ServerPush;
  readonly #pushes: Pushes;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const fullness = new Fullness(ctx.id.toString());
    const storage = fullness.guard(ctx.storage);
    migrate(ctx.storage.sql);
    const alarm = new Alarm(storage);
    const log = new Log(storage.sql);
    const feed = new Feed(ctx, log);
    const stores = new Stores(storage, log, feed, fullness);
    const keys = new SignInKeys(stores);
    const ask: typeof fetch = (url, init) => fetch(url, init);
    const pushes = new Pushes({ stores, browsers: feed, ask, ...pushSettings(env) });
    stores.onStored(() => pushes.flush());
    stores.rooms.onInvited = (room) => pushes.invited(room);
    const applier = new Applier(stores);
    const link = new CurrentLink(stores, feed, applier);
    const nodes = new OmemoNodes(stores, link);
    const occupancy = new RoomOccupancy(stores, link, applier);
    const displayed = new DisplayedSync(stores, link, applier);
    const bookmarks = new RoomBookmarks(stores, link, occupancy);
    const gateway = gatewayReach(env, ctx.id.toString());
    const serverPush = new ServerPush({ stores, link, rings: pushes, gateway });
    const session = new StreamSession({ stores, link, nodes, displayed, applier, occupancy, bookmarks, serverPush });
    const settings = (account?: BareJid) => linkSettings(env, stores, account);
    const connection = new Connection({
      settings,
      stores,
      keys,
      current: link,
      alarm,
      browsers: feed,
      rings: pushes,
      listener: session,
    });
    const room = new MakingRoom({ storage, stores, alarm, connection });
    const keyring = new Keyring(stores, keys, connection);
    const composing = new Composing(stores, link);
    const copyMost = copySetting(env);
    const left = (acked: Seq) => pushes.left(acked);
    const sockets = new BrowserSockets({ stores, feed, link, connection, composing, copyMost, left });
    this.#alarm = alarm;
    this.#fullness = fullness;
    this.#room = room;
    this.#feed = feed;
    this.#connection = connection;
    this.#session = session;
    this.#keyring = keyring;
    this.#sockets = sockets;
    this.#link = link;
    this.#serverPush = serverPush;
    this.#pushes = pushes;
    this.#registrations = new Registrations((domain, invited) => strangerSettings(env, domain, invited), REGISTERING);
    this.#signIns = new SignIns({ storage, alarm, stores, feed, sockets, connection, keyring, nodes, serverPush });
    this.#operated = new OperatedAccount({ ctx, stores, feed, connection, signIns: this.#signIns, serverPush });
    this.#files = new Files(stores, link, fileSettings(env));
    this.#calls = new Calls({
      stores,
      feed,
      sockets,
      keys,
      keyring,
      link,
      connection,
      room,
      nodes,
      occupancy,
      displayed,
      bookmarks,
      files: this.#files,
      pushes,
      copyMost,
      composing,
      older: (chat) => session.older(chat),
    });
    if (stores.meta.get("sealing-key")) drop(ctx.blockConcurrencyWhile(() => keys.openKept()));
  }

  /** See `SignIns.signIn`; before this and the next one there is no browser. */
  async signIn(args: SignInArguments & FromWorker): Promise<Result<Begun<Admitted>>> {
    return refusesSignIn(args) ?? this.#signIns.signIn(args);
  }

  /** See `SignIns.finish`. */
  finishSignIn(args: SignInProof): Promise<Result<Admitted>> {
    return this.#signIns.finish(args);
  }

  /** See `Registrations.begin`; this and the next one in an object that is nobody's and keeps nothing. */
  async register(args: Registering): Promise<Result<Registered>> {
    if (!this.#signIns.bound) await this.#signIns.leaveNoTrace();
    return this.#registrations.begin(args);
  }

  /** See `Registrations.submit`. */
  async submit(args: Submitting): Promise<Result<Registered>> {
    if (!this.#signIns.bound) await this.#signIns.leaveNoTrace();
    return this.#registrations.submit(args);
  }

  /**
   * See `SignIns.signOut`. A browser that is signed out already is no failure, unless the whole account is to be deleted: that ends
   * as `OperatedAccount.erase` does.
   */
  async signOut(session: Presented, args: SignOutArguments): Promise<Result<{ readonly done: true }>> {
    const browser = await this.#enter(session);
    if (browser === "not-proven") return notProven(session);
    if (args.deletes === true) {
      if (typeof browser !== "object") return { ok: false, error: { kind: browser ?? "not-signed-in" } };
      const deleted = await deleteAtServer(this.#link);
      return deleted.ok ? this.#operated.erase(browser.id) : deleted;
    }
    if (browser !== undefined && browser !== "revoked") await this.#signIns.signOut(browser, args);
    return { ok: true, value: { done: true } };
  }

  /** See `Keyring.renew`. */
  async renew(session: Presented): Promise<Result<{ readonly secret: string }>> {
    const browser = await this.#enter(session);
    if (browser === undefined) return { ok: false, error: { kind: "not-signed-in" } };
    if (typeof browser === "object") return this.#keyring.renew(browser, session);
    return browser === "revoked" ? { ok: false, error: { kind: "revoked" } } : notProven(session);
  }

  /**
   * One of the contract's calls by an authenticated browser; the Worker has checked the arguments. Fails as the call does,
   * with `not-signed-in`, `revoked` or `not-proven`.
   */
  async call(session: Presented, name: CallName, args: unknown): Promise<Result<unknown>> {
    const browser = await this.#enter(session);
    if (browser === undefined) return { ok: false, error: { kind: "not-signed-in" } };
    if (browser === "revoked") return { ok: false, error: { kind: "revoked" } };
    if (browser === "not-proven" && (session.proof || name !== "unlock" || isOfOlderWorker(session)))
      return notProven(session);
    if (browser === "not-proven") return this.#calls.whose(session);
    try {
      return await this.#calls.answer(browser, name, args as Parameters<Contract[typeof name]>[0]);
    } catch (error) {
      if (isStorageFull(error)) return { ok: false, error: { kind: "storage-full" } };
      throw error;
    }
  }

  /** See `Files.mayFetch`; fails as `call` does besides. */
  async mayFetch(session: Presented, asked: LinkAsked): Promise<Result<LinkAllowed>> {
    const browser = await this.#enter(session);
    if (browser === undefined) return { ok: false, error: { kind: "not-signed-in" } };
    if (browser === "revoked") return { ok: false, error: { kind: "revoked" } };
    return browser === "not-proven" ? notProven(session) : this.#files.mayFetch(asked);
  }

  /** See `Files.mayPreview`; fails as `call` does besides. */
  async mayPreview(session: Presented): Promise<Result<{ readonly counted: true }>> {
    const browser = await this.#enter(session);
    if (browser === undefined) return { ok: false, error: { kind: "not-signed-in" } };
    if (browser === "revoked") return { ok: false, error: { kind: "revoked" } };
    return browser === "not-proven" ? notProven(session) : this.#files.mayPreview();
  }

  /** See `Files.passed`; for the Worker alone. */
  passed(bytes: number): void {
    if (this.#signIns.bound) this.#files.passed(bytes);
  }

  /** See `OperatedAccount`; the four of them for the Worker alone, which has made sure that the operator asks. */
  overview(): Promise<Result<AccountOverview>> {
    return this.#operated.overview();
  }

  exportPage(from: ExportPlace | undefined): Promise<Result<ExportPage>> {
    return this.#operated.exportPage(from);
  }

  erase(): Promise<Result<never>> {
    return this.#operated.erase();
  }

  rewind(to: Time): Promise<Result<{ readonly restored: false }>> {
    return this.#operated.rewind(to);
  }

  /** The object before this one has ended because nothing more fitted into its storage: see `Fullness`. */
  storageFull(): void {
    this.#fullness.mark(Date.now());
    this.#room.stop();
  }

  /** The live socket: `?epoch=…&since=…&at=…&contract=…`, the session in headers that only the Worker can set. */
  override async fetch(request: Request): Promise<Response> {
    const browser = await this.#enter({
      browser: (request.headers.get("x-alcove-browser") ?? "") as Browser["id"],
      secret: request.headers.get("x-alcove-secret") ?? "",
      proof: (JSON.parse(request.headers.get("x-alcove-proof") ?? "null") as Presented["proof"] | null) ?? undefined,
    });
    if (typeof browser !== "object") return new Response(null, { status: 401 });
    return this.#sockets.attach(browser, new URL(request.url).searchParams);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#sockets.message(socket, message);
  }

  override webSocketClose(socket: WebSocket): void {
    // The runtime does not finish the closing handshake of a hibernatable socket by itself.
    socket.close(1000);
    this.#sockets.left(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.left(socket);
  }

  /** Heartbeat, watchdog and resurrection. Rearms before it does anything that could fail. */
  override async alarm(): Promise<void> {
    this.#alarm.forget();
    this.#sockets.reap(Date.now());
    await this.#room.heartbeat(Date.now());
    if (await this.#connection.heartbeat()) drop(this.#lookAround());
  }

  /** See `Keyring.enter`. An account that was deleted has browsers that do not know it yet: they leave nothing here. */
  async #enter(session: Presented): ReturnType<Keyring["enter"]> {
    if (this.#signIns.bound) return this.#keyring.enter(session);
    await this.#signIns.leaveNoTrace();
    return undefined;
  }

  /**
   * The watchman's visit (`worker/watch.ts`): an account that stays online always has its alarm armed, unless it has failed
   * six times; then it rings now. `woken`: it was so. `gateway`: how that stands; who relies on it and may have missed something
   * looks in now.
   */
  async lookIn(gateway?: Standing): Promise<{ readonly staysOnline: boolean; readonly woken: boolean }> {
    if (!this.#signIns.bound) {
      await this.#signIns.leaveNoTrace();
      return { staysOnline: false, woken: false };
    }
    const { staysOnline } = this.#operated;
    if (this.#serverPush.missed(gateway)) await this.#connection.wake();
    if (!staysOnline || (await this.ctx.storage.getAlarm()) !== null) return { staysOnline, woken: false };
    await this.alarm();
    return { staysOnline, woken: (await this.ctx.storage.getAlarm()) !== null };
  }

  /** The gateway has heard of its server that something has come. False where it does not know of that. */
  async wake(pass: string): Promise<boolean> {
    if (!this.#signIns.bound) {
      await this.#signIns.leaveNoTrace();
      return false;
    }
    if (!this.#serverPush.knows(pass)) return false;
    if (this.#connection.cannotLook) this.#pushes.perhaps();
    else await this.#connection.wake();
    return true;
  }

  async #lookAround(): Promise<void> {
    drop(this.#serverPush.settle(false));
    if (await this.#session.heartbeat(Date.now(), this.#feed.attached())) this.#sockets.tell();
  }
}

/** With our time: a browser whose clock is wrong signs by ours from then on. */
function notProven(session: Presented): { readonly ok: false; readonly error: Failure } {
  if (isOfOlderWorker(session)) return ASK_AGAIN;
  return { ok: false, error: { kind: "not-proven", detail: String(Date.now()) } };
}
