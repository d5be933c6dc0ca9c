/**
 * This browser was there before: to every new one that makes itself known it answers with its own keys, and asks the person,
 * once, beside the code that both screens show. What the person says is the one decision about that device's key.
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { sameBytes } from "../bytes.ts";
import { fingerprintOf } from "../omemo/fingerprint.ts";
import type { LettingInState, LettingInView } from "../protocol/letting-in.ts";
import type { Card } from "./card.ts";
import { isAskedAbout, isOpen, isRefused, isSettled } from "./decided.ts";
import { answer, type Answered, check } from "./letting-in.ts";
import { Meeting } from "./meeting.ts";
import { DONE, NOT_FOUND, ownOf, type Parts } from "./parts.ts";
import type { Before } from "./roads.ts";
import { type Piece, SAYS, sayOnce, Talk, newRoad } from "./talk.ts";

/** Answers to one new browser before a person asks for more: each is one guess for whoever sits between. */
const ANSWERS_TO_ONE = 3;
/** New browsers that have spoken before this one had seen them on the account's list. */
const EARLY = 3;

type Failed = Exclude<LettingInState, "code" | "allowed">;

type Run = {
  readonly talk: Talk;
  /** Undefined: it was not answered any more. */
  readonly answered?: Answered;
  meeting?: Meeting;
  allowed?: "allowed" | "allowed-with-history";
  failed?: Failed;
  /** The person has said long ago that it may read: it alone does not know. */
  readonly settled: boolean;
  /** Nothing more is carried, or the other end knows nothing of it. */
  lost?: true;
};

/** The new browser has confirmed what the person has allowed here. */
export type LetIn = (device: DeviceId, how: "allowed" | "allowed-with-history", before: Before) => void;

export class Admitting {
  readonly #account: Account;
  readonly #parts: Parts;
  readonly #letIn: LetIn;
  readonly #runs = new Map<DeviceId, Run>();
  readonly #tries = new Map<DeviceId, number>();
  /** Those that were asked to make themselves known since they were attached. */
  readonly #asked = new Set<DeviceId>();
  /** Commitments of those that are not known here yet. */
  readonly #early = new Map<DeviceId, Piece>();
  #hellos = 0;

  constructor(account: Account, parts: Parts, letIn: LetIn) {
    this.#account = account;
    this.#parts = parts;
    this.#letIn = letIn;
  }

