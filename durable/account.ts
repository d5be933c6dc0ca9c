/**
 * One XMPP account: the object that holds its connection, its log and its browsers. Thin: every method is a line or two
 * into the modules beside this file.
 */
import { DurableObject } from "cloudflare:workers";
import type {
  BareJid,
  CallName,
  Contract,
  Result,
  Seq,
  ServerFrame,
  SignInArguments,
  SignInReply,
  SignOutArguments,
} from "../worker/contract.ts";
import { CONTRACT_VERSION } from "../worker/contract.ts";
import { Alarm } from "./connection/alarm.ts";
import { Attendance } from "./rooms/occupancy.ts";
import { type Browser, type Entrant, infoOf, type Presented } from "./store/browsers.ts";
import { Calls } from "./calls/calls.ts";
import { Connection } from "./connection/connection.ts";
import { drop } from "../worker/shared/drop.ts";
import { Feed } from "./browsers/feed.ts";
import { parseFrame } from "./browsers/frames.ts";
import { Intake } from "./store/apply.ts";
import { missingCase } from "../worker/shared/missing-case.ts";
import { OmemoNodes } from "./omemo/nodes.ts";
import { Keyring } from "./browsers/keyring.ts";
import { linkSettings } from "./connection/settings.ts";
import { plan } from "./connection/plan.ts";
import { Log } from "./log/log.ts";
import { migrate } from "./store/migrations.ts";
import { Stores } from "./store/stores.ts";
import { StreamSession } from "./session/stanzas.ts";

