/** Who lives in this browser: opens the account that is signed in, signs in and out, says what became of one that is gone. */
import type { BareJid, BrowserId, Failure, Result } from "../../../worker/contract.ts";
import { LIMITS } from "../../../worker/contract.ts";
import { browserKind, browserName } from "./browser-name.ts";
import { Desk, type DeskParts } from "./signed-in.ts";
import { parseBareJid } from "../../../worker/shared/jid.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { erase } from "./erasing.ts";
import { Eviction, noteEvicted } from "./eviction.ts";
import type { OpenLive } from "../object/socket.ts";
import { curvesSupported } from "../omemo/curve.ts";
import { installCurve } from "../omemo/handles.ts";
import { createDevice } from "../omemo/identity.ts";
import type { ConnectionView, EngineEvent, SessionView, Snapshot } from "../protocol.ts";
import type { Remote } from "../object/calls.ts";
import { holdsDevice } from "../store/database.ts";
import { lastResident, type Resident, rememberResident, residentOf, wasRevoked } from "../store/known-accounts.ts";

export type ResidenceParts = {
  readonly remote: Remote;
  readonly openLive: OpenLive;
  readonly userAgent: string;
  readonly emit: (event: EngineEvent) => void;
  /** A desk is about to start. */
  readonly opened: (desk: Desk) => void;
  /** Somebody is signed in, or his socket stands anew: what is on the screen is to be looked at again. */
  readonly refreshed: () => void;
  /** These rooms are not what they were. */
  readonly roomsTold: (rooms: readonly BareJid[]) => void;
};

/** The session of this browser is over already, or was replaced by somebody else's. */
const GONE: ReadonlySet<Failure["kind"]> = new Set(["not-signed-in", "revoked", "wrong-account"]);

const IDLE: ConnectionView = { socket: "connecting", encryption: "starting" };

export class Residence {
  readonly #parts: ResidenceParts;
  readonly #eviction: Eviction;
  #session: SessionView = { state: "starting" };
  #desk: Desk | undefined;
  #unsupported = false;
  /** A sign-out is under way. */
  #leaving = false;
  #booted: Promise<void> | undefined;

  constructor(parts: ResidenceParts) {
    this.#parts = parts;
    this.#eviction = new Eviction(parts.remote);
  }

  /** The desk of whoever is signed in. */
  get desk(): Desk | undefined {
    return this.#desk;
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
  async signedIn(): Promise<Desk | undefined> {
    await this.boot();
    return this.#desk;
  }

  async stop(): Promise<void> {
    const desk = this.#desk;
    this.#desk = undefined;
    await desk?.stop();
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

  async signIn(args: {
    readonly address: string;
    readonly password: string;
    readonly plain: boolean;
  }): Promise<Result<{ readonly account: BareJid }>> {
    await this.boot();
    if (this.#unsupported) return { ok: false, error: { kind: "encryption-unavailable" } };
    if (this.#session.state === "erasing") return { ok: false, error: { kind: "still-erasing" } };
    const address = parseBareJid(args.address);
    if (address === undefined) return { ok: false, error: { kind: "address-invalid" } };
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
    const answer = await remote.signIn({
      ...args,
      address,
      name,
      kind: browserKind(userAgent),
      browser: known?.browser,
    });
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
    const desk = await this.signedIn();
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
      attached: () => this.#desk === desk && this.#parts.refreshed(),
      roomsTold: (rooms) => this.#desk === desk && this.#parts.roomsTold(rooms),
    });
    if (desk === undefined) return undefined;
    this.#desk = desk;
    this.#parts.opened(desk);
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

  #become(session: SessionView): void {
    this.#session = session;
    this.#parts.emit({ type: "session", session });
    this.#parts.emit({ type: "connection", connection: this.#connection() });
    if (session.state === "signed-in") this.#parts.refreshed();
  }

  #connection(): ConnectionView {
    const connection = this.#desk?.connection ?? IDLE;
    return this.#unsupported ? { ...connection, encryption: "unsupported" } : connection;
  }
}
