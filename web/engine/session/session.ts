/** The session of this browser: opens the account that is signed in, signs in, and says why nobody is signed in. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { browserKind, browserName } from "./browser-name.ts";
import { openDevice, type Wanted } from "./device.ts";
import { SignedInAccount, type SignedInParts } from "./signed-in.ts";
import { typedJid } from "../address.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { Ends } from "./ends.ts";
import { Eviction, noteEvicted } from "./eviction.ts";
import { curvesSupported } from "../omemo/curve.ts";
import { installCurve } from "../omemo/handles.ts";
import { newBrowserKey, useBrowserKey } from "../object/browser-key.ts";
import { createDevice } from "../omemo/identity.ts";
import { provePassword } from "./proving.ts";
import type { ConnectionView, SessionView } from "../protocol/account.ts";
import type { EngineEvent, Snapshot } from "../protocol/engine.ts";
import { holdsDevice } from "../store/database.ts";
import { lastAccount, type KnownAccount, rememberAccount, knownAccount } from "../store/known-accounts.ts";

export type SessionParts = Pick<SignedInParts, "remote" | "openLive" | "emit" | "roomsTold" | "delays"> & {
  readonly userAgent: string;
  /** The account is about to start. */
  readonly opened: (signedIn: SignedInAccount) => void;
  /** Somebody has signed in, or the socket is open again: what is on the screen is to be looked up again. */
  readonly refreshed: () => void;
};

const IDLE: ConnectionView = { socket: "connecting", encryption: "starting" };