export class Account extends DurableObject<Env> {
  readonly #alarm: Alarm;
  readonly #feed: Feed;
  readonly #stores: Stores;
  readonly #connection: Connection;
  readonly #keyring: Keyring;
  readonly #calls: Calls;
  readonly #nodes: OmemoNodes;
  readonly #attendance: Attendance;
  readonly #stream: StreamSession;
  /** Sign-ins under way. */
  #signingIn = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#alarm = new Alarm(ctx.storage);
    migrate(ctx.storage.sql);
    const log = new Log(ctx.storage.sql);
    this.#feed = new Feed(ctx, log);
    this.#stores = new Stores(ctx.storage, log, this.#feed);
    this.#connection = new Connection(
      (account) => linkSettings(env, this.#stores, account),
      {
        onProved: (account) => this.#onProved(account),
        onKeys: (keys) => this.#keyring.store(keys),
        onRefused: () => this.#keyring.forget(),
        onState: () => this.#onLinkState(),
        onStream: (resumed) => this.#stream.stands(resumed),
        onResent: () => this.#stream.writeOutbox(),
        onStanza: (stanza, inbound) => this.#stores.turn(() => this.#stream.stanza(stanza, inbound)),
        onUnreadable: (outline, broken) => this.#stores.turn(() => this.#stream.unreadable(outline, broken)),
        onAcknowledged: (ids, store) => this.#stores.turn(() => this.#stream.acknowledged(ids, store), "soon"),
        onBound: (begun) => this.#stream.begin(begun),
        replan: () => drop(this.#replan()),
        stayOnline: () => this.#stores.meta.get("stay-online") ?? false,
      },
      this.#stores.meta.setback,
    );
    this.#keyring = new Keyring(this.#stores, this.#connection);
    this.#nodes = new OmemoNodes(this.#stores, this.#connection);
    const intake = new Intake(this.#stores);
    this.#attendance = new Attendance(this.#stores, this.#connection, intake);
    this.#stream = new StreamSession(this.#stores, this.#connection, this.#nodes, intake, this.#attendance);
    this.#calls = new Calls(
      this.#stores,
      this.#feed,
      this.#connection,
      this.#nodes,
      this.#keyring,
      this.#attendance,
      (chat) => this.#stream.older(chat),
    );
    // A reset ends every socket without a word: from here the grace runs until a browser is back.
    if (this.#stores.meta.get("account") && this.#feed.attached().size === 0) this.#stores.meta.leave(Date.now());
    if (this.#stores.meta.get("sealing-key")) drop(ctx.blockConcurrencyWhile(() => this.#keyring.openKept()));
  }

  /**
   * Prove the password at the XMPP server, then register the browser. Nothing is written before the proof succeeded.
   * Fails with every kind the server's answer can have, `wrong-account`, `too-many-browsers`.
   */
  async signIn(
    args: SignInArguments & { readonly account: BareJid },
  ): Promise<Result<SignInReply & { readonly secret: string }>> {
    this.#stores.prepare();
    this.#signingIn += 1;
    let result: Awaited<ReturnType<Keyring["signIn"]>>;
    try {
      result = await this.#keyring.signIn(args);
    } finally {
      this.#signingIn -= 1;
    }
    if (result.ok) {
      this.#tellBrowsers();
      drop(this.#replan());
    } else if (this.#signingIn === 0 && this.#stores.meta.get("account") === undefined) {
      // An address that nobody has proved to own leaves no trace; the last of several tries sweeps.
      this.#alarm.forget();
      await this.ctx.storage.deleteAll();
    }
    return result;
  }

  /** Forget the browser's session; `erase` also takes its device off the list and its bundle off the server. */
  async signOut(session: Presented, args: SignOutArguments): Promise<Result<{ readonly done: true }>> {
    const browser = await this.#enter(session);
    if (browser === undefined || browser === "revoked") return { ok: true, value: { done: true } };
    this.#feed.end(browser.id, "signed-out");
    // Forgotten first: a list without the device of a browser that is still known would be put right again.
    const othersAreLeft = this.#keyring.signOut(browser, args.erase);
    if (args.erase) await this.#nodes.removeErased();
    if (!othersAreLeft) {
      await this.#connection.close();
      this.#stores.stream.forget();
    }
    this.#noteAttached();
    this.#tellBrowsers();
    await this.#replan();
    return { ok: true, value: { done: true } };
  }

  /** One of the contract's calls by an authenticated browser; the Worker has checked the arguments. */
  async call(session: Presented, name: CallName, args: unknown): Promise<Result<unknown>> {
    const browser = await this.#enter(session);
    if (browser === undefined) return { ok: false, error: { kind: "not-signed-in" } };
    if (browser === "revoked") return { ok: false, error: { kind: "revoked" } };
    const result = await this.#calls.answer(browser, name, args as Parameters<Contract[typeof name]>[0]);
    if (name === "publish" || name === "revoke") this.#tellBrowsers();
    if (name === "revoke") this.#noteAttached();
    if (name === "stayOnline") {
      this.#onLinkState();
      await this.#replan();
    }
    return result;
  }

  /** The live socket: `?epoch=…&since=…&at=…`, the session in headers that only the Worker can set. */
  override async fetch(request: Request): Promise<Response> {
    const browser = await this.#enter({
      browser: (request.headers.get("x-alcove-browser") ?? "") as Browser["id"],
      secret: request.headers.get("x-alcove-secret") ?? "",
    });
    if (browser === undefined || browser === "revoked") return new Response(null, { status: 401 });
    const query = new URL(request.url).searchParams;
    const since = this.#cursor(query.get("epoch"), Number(query.get("since")), query.get("at"));
    const { 0: client, 1: server } = new WebSocketPair();
    this.#stores.browsers.seen(browser.id, Date.now());
    this.#feed.attach(server, browser, since, () => this.#hello(browser));
    this.#noteAttached();
    this.#tellBrowsers();
    await this.#replan();
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const frame = parseFrame(message);
    if (frame?.type === "visible") {
      this.#feed.setVisible(socket, frame.visible);
      this.#connection.setActive(this.#feed.visible);
    }
    if (frame?.type !== "ack" || frame.epoch !== this.#stores.meta.epoch) return;
    const heard = this.#feed.acknowledge(socket, frame.seq);
    if (heard) this.#stores.browsers.acknowledged(heard.browser, heard.acked);
  }

  override webSocketClose(socket: WebSocket): void {
    // The runtime does not finish the closing handshake of a hibernatable socket by itself.
    socket.close(1000);
    this.#left(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#left(socket);
  }

  /** Heartbeat, watchdog and resurrection. Rearms before it does anything that could fail. */
  override async alarm(): Promise<void> {
    this.#alarm.forget();
    this.#feed.reap(Date.now());
    this.#noteAttached();
    await this.#replan({ heartbeat: true });
  }

  #left(socket: WebSocket): void {
    const browser = this.#feed.detach(socket);
    if (browser) this.#stores.browsers.seen(browser, Date.now());
    this.#noteAttached();
    this.#tellBrowsers();
    drop(this.#replan());
  }

  /** The browser of a session, whose secret also opens the sign-in data when the object has woken without it. */
  async #enter(session: Presented): Promise<Entrant> {
    const browser = await this.#stores.browsers.authenticate(session);
    if (browser === undefined || browser === "revoked") return browser;
    if (!this.#connection.unlocked && !this.#connection.live) await this.#unlock(browser, session.secret);
    return browser;
  }

  async #unlock(browser: Browser, secret: string): Promise<void> {
    if (await this.#keyring.open(browser, secret)) await this.#replan();
    else if (!this.#stores.meta.get("credentials")) this.#connection.lock();
  }

  /**
   * From where to serve a browser. One that stands at an entry which is not here has read another log: after a restored
   * storage, however far it has grown since, a new epoch begins for everybody.
   */
  #cursor(epoch: string | null, since: number, at: string | null): Seq {
    const { meta, log } = this.#stores;
    if (epoch !== meta.epoch || !Number.isSafeInteger(since) || since <= 0) return 0 as Seq;
    const seq = since as Seq;
    if (seq <= log.head && (!at || at === log.idAt(seq))) return seq;
    meta.set("epoch", crypto.randomUUID());
    this.#feed.endAll();
    return 0 as Seq;
  }

  #onProved(account: BareJid): void {
    this.#stores.meta.bind(account);
    // The page that signed in attaches in a moment: until then the grace keeps the link.
    if (this.#feed.attached().size === 0) this.#stores.meta.set("left-at", Date.now());
  }

  #onLinkState(): void {
    this.#stores.presence.show(this.#connection.live);
    if (!this.#connection.live) this.#attendance.lost();
    this.#feed.broadcast({ type: "state", state: this.#connection.accountState });
  }

  #noteAttached(): void {
    this.#connection.setActive(this.#feed.visible);
    if (this.#feed.attached().size > 0) this.#stores.meta.delete("left-at");
    else this.#stores.meta.leave(Date.now());
  }

  #tellBrowsers(): void {
    this.#feed.broadcast({ type: "browsers", browsers: this.#browserInfos() });
  }

  #browserInfos() {
    const attached = this.#feed.attached();
    const dormant = this.#stores.meta.get("dormant-devices") ?? [];
    return this.#stores.browsers.all().map((browser) => infoOf(browser, attached, dormant));
  }