  get views(): readonly LettingInView[] {
    return [...this.#runs].flatMap(([device, run]) => {
      const state = stateOf(run);
      if (state === undefined) return [];
      const { meeting } = run;
      const shown = meeting && { code: meeting.met.code, card: meeting.card, proven: meeting.proven };
      return [{ kind: "letting-in" as const, key: `letting-in:${device}`, device, state, ...shown }];
    });
  }

  /** Who is attached, or decided about, is another. */
  look(): void {
    const { self, live } = this.#account;
    const attached = live.browsers.flatMap(({ device, attached: here }) =>
      here && device !== undefined ? [device] : [],
    );
    for (const device of [...this.#asked]) if (!attached.includes(device)) this.#asked.delete(device);
    // What happened while this browser heard nothing is not known.
    const anew = live.hellos !== this.#hellos;
    this.#hellos = live.hellos;
    for (const [device, run] of [...this.#runs]) {
      const open = run.settled ? isSettled(this.#account, device) : isOpen(this.#account, device);
      const waits = run.failed === undefined || run.failed === "too-many";
      const decided = run.allowed === undefined && waits && !open;
      if (decided || live.removed.includes(device)) this.#drop(device);
      else if (!attached.includes(device)) run.failed ??= "gone";
      else if (run.failed === "gone" && run.lost === true) this.#drop(device);
      else if (run.failed === "gone" || (anew && run.failed === undefined)) {
        delete run.failed;
        // It may have forgotten it, and then says so.
        this.#parts.inBackground(run.talk.say(SAYS.there));
      }
    }
    for (const piece of [...this.#early.values()]) this.#parts.inTurn(piece.from, () => this.#stillEarly(piece));
    for (const device of attached) {
      if (device === self.device || this.#runs.has(device) || this.#asked.has(device) || this.#early.has(device))
        continue;
      if (!isAskedAbout(this.#account, device)) continue;
      this.#ask(device);
    }
  }

  /** It is to make itself known; asked again at the next occasion where it cannot have heard that. */
  #ask(device: DeviceId): void {
    this.#asked.add(device);
    const said = sayOnce(this.#account.remote, { peer: device, road: newRoad() }, SAYS.wanted);
    this.#parts.inBackground(said.then((heard) => heard || this.#asked.delete(device)));
  }

  async #stillEarly(piece: Piece): Promise<void> {
    if (this.#early.get(piece.from) === piece) await this.committed(piece);
  }

  has(road: string): boolean {
    return [...this.#runs.values()].some(({ talk }) => talk.road === road);
  }

  /** A browser of the account says that it is new. */
  async committed(piece: Piece): Promise<void> {
    const { from, road, body } = piece;
    this.#early.delete(from);
    const key = await this.#parts.keyOf(from);
    const settled = isSettled(this.#account, from);
    if (isRefused(this.#account, from)) {
      this.#parts.inBackground(sayOnce(this.#account.remote, { peer: from, road }, SAYS.refused));
      return;
    }
    if (key === undefined || (!settled && !isAskedAbout(this.#account, from))) {
      if (this.#early.size < EARLY) this.#early.set(from, piece);
      return;
    }
    if (!settled && !isOpen(this.#account, from)) return;
    const before = this.#runs.get(from);
    // The same once more would be answered by other keys: another code for what the new browser shows already.
    if ((before?.allowed !== undefined && !settled) || before?.talk.road === road) return;
    const tries = (this.#tries.get(from) ?? 0) + 1;
    this.#tries.set(from, tries);
    if (tries > ANSWERS_TO_ONE) {
      // Also where nothing is shown any more: only this person can ask for another code.
      this.#drop(from);
      this.#runs.set(from, { talk: this.#talk(from, road), settled, failed: "too-many" });
      this.#parts.inBackground(sayOnce(this.#account.remote, { peer: from, road }, SAYS.enough));
      return;
    }
    const step = await answer({ own: ownOf(this.#account), peer: from, road }, body);
    if (step.kind !== "next") return;
    this.#drop(from);
    const talk = this.#talk(from, road);
    this.#runs.set(from, { talk, answered: step.state, settled });
    this.#parts.inBackground(talk.say(SAYS.keys, step.message));
  }

  #talk(peer: DeviceId, road: Piece["road"]): Talk {
    const talk: Talk = new Talk(this.#account.remote, { peer, road }, () => this.#lost(peer, talk));
    return talk;
  }

  async heard({ from, says, body }: Piece): Promise<void> {
    const run = this.#runs.get(from);
    if (run === undefined || (run.failed !== undefined && run.failed !== "gone")) return;
    if (says === SAYS.opening && run.meeting === undefined && run.answered !== undefined)
      await this.#met(run, run.answered, body);
    else if (says === SAYS.record && run.meeting !== undefined) await this.#told(run, run.meeting, body);
    else if (says === SAYS.ended) {
      run.failed = "gone";
      run.lost = true;
      if (run.settled) this.#drop(from);
    }
  }

  /** The person lets it in, having seen the code. */
  async allow(device: DeviceId, history: boolean): Promise<Result<{ readonly done: true }>> {
    const run = this.#runs.get(device);
    // The second press of two: what the first one said stands.
    if (run === undefined ? isSettled(this.#account, device) : stateOf(run) === "allowed") return DONE;
    if (run?.meeting === undefined || stateOf(run) !== "code") return NOT_FOUND;
    const allowed = history ? "allowed-with-history" : "allowed";
    run.allowed = allowed;
    let decided: Result<{ readonly done: true }> | undefined;
    try {
      decided = await this.#parts.decide(device, run.meeting.fingerprint, "verified", history);
    } finally {
      // A full disk, too.
      if (decided?.ok !== true) delete run.allowed;
    }
    if (decided.ok) run.meeting.say(allowed);
    return decided;
  }

  /** The person knows nothing of it: it gets nothing, and is signed out. */
  async refuse(device: DeviceId): Promise<Result<{ readonly done: true }>> {
    const { live } = this.#account;
    const run = this.#runs.get(device);
    run?.meeting?.say("refused");
    const key = await this.#parts.keyOf(device);
    const browser = live.browsers.find((one) => one.device === device)?.id;
    this.#runs.delete(device);
    // Also where nothing was compared: the key that is known of it.
    const fingerprint = run?.meeting?.fingerprint ?? (key && fingerprintOf(key));
    if (key !== undefined && fingerprint !== undefined) await this.#parts.decide(device, fingerprint, "distrusted");
    return browser === undefined ? DONE : this.#parts.revoke(browser);
  }

  /** A card was scanned here. */
  async scanned(card: Card): Promise<Result<{ readonly done: true }> | undefined> {
    const run = this.#runs.get(card.device);
    if (run?.meeting === undefined) return undefined;
    if (!(await run.meeting.scanned(card))) run.failed = "key-replaced";
    return DONE;
  }

  /** The person wants to try once more. */
  again(device: DeviceId): void {
    this.#tries.delete(device);
    this.#asked.delete(device);
    this.#drop(device);
    // One that this person has allowed is not asked about any more, and waits for them all the same.
    this.#ask(device);
  }

  /** The person has read why it did not go on. */
  close(device: DeviceId): void {
    this.#drop(device);
  }

  stop(): void {
    for (const device of [...this.#runs.keys()]) this.#drop(device);
  }

  async #met(run: Run, answered: Answered, opening: Parameters<typeof check>[1]): Promise<void> {
    const { talk } = run;
    const step = await check(answered, opening);
    if (step.kind !== "met") {
      run.failed = "broken";
      return;
    }
    const pinned = await this.#parts.keyOf(talk.peer);
    if (pinned === undefined || !sameBytes(pinned, step.met.theirs.identityKey)) run.failed = "key-replaced";
    else run.meeting = new Meeting(talk, ownOf(this.#account), step.met);
    if (run.meeting === undefined || !run.settled || !isSettled(this.#account, talk.peer)) return;
    run.allowed = this.#parts.mayHaveAll(talk.peer) ? "allowed-with-history" : "allowed";
    run.meeting.say(run.allowed);
  }

  async #told(run: Run, meeting: Meeting, record: Parameters<Meeting["heard"]>[0]): Promise<void> {
    const { peer, road } = meeting.talk;
    const heard = await meeting.heard(record);
    if (this.#runs.get(peer) !== run) return;
    if (heard.kind === "broken") run.failed = "broken";
    if (heard.kind === "read" && !heard.right) run.failed = "key-replaced";
    if (heard.kind !== "word") return;
    if (heard.word === "settled" && run.allowed === undefined) this.#drop(peer);
    if (heard.word === "confirmed" && run.allowed !== undefined) {
      this.#runs.delete(peer);
      this.#tries.delete(peer);
      const before = { run: road, secret: meeting.met.secret };
      this.#parts.remember(peer, before);
      this.#letIn(peer, run.allowed, before);
    }
    if (heard.word === "differs") {
      run.failed = "differs";
      await this.#parts.decide(peer, meeting.fingerprint, "distrusted");
    }
  }

  #lost(peer: DeviceId, talk: Talk): void {
    const run = this.#runs.get(peer);
    if (run?.talk !== talk) return;
    run.failed ??= "gone";
    run.lost = true;
    this.#parts.changed();
  }

  #drop(device: DeviceId): void {
    this.#runs.get(device)?.talk.stop();
    this.#runs.delete(device);
  }
}

/** Undefined: nothing is shown yet. */
function stateOf({ failed, meeting, allowed, settled }: Run): LettingInState | undefined {
  // Of one that is allowed here there is nothing to say while it is not there.
  if (failed === "gone") return meeting === undefined || settled ? undefined : failed;
  if (failed !== undefined) return failed;
  if (meeting === undefined) return undefined;
  return allowed === undefined ? "code" : "allowed";
}
