/**
 * This browser is new: it makes itself known to every older one that is attached, shows a code and a picture for each, and
 * takes one's word for it only when the person says here, too, that the codes are the same (or a picture was scanned).
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { sameBytes } from "../bytes.ts";
import { generateKeyPair, type KeyPair } from "../omemo/curve.ts";
import type { JoiningState, JoiningView } from "../protocol/letting-in.ts";
import { type Card, newSecret } from "./card.ts";
import { isUncompared } from "./decided.ts";
import { commit, type Committed, reveal } from "./letting-in.ts";
import { Meeting } from "./meeting.ts";
import { DONE, NOT_FOUND, ownOf, type Parts } from "./parts.ts";
import { Patience } from "./patience.ts";
import { newRoad, type Piece, SAYS, Talk } from "./talk.ts";

/**
 * Codes shown for one browser, and for all of them, before a person asks for more: each is one guess for whoever sits between.
 */
const CODES_OF_ONE = 3;
const CODES = 10;
/** What was just begun is not begun anew because the other end has not heard of it yet. */
const JUST_MS = 5_000;

type Failed = Exclude<JoiningState, "agreeing" | "code" | "asks">;

type Run = {
  readonly talk: Talk;
  readonly committed: Committed;
  meeting?: Meeting;
  /** What the other end has answered. */
  allowed?: "allowed" | "allowed-with-history";
  /** The person has said here that it is the same code. */
  same?: true;
  failed?: Failed;
  /** The other end has gone since. */
  parted?: true;
  readonly since: number;
};

export class Joining {
  readonly #account: Account;
  readonly #parts: Parts;
  readonly #secret = newSecret();
  readonly #runs = new Map<DeviceId, Run>();
  readonly #tries = new Map<DeviceId, number>();
  readonly #patience = new Patience();
  #hellos = 0;
  #by: readonly DeviceId[] = [];
  /** One has let this browser in. */
  #isIn = false;
  #ephemeral: Promise<KeyPair> | undefined;

  constructor(account: Account, parts: Parts) {
    this.#account = account;
    this.#parts = parts;
  }

