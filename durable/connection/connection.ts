/**
 * The life of the one XMPP connection: opens it, notices its end, waits between tries. What to do and when is the plan's
 * decision (`plan.ts`), which is carried out here; what a stanza means is the listener's.
 */
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { LinkState } from "../../worker/contract/state.ts";
import { drop } from "../../worker/shared/drop.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { report } from "../../worker/shared/report.ts";
import { type Credentials, Link, type LinkSettings, type Person, type SignedIn } from "../link/link.ts";
import { openInTime } from "../link/open.ts";
import { prove, settingsAt } from "../link/prove.ts";
import type { SignInKeys } from "../store/sign-in-keys.ts";
import { Absence } from "./absence.ts";
import { claiming, Openings } from "./claim.ts";
import type { CurrentLink } from "./current-link.ts";
import type { ConnectionParts } from "./parts.ts";
import { KeptKeys } from "./kept-keys.ts";
import { type Plan, plan, type PlannedLink } from "./plan.ts";
import { Retries } from "./retry.ts";

const FULL: Failure = { kind: "storage-full" };

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #keys: SignInKeys;
  readonly kept: KeptKeys;
  readonly #current: CurrentLink;
  readonly #retries: Retries;
  readonly #openings = new Openings();
  readonly absence: Absence;
  /** Settles when what belongs to the beginning of the present stream is done. */
  #begun: Promise<void> = Promise.resolve();
  /** A look that goes on is to look once more. */
  #again = false;
  /** Where the last stream was opened. */
  #endpoint: string | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#keys = parts.keys;
    this.kept = new KeptKeys(parts, () => this.#near());
    this.#current = parts.current;
    this.absence = new Absence(parts, () => this.replan());
    const { stores } = parts;
    const { retry } = stores.meta;
    this.#retries = new Retries({ load: () => retry.load(), save: (state) => stores.note(() => retry.save(state)) });
    const state = stores.full ? this.#retries.failed(FULL) : this.#retries.restore();
    if (state) this.#current.restore(state);
  }

  get live(): boolean {
    return this.#current.live;
  }

  /**
   * Prove a password at the server. Where no stream is up, the proof is the beginning of one; else it is an exchange of
   * its own that ends before binding. A failed proof leaves a running stream, its keys and an opening by somebody else
   * alone. Fails as `Link.open` does; with `sign-in-lapsed` where another stream came up while this one waited.
   */
  async signIn(account: BareJid, person: Person): Promise<Result<SignedIn>> {
    const { settings } = this.#parts;
    if (!this.live && !this.#openings.going) return this.#open(settings(account), person);
    const proof = await prove(this.#near(account), person);
    if (!proof.ok) return proof;
    // After PLAIN there is nothing to open a stream with later: it is opened while the password is here.
    if (!proof.value.keys && !this.live) {
      this.#openings.abort();
      return this.#open(settings(account), person);
    }
    this.absence.proved(account);
    this.#recover();
    return proof;
  }

  /** Nothing to sign in with: the person has to. */
  lock(): void {
    if (this.#retries.stopped || this.live || this.#openings.going) return;
    this.#failed({ kind: "locked" });
  }

  /** The storage is full: the stream ends without a goodbye, for what was not stored comes again when it goes on. */
  stop(): void {
    const { link } = this.#current;
    this.#openings.abort();
    this.#current.set(undefined);
    this.#failed(FULL);
    link?.cut();
  }

  /** Somebody asked not to wait. */
  retryNow(): void {
    this.#recover();
    drop(this.replan());
  }

  /** Ends the stream for good. Resolves when the server was told, within a few seconds whatever it does. */
  async close(): Promise<void> {
    const { link } = this.#current;
    this.#openings.abort();
    this.#current.set(undefined);
    this.#setState({ state: "off" });
    await link?.close();
  }

  /** Carry out the plan (see `plan.ts` for what and why) and arm the alarm for the next look. Answers with what was to do. */
  async replan(): Promise<Plan["act"]> {
    const { stores, alarm, browsers } = this.#parts;
    const unlocked = this.#keys.current !== undefined;
    this.#showUp();
    const { act, alarmAt } = plan({ ...this.absence.situation(this.kept.fits), link: this.#planned, unlocked });
    await alarm.set(alarmAt);
    switch (act) {
      case "open":
        if (this.#keys.current && !this.live && !this.#openings.going && !stores.full)
          drop(this.#open(this.#parts.settings(), this.#keys.current));
        return act;
      case "drop":
        this.#abandon();
        return act;
      case "close":
        this.absence.closes();
        await this.close();
        return act;
      case "try-keys":
        drop(this.kept.tryKeys().then(() => this.replan()));
        return act;
      case "rest":
        this.#rest();
        return act;
      case "ask-unlock":
        browsers.broadcast({ type: "unlock" });
        return act;
      case "check":
      case "nothing":
        return act;
      default:
        return missingCase(act);
    }
  }

  /** The alarm has rung. True where the stream stands and everything is read: what is done now and then may be done now. */
  async heartbeat(): Promise<boolean> {
    if ((await this.replan()) !== "check") return false;
    this.#current.tellActive();
    this.#current.requestAck();
    return this.#current.caughtUp && !this.#current.unseen;
  }

  /**
   * Opens a stream. With kept keys it is the account's own from the first step on; with a person who has still to show that
   * they know the password, nobody sees or waits for it before they have given what shows it.
   */
  async #open(settings: LinkSettings, credentials: Credentials): Promise<Result<SignedIn>> {
    const { listener } = this.#parts;
    const opening = new AbortController();
    let before = this.#current.state;
    const begin = (): boolean => {
      if (this.live) return false;
      this.#openings.begin(opening);
      before = this.#current.state;
      drop(this.replan());
      return true;
    };
    let ready = false;
    const link: Link = new Link(
      settings,
      {
        onState: (state) => {
          if (this.#openings.isOwn(opening)) this.#setState({ state });
        },
        onStream: (resumed) => {
          if (!this.#openings.isOwn(opening)) return false;
          this.#current.set(link);
          this.#current.unseen = !resumed && credentials.kind !== "person" && this.absence.unseen;
          this.absence.began(resumed);
          ready = listener.stands(resumed);
          // A resumed stream goes on where it was: what it brings goes straight into the log.
          if (ready) this.#setState({ state: "live", caughtUp: true });
          return ready;
        },
        onClosed: (failure) => this.#lost(link, failure),
      },
      listener,
    );
    if (credentials.kind !== "person") begin();
    const used =
      credentials.kind === "person"
        ? claiming(credentials, () => this.#openings.whenNone(begin))
        : await this.kept.counted(credentials);
    const result = await openInTime(link, used, opening.signal);
    if (!this.#openings.isOwn(opening)) {
      if (this.#current.link === link) this.#current.set(undefined);
      // Somebody else signs in or everything was closed meanwhile: this stream has no owner.
      if (result.ok) await link.close();
      return result.ok ? { ok: false, error: { kind: "connection-lost" } } : result;
    }
    this.#openings.end();
    if (!result.ok) {
      this.#current.set(undefined);
      if (credentials.kind !== "person") {
        // Where somebody has signed in meanwhile, what was refused is not what is kept now.
        if (this.#keys.current === used) this.#failed(this.kept.refused(credentials, result.error));
        else this.#failed({ kind: "connection-lost" });
        return result;
      }
      // A password that was refused is the business of the browser that typed it, not of the account.
      this.#setState(before.state === "waiting" || before.state === "off" ? before : { state: "off" });
      drop(this.replan());
      return result;
    }
    // By itself it is opened for an account that was proved before, and nobody has come: each look would begin the grace anew.
    if (credentials.kind === "person") this.absence.proved(settings.account);
    this.#current.set(link);
    this.#retries.connected();
    this.#endpoint = result.value.endpoint;
    if (credentials.kind === "person") this.#keys.use(result.value.keys);
    else if (this.#keys.current === used) this.kept.replace(result.value.keys);
    if (credentials.kind === "scram") this.kept.fitted();
    if (ready) this.#current.tellActive();
    else this.#setState({ state: "live", caughtUp: false });
    this.#begun = this.#begin(link, ready);
    drop(this.#begun);
    return result;
  }

  async #begin(link: Link, ready: boolean): Promise<void> {
    try {
      await this.#parts.listener.begin(ready);
    } catch (error) {
      report("session start failed", error);
      if (this.#current.link === link) this.#abandon();
      return;
    }
    if (this.#current.link === link) this.#recover();
    this.absence.ready();
    drop(this.replan());
  }

  /** Nobody is here, nothing stands, and nothing would come of a look: it is not to look, has nothing to sign in with, or was refused. */
  get cannotLook(): boolean {
    if (this.live || this.#openings.going || this.#parts.browsers.attached().size > 0) return false;
    return !this.absence.looksIn || this.#keys.current === undefined || this.#retries.stopped;
  }

  /** Something has come, as the server says: who looks in, or rests behind hidden pages, looks now, and again if it does already. */
  async wake(): Promise<void> {
    const { link, unseen } = this.#current;
    if (!this.live || !link) {
      const there = this.#parts.browsers.attached().size > 0;
      await (there ? this.absence.hurry() : this.absence.woken());
      return;
    }
    if (!unseen || this.#again) return;
    this.#again = true;
    this.#begun = this.#begun.then(async () => {
      this.#again = false;
      if (this.#current.link === link && this.#current.unseen) await this.#begin(link, false);
    });
    drop(this.#begun);
  }

  /** Somebody has come while the account looked in unseen: from now on the stream is one as any other. */
  #showUp(): void {
    if (this.#parts.browsers.attached().size === 0) return;
    this.absence.came();
    const { link, unseen } = this.#current;
    if (!unseen || !link) return;
    this.#current.unseen = false;
    this.#begun = this.#begun.then(async () => {
      if (this.#current.link === link) await this.#begin(link, false);
    });
    drop(this.#begun);
  }

  get #planned(): PlannedLink {
    const { link, state } = this.#current;
    if (link && this.live) return { state: "live", lastByteAt: link.lastByteAt };
    if (this.#openings.going) return { state: "opening" };
    if (state.state === "waiting") return { state: "waiting", until: state.until };
    return this.#retries.stopped ? { state: "off" } : { state: "idle" };
  }

  /**
   * Lets go of the stream, for nobody looks. Pages are not told, so that the first thing they show to whoever comes back is
   * not that nothing stands: in a moment it does.
   */
  #rest(): void {
    const { link } = this.#current;
    // Somebody has come while the alarm was set.
    if (this.#parts.browsers.hiddenSince === undefined) return;
    this.absence.rests();
    this.#current.set(undefined);
    this.#current.restore({ state: "off" });
    this.#parts.listener.ended();
    link?.cut();
  }

  /** The other side has been silent for too long. */
  #abandon(): void {
    const { link } = this.#current;
    if (!link) return;
    this.#lost(link, { kind: "connection-lost" });
    link.cut();
  }

  #lost(link: Link, failure: Failure): void {
    if (this.#current.link !== link) return;
    this.#current.set(undefined);
    if (this.#parts.stores.full) {
      // Without an answer to what came the server would send it again, on one stream after the other.
      this.#failed(FULL);
      return;
    }
    // After PLAIN there is nothing to sign in with: the person has to.
    this.#failed(this.#keys.current ? failure : { kind: "locked" });
  }

  #failed(failure: Failure): void {
    this.#setState(this.#retries.failed(failure));
    drop(this.replan());
  }

  /** Whatever went wrong before is over. */
  #recover(): void {
    this.#retries.recovered();
    const { state } = this.#current.state;
    if (state === "waiting" || state === "off") this.#setState({ state: "off" });
  }

  /** Settings with the endpoint of the stream that is up, if one is, so that discovery is not repeated. */
  #near(account?: BareJid): LinkSettings {
    const settings = this.#parts.settings(account);
    return this.live && this.#endpoint !== undefined ? settingsAt(settings, this.#endpoint) : settings;
  }

  #setState(state: LinkState): void {
    this.#current.setState(state);
    if (!this.live) this.#parts.listener.ended();
  }
}