  #hello(browser: Browser): ServerFrame {
    return {
      type: "hello",
      contract: CONTRACT_VERSION,
      epoch: this.#stores.meta.epoch,
      head: this.#stores.log.head,
      account: this.#stores.meta.account,
      browser: browser.id,
      state: this.#connection.accountState,
      browsers: this.#browserInfos(),
      presence: this.#stores.presence.all(),
      rooms: this.#stores.rooms.infos(),
      accepted: this.#stores.browsers.accepted(browser.id),
    };
  }

  /** Carry out the plan; see `plan.ts` for what and why. */
  async #replan({ heartbeat }: { readonly heartbeat: boolean } = { heartbeat: false }): Promise<void> {
    const { act, alarmAt } = plan({
      now: Date.now(),
      link: this.#connection.planned,
      attached: this.#feed.attached().size,
      stayOnline: this.#stores.meta.get("stay-online") ?? false,
      leftAt: this.#stores.meta.get("left-at"),
      unlocked: this.#connection.unlocked,
    });
    await this.#alarm.set(alarmAt);
    switch (act) {
      case "open":
        drop(this.#connection.open());
        return;
      case "check":
        if (!heartbeat) return;
        this.#connection.requestAck();
        if (!this.#connection.caughtUp) return;
        this.#attendance.heartbeat(Date.now());
        drop(this.#nodes.retireDormant(Date.now(), this.#feed.attached()).then((some) => some && this.#tellBrowsers()));
        return;
      case "drop":
        this.#connection.abandon();
        return;
      case "close":
        await this.#connection.close();
        return;
      case "ask-unlock":
        this.#feed.broadcast({ type: "unlock" });
        return;
      case "nothing":
        return;
      default:
        missingCase(act);
    }
  }
}