  /** Undefined: this browser is not new, or was let in and nothing is left to say. */
  get view(): readonly [JoiningView] | undefined {
    const devices = [...new Set([...(this.#isIn ? [] : this.#by), ...this.#runs.keys()])];
    if (devices.length === 0) return undefined;
    const by = devices.map((device) => {
      const run = this.#runs.get(device);
      const code = run?.meeting?.met.code;
      return { device, state: stateOf(run, this.#answers(device)), ...(code !== undefined && { code }) };
    });
    const card = [...this.#runs.values()].find(({ meeting }) => meeting !== undefined)?.meeting?.card;
    return [
      { kind: "joining", key: "joining", by, ...(this.#isIn && { again: true }), ...(card !== undefined && { card }) },
    ];
  }

  /** Who can let this browser in, and who is attached, is another. */
  async look(): Promise<void> {
    const before = this.#by;
    this.#by = (await this.#account.store.work((unit) => unit.meta("admission")))?.by ?? [];
    if (this.#by.length === 0 && before.length > 0) this.#letIn();
    // Those that were taken off the account.
    else for (const device of before) if (!this.#by.includes(device)) this.#drop(device);
    // What happened while this browser heard nothing is not known.
    const { hellos } = this.#account.live;
    const anew = hellos !== this.#hellos;
    this.#hellos = hellos;
    if (anew) for (const run of this.#runs.values()) run.parted = true;
    for (const device of this.#by) if (anew || !this.#isAttached(device)) this.#patience.anew(device);
    for (const [device, run] of [...this.#runs]) this.#stillThere(device, run);
    for (const device of this.#by) {
      if (!this.#isMissing(device)) continue;
      this.#parts.inTurn(device, async () => (this.#isMissing(device) ? this.#begin(device) : undefined));
    }
  }

  /** It could let this browser in, and nothing is begun. */
  #isMissing(device: DeviceId): boolean {
    return !this.#isIn && this.#by.includes(device) && this.#answers(device) && !this.#runs.has(device);
  }

  has(road: string): boolean {
    return [...this.#runs.values()].some(({ talk }) => talk.road === road);
  }

  /**
   * An older browser has lost what was said, or has just come; or one that has compared this browser's key hears that it was
   * not compared here. Whoever came later than this browser, and was not allowed by a person, is not listened to.
   */
  async wanted(peer: DeviceId): Promise<void> {
    const run = this.#runs.get(peer);
    const waits = !this.#isIn && this.#by.includes(peer);
    if ((!waits && !isUncompared(this.#account, peer)) || run?.allowed !== undefined) return;
    const begun = run !== undefined && run.meeting === undefined && run.failed === undefined;
    if (begun && run.since > Date.now() - JUST_MS) return;
    await this.#begin(peer);
  }

  async heard({ from, says, body }: Piece): Promise<void> {
    const run = this.#runs.get(from);
    if (run === undefined || run.failed !== undefined) return;
    if (says === SAYS.keys && run.meeting === undefined) await this.#met(run, body);
    else if (says === SAYS.record && run.meeting !== undefined) await this.#told(run, run.meeting, body);
    else if (says === SAYS.enough) run.failed = "too-many";
    else if (says === SAYS.refused) run.failed = "refused";
    else if (says === SAYS.ended) {
      this.#drop(from);
      if (!this.#isIn && this.#by.includes(from) && this.#isAttached(from)) await this.#begin(from);
    }
  }

  /**
   * One that has gone and come back may have forgotten what it showed: a code that stands here alone is none. Where it showed
   * none yet, what was said is lost with it.
   */
  #stillThere(device: DeviceId, run: Run): void {
    if (!this.#isAttached(device)) run.parted = true;
    else if (run.parted === true && run.failed === undefined) {
      delete run.parted;
      if (run.meeting === undefined) this.#drop(device);
      else this.#parts.inBackground(run.talk.say(SAYS.there));
    }
  }

  /** The person says that both codes are the same, or that they are not. */
  async compared(device: DeviceId, same: boolean): Promise<Result<{ readonly done: true }>> {
    const run = this.#runs.get(device);
    // The second press of two: what the first one said has been heard.
    if (run === undefined ? this.#isIn && same : run.failed === "differs" && !same) return DONE;
    if (run?.meeting === undefined || run.failed !== undefined) return NOT_FOUND;
    if (same) {
      run.same = true;
      return this.#settle(run, run.meeting);
    }
    run.failed = "differs";
    run.meeting.say("differs");
    return this.#parts.decide(device, run.meeting.fingerprint, "distrusted");
  }

  /** A card was scanned here. */
  async scanned(card: Card): Promise<Result<{ readonly done: true }> | undefined> {
    const run = this.#runs.get(card.device);
    if (run?.meeting === undefined) return undefined;
    if (!(await run.meeting.scanned(card))) {
      run.failed = "key-replaced";
      return DONE;
    }
    return this.#settle(run, run.meeting);
  }

  /** The person asks for another code. */
  async again(device: DeviceId): Promise<void> {
    const run = this.#runs.get(device);
    // The second press of two: each code that is begun is one of the few that the other end shows.
    if (run !== undefined && run.failed === undefined) return;
    this.#tries.clear();
    this.#drop(device);
    await this.look();
  }

  close(device: DeviceId): boolean {
    const run = this.#runs.get(device);
    if (run?.failed === undefined) return false;
    this.#drop(device);
    return true;
  }

  stop(): void {
    this.#patience.stop();
    for (const device of [...this.#runs.keys()]) this.#drop(device);
  }

  async #begin(peer: DeviceId): Promise<void> {
    this.#drop(peer);
    this.#ephemeral ??= generateKeyPair();
    const talk = new Talk(this.#account.remote, { peer, road: newRoad() }, () => this.#lost(peer, talk));
    const { state, message } = await commit(
      { own: ownOf(this.#account), peer, road: talk.road },
      await this.#ephemeral,
    );
    const run: Run = { talk, committed: state, since: Date.now() };
    this.#runs.set(peer, run);
    const all = [...this.#tries.values()].reduce((sum, one) => sum + one, 0);
    if ((this.#tries.get(peer) ?? 0) >= CODES_OF_ONE || all >= CODES) run.failed = "too-many";
    else this.#parts.inBackground(talk.say(SAYS.commitment, message));
    this.#expect(peer, run);
  }

  #expect(peer: DeviceId, run: Run): void {
    const silent = () => this.#runs.get(peer) === run && run.meeting === undefined && run.failed === undefined;
    this.#patience.expect(() => {
      if (silent()) this.#parts.inTurn(peer, async () => (silent() ? this.#onceMore(peer) : undefined));
    });
  }

  async #onceMore(peer: DeviceId): Promise<void> {
    if (this.#patience.unanswered(peer) && this.#isAttached(peer)) await this.#begin(peer);
  }

  async #met(run: Run, keys: Parameters<typeof reveal>[1]): Promise<void> {
    const { talk } = run;
    this.#patience.anew(talk.peer);
    this.#tries.set(talk.peer, (this.#tries.get(talk.peer) ?? 0) + 1);
    const step = await reveal(run.committed, keys);
    if (step.kind !== "next") {
      run.failed = "broken";
      return;
    }
    const pinned = await this.#parts.keyOf(talk.peer);
    // Another browser has let this one in meanwhile.
    if (this.#runs.get(talk.peer) !== run) return;
    if (pinned === undefined || !sameBytes(pinned, step.state.theirs.identityKey)) {
      run.failed = "key-replaced";
      return;
    }
    run.meeting = new Meeting(talk, ownOf(this.#account), step.state, this.#secret);
    this.#parts.inBackground(talk.say(SAYS.opening, step.message));
  }

  async #told(run: Run, meeting: Meeting, record: Parameters<Meeting["heard"]>[0]): Promise<void> {
    const heard = await meeting.heard(record);
    if (heard.kind === "broken") run.failed = "broken";
    if (heard.kind === "read" && !heard.right) run.failed = "key-replaced";
    if (heard.kind !== "word") {
      if (heard.kind === "read" && heard.right) await this.#settle(run, meeting);
      return;
    }
    if (heard.word === "refused") run.failed = "refused";
    if (heard.word === "allowed" || heard.word === "allowed-with-history") {
      run.allowed = heard.word;
      await this.#settle(run, meeting);
    }
  }

  /** Both have said yes: the person there, and here the person or a card. */
  async #settle(run: Run, meeting: Meeting): Promise<Result<{ readonly done: true }>> {
    if (run.allowed === undefined || (run.same !== true && !meeting.proven)) return DONE;
    const { peer } = meeting.talk;
    const decided = await this.#parts.decide(peer, meeting.fingerprint, "verified");
    if (!decided.ok) return decided;
    this.#parts.remember(peer, { run: meeting.talk.road, secret: meeting.met.secret });
    meeting.say("confirmed");
    this.#runs.delete(peer);
    this.#letIn();
    return DONE;
  }

  /** Some browser has let this one in: the others need not ask any more. */
  #letIn(): void {
    this.#isIn = true;
    for (const [device, { meeting, allowed }] of [...this.#runs]) {
      if (allowed !== undefined) continue;
      meeting?.say("settled");
      this.#runs.delete(device);
    }
  }

  #lost(peer: DeviceId, talk: Talk): void {
    if (this.#runs.get(peer)?.talk !== talk) return;
    this.#runs.delete(peer);
    this.#parts.inTurn(peer, async () => (this.#isMissing(peer) ? this.#onceMore(peer) : undefined));
    this.#parts.changed();
  }

  #drop(device: DeviceId): void {
    this.#runs.get(device)?.talk.stop();
    this.#runs.delete(device);
  }

  /** It is there, and not for as long that it would have answered. */
  #answers(of: DeviceId): boolean {
    return this.#isAttached(of) && this.#patience.hasFor(of);
  }

  #isAttached(of: DeviceId): boolean {
    return this.#account.live.browsers.some(({ device, attached }) => device === of && attached);
  }
}

function stateOf(run: Run | undefined, attached: boolean): JoiningState {
  if (run?.failed !== undefined) return run.failed;
  if (run?.meeting === undefined) return attached ? "agreeing" : "away";
  if (run.allowed !== undefined) return "asks";
  return attached ? "code" : "away";
}