export class Session {
  readonly #parts: SessionParts;
  readonly #eviction: Eviction;
  readonly #ends: Ends;
  #view: SessionView = { state: "starting" };
  #current: SignedInAccount | undefined;
  #curves: Awaited<ReturnType<typeof curvesSupported>>["kind"] = "supported";
  #booted: Promise<void> | undefined;
  /** Another tab's engine leads now. */
  #over = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#eviction = new Eviction(parts.remote);
    this.#ends = new Ends({
      stop: () => this.stop(),
      isSignedIn: () => this.#current !== undefined,
      view: () => this.#view,
      become: (view) => this.#become(view),
    });
  }

  /** Whoever is signed in, as far as is known now. */
  get current(): SignedInAccount | undefined {
    return this.#current;
  }

  /** Opens the account that is signed in here, from the store alone. */
  boot(): Promise<void> {
    this.#booted ??= this.#boot().catch((error: unknown) => {
      // The disk may have failed for a moment; the next request tries again.
      this.#booted = undefined;
      throw error;
    });
    return this.#booted;
  }

  /** Whoever is signed in, once that is known: a request that comes while the store is being opened waits for it. */
  async signedIn(): Promise<SignedInAccount | undefined> {
    await this.boot();
    return this.#current;
  }

  /** Another engine takes over: a sign-in that is still under way opens nothing any more. */
  end(): Promise<void> {
    this.#over = true;
    return this.stop();
  }

  async stop(): Promise<void> {
    const signedIn = this.#current;
    this.#current = undefined;
    await signedIn?.stop();
  }

  snapshot(): Snapshot {
    const signedIn = this.#current;
    return {
      session: this.#view,
      connection: this.#connection(),
      chats: signedIn?.views.chats() ?? [],
      profile: signedIn?.views.profile() ?? {},
      notices: signedIn?.views.notices() ?? [],
      gaps: signedIn?.views.gaps() ?? [],
      ...(signedIn && { settings: signedIn.views.settings() }),
    };
  }

  async signIn(args: {
    readonly address: string;
    readonly password: string;
    readonly plain: boolean;
    readonly invitation?: string;
  }): Promise<Result<{ readonly account: BareJid }>> {
    await this.boot();
    if (this.#curves !== "supported") return { ok: false, error: { kind: "encryption-unavailable" } };
    if (this.#view.state === "erasing") return { ok: false, error: { kind: "still-erasing" } };
    // A resource is the object's to choose: whoever types one means something else.
    const address = args.address.includes("/") ? undefined : typedJid(args.address);
    if (address === undefined) return { ok: false, error: { kind: "address-invalid" } };
    const replaced = await this.#eviction.replacedBy(address);
    if (replaced !== undefined && !this.#saysEvicted(replaced)) {
      this.#showEvicted(replaced);
      return { ok: false, error: { kind: "evicted" } };
    }
    const known = await knownAccount(address);
    const startOver = known?.because === "revoked";
    // Keys take longer than anything else here, so they are made while the server is asked.
    const keys = known === undefined || replaced !== undefined || startOver ? createDevice() : undefined;
    const { remote, userAgent } = this.#parts;
    const key = await newBrowserKey();
    const name = browserName(userAgent).slice(0, LIMITS.browserNameLength);
    const request = {
      address,
      name,
      kind: browserKind(userAgent),
      key: key.publicKey,
      ...(args.invitation && { invitation: args.invitation }),
    };
    const asBefore = known && !startOver ? { ...request, browser: known.browser } : request;
    let answer = await provePassword(remote, asBefore, args);
    const revoked = !answer.ok && answer.error.kind === "revoked";
    // Whoever has lost everything and agreed to be a new device has nothing left that could be locked.
    if (revoked && replaced !== undefined) answer = await provePassword(remote, request, args);
    if (!answer.ok) {
      await keys;
      // Another browser has signed this one out while it was signed out already: the person is told before it comes back as
      // a new device.
      if (revoked && known !== undefined) await this.#ends.lock(known);
      return answer;
    }
    const { account, browser } = answer.value;
    const arriving = { startOver, unremembered: (known ?? (await knownAccount(account))) === undefined };
    await useBrowserKey(browser, key, true);
    if (this.#isCurrent(answer.value)) {
      // Signed in all along; it was the account that had lost its way to the server.
      this.#current?.hurry();
      return { ok: true, value: { account } };
    }
    await rememberAccount({ account, browser, signedIn: true, arriving });
    const signedIn = await this.#open({ account, browser, newKeys: keys ?? createDevice, ...arriving });
    if (signedIn === undefined) return { ok: false, error: { kind: "internal" } };
    this.#become({ state: "signed-in", account });
    this.#parts.emit({ type: "chats", chats: signedIn.views.chats(), removed: [] });
    this.#parts.emit({ type: "settings", settings: signedIn.views.settings() });
    return { ok: true, value: { account } };
  }

  #isCurrent({ account, browser }: Pick<KnownAccount, "account" | "browser">): boolean {
    const self = this.#current?.account.self;
    return self !== undefined && self.jid === account && self.browser === browser;
  }

  /** See `Ends`. */
  async signOut(options: { readonly erase: boolean }): Promise<Result<{ readonly done: true }>> {
    return this.#ends.signOut(await this.signedIn(), options);
  }

  async #boot(): Promise<void> {
    this.#curves = (await curvesSupported()).kind;
    if (this.#curves !== "unsupported") installCurve();
    const known = await lastAccount();
    if (known === undefined) {
      this.#become({ state: "signed-out" });
      drop(this.#recall());
      return;
    }
    const { account, browser, signedIn, because, erasing, arriving } = known;
    if (erasing === true) return this.#ends.erase(known);
    const newKeys = arriving && createDevice;
    if (signedIn && (await this.#open({ account, browser, newKeys, ...arriving })) !== undefined) {
      return this.#become({ state: "signed-in", account });
    }
    if (signedIn || because === "evicted" || !(await holdsDevice(account))) {
      return this.#showEvicted(await noteEvicted(known));
    }
    this.#become({ state: "signed-out", account, because });
  }

  /** No account is known here, perhaps because everything was thrown away. The page does not wait for the answer. */
  async #recall(): Promise<void> {
    const lost = await this.#eviction.recall();
    if (lost !== undefined && this.#view.state === "signed-out") this.#showEvicted(lost);
  }

  #showEvicted({ account }: KnownAccount): void {
    if (!this.#saysEvicted({ account })) this.#become({ state: "signed-out", account, because: "evicted" });
  }

  /** The person has been told that what this account had here is gone. */
  #saysEvicted({ account }: Pick<KnownAccount, "account">): boolean {
    const view = this.#view;
    return view.state === "signed-out" && view.because === "evicted" && view.account === account;
  }

  async #open(wanted: Wanted): Promise<SignedInAccount | undefined> {
    await this.stop();
    const opened = this.#over ? undefined : await openDevice(wanted);
    if (opened === undefined) return undefined;
    const { account, browser, newKeys } = wanted;
    if (newKeys !== undefined) await rememberAccount({ account, browser, signedIn: true });
    const { remote, openLive, delays, emit } = this.#parts;
    // An account that was left says nothing about the one that is open now.
    const isCurrent = () => this.#current === signedIn;
    const signedIn = new SignedInAccount(opened, {
      remote,
      openLive,
      delays,
      emit: (event) => isCurrent() && emit(this.#completed(event)),
      ended: (because) => isCurrent() && drop(this.#ends.ended(signedIn, because)),
      lost: (why) => isCurrent() && drop(why === "closed" ? this.#reopen() : this.stop()),
      attached: () => isCurrent() && this.#parts.refreshed(),
      roomsTold: (rooms) => isCurrent() && this.#parts.roomsTold(rooms),
    });
    this.#current = signedIn;
    this.#parts.opened(signedIn);
    signedIn.start();
    return signedIn;
  }

  #completed(event: EngineEvent): EngineEvent {
    return event.type === "connection" ? { ...event, connection: this.#connection() } : event;
  }

  /** The browser closed the database: a new connection to it, and everything from the start. */
  async #reopen(): Promise<void> {
    this.#booted = this.stop().then(() => this.#boot());
    await this.#booted;
    this.#parts.emit({ type: "reset", snapshot: this.snapshot() });
  }

  #become(view: SessionView): void {
    this.#view = view;
    this.#parts.emit({ type: "session", session: view });
    this.#parts.emit({ type: "connection", connection: this.#connection() });
    if (view.state === "signed-in") this.#parts.refreshed();
  }

  #connection(): ConnectionView {
    const connection = this.#current?.connection.view ?? IDLE;
    return this.#curves === "supported" ? connection : { ...connection, encryption: this.#curves };
  }
}
