/** The session of this browser: opens the account that is signed in, signs in, and says why nobody is signed in. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { SignOutArguments } from "../../../worker/contract/sign-in.ts";
import { openDevice, type Wanted } from "./device.ts";
import { SignedInAccount, type SignedInParts } from "./signed-in.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { Ends } from "./ends.ts";
import { Eviction, noteEvicted } from "./eviction.ts";
import { curvesSupported } from "../omemo/curve.ts";
import { installCurve } from "../omemo/handles.ts";
import { type LoadLater, loadLater, NOT_LOADED } from "./later.ts";
import { needed } from "./needed.ts";
import type { ConnectionView, SessionView } from "../protocol/account.ts";
import type { Engine, EngineEvent, Snapshot } from "../protocol/engine.ts";
import { holdsDevice } from "../store/database.ts";
import { lastAccount, type KnownAccount, rememberAccount } from "../store/known-accounts.ts";

export type SessionParts = Pick<SignedInParts, "remote" | "openLive" | "emit" | "roomsTold" | "delays"> & {
  readonly userAgent: string;
  readonly later?: LoadLater;
  /** The account is about to start. */
  readonly opened: (signedIn: SignedInAccount) => void;
  /** Somebody has signed in, or the socket is open again: what is on the screen is to be looked up again. */
  readonly refreshed: () => void;
};

const IDLE: ConnectionView = { socket: "connecting", encryption: "starting" };

export class Session {
  readonly #parts: SessionParts;
  /** See `later.ts`. */
  readonly later: LoadLater;
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
    this.later = parts.later ?? loadLater;
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

  /** See `signing-in.ts`. */
  async signIn(args: Parameters<Engine["signIn"]>[0]): ReturnType<Engine["signIn"]> {
    await this.boot();
    if (this.#curves !== "supported") return { ok: false, error: { kind: "encryption-unavailable" } };
    if (this.#view.state === "erasing") return { ok: false, error: { kind: "still-erasing" } };
    const part = await this.later();
    if (part === undefined) return NOT_LOADED;
    const { remote, userAgent, emit } = this.#parts;
    const opened = (account: BareJid, { views }: SignedInAccount) => {
      this.#become({ state: "signed-in", account });
      emit({ type: "chats", chats: views.chats(), removed: [] });
      emit({ type: "settings", settings: views.settings() });
    };
    const session = {
      ...{ remote, userAgent, eviction: this.#eviction, ends: this.#ends, opened },
      saysEvicted: (known: KnownAccount) => this.#saysEvicted(known),
      showEvicted: (known: KnownAccount) => this.#showEvicted(known),
      current: () => this.#current,
      open: (wanted: Wanted) => this.#open(wanted),
    };
    return part.signIn(session, args);
  }

  /** See `Ends`. */
  async signOut(options: SignOutArguments): Promise<Result<{ readonly done: true }>> {
    return this.#ends.signOut(await this.signedIn(), options);
  }

  async #boot(): Promise<void> {
    this.#curves = (await curvesSupported()).kind;
    if (this.#curves !== "unsupported") installCurve();
    const known = await lastAccount();
    if (known === undefined) {
      this.#become({ state: "signed-out" });
      drop(this.#recall());
      // Whoever signs in has need of it.
      drop(this.later());
      return;
    }
    const { account, browser, signedIn, because, erasing, arriving } = known;
    if (erasing === true) return this.#ends.erase(known);
    const newKeys = arriving && (async () => (await needed(this.later)).createDevice());
    if (signedIn && (await this.#open({ account, browser, newKeys, ...arriving })) !== undefined) {
      return this.#become({ state: "signed-in", account });
    }
    // Overtaken while it opened: what is here is the next engine's to say.
    if (this.#over) return;
    if (signedIn || because === "evicted" || !(await holdsDevice(account))) {
      return this.#showEvicted(await noteEvicted(known));
    }
    this.#become({ state: "signed-out", account, because });
    drop(this.later());
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
    const opened = this.#over ? undefined : await openDevice(wanted, this.later);
    if (this.#over) await opened?.store.close();
    if (opened === undefined || this.#over) return undefined;
    const { account, browser, newKeys } = wanted;
    if (newKeys !== undefined) await rememberAccount({ account, browser, signedIn: true });
    const { remote, openLive, delays, emit } = this.#parts;
    // An account that was left says nothing about the one that is open now.
    const isCurrent = () => this.#current === signedIn;
    const signedIn = new SignedInAccount(opened, {
      remote,
      openLive,
      delays,
      later: this.later,
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
