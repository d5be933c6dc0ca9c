/** The other browsers of the account, as this one talks with them through the object: letting in, and sealed roads. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import type { ServerFrame } from "../../../worker/contract/frames.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { Account } from "../account.ts";
import type { LiveState } from "../object/live-state.ts";
import type { JoiningView, LetInAct, LettingInView } from "../protocol/letting-in.ts";
import { CommitError } from "../store/unit.ts";
import { browserNames } from "../views/browser-names.ts";
import { Admitting } from "./admitting.ts";
import { readCard } from "./card.ts";
import { Joining } from "./joining.ts";
import { DONE, NOT_FOUND, type Parts } from "./parts.ts";
import { Roads } from "./roads.ts";
import { newRoad, type Piece, readPiece, SAYS, sayOnce } from "./talk.ts";
import { PeerTurns } from "./turns.ts";

type Done = Result<{ readonly done: true }>;

export class Siblings {
  readonly #account: Account;
  readonly roads: Roads;
  readonly #joining: Joining;
  readonly #admitting: Admitting;
  readonly #turns = new PeerTurns();
  /** Those that were asked, since they were attached, to compare once more. */
  readonly #asked = new Set<DeviceId>();
  #stopped = false;

  constructor(account: Account, parts: Pick<Parts, "decide" | "keyOf" | "revoke" | "mayHaveAll">) {
    this.#account = account;
    this.roads = new Roads(account, { stranger: (device) => this.#askToCompare(device) });
    const all: Parts = {
      ...parts,
      remember: (device, before) => this.roads.remember(device, before),
      changed: () => this.#changed(),
      inTurn: (device, work) => account.store.inBackground(this.#next(device, work)),
      inBackground: (work) => account.store.inBackground(work),
    };
    this.#joining = new Joining(account, all);
    this.#admitting = new Admitting(account, all, (device, how, before) => drop(this.roads.open(device, how, before)));
    account.store.onCommit(({ devices, notices }) => (notices || devices.has(account.self.jid)) && this.look());
  }

  /** Who is attached, allowed or trusted is another. */
  look(): void {
    if (this.#stopped) return;
    this.roads.look();
    this.#admitting.look();
    const { browsers } = this.#account.live;
    for (const device of [...this.#asked])
      if (!browsers.some((one) => one.device === device && one.attached)) this.#asked.delete(device);
    this.#account.store.inBackground(this.#joining.look().finally(() => this.#changed()));
  }

  /** Another browser of the account has said something. */
  heard(frame: Extract<ServerFrame, { readonly type: "relayed" }>): void {
    const piece = readPiece(frame);
    if (piece === undefined || this.#stopped) return;
    this.#account.store.inBackground(this.#next(piece.from, () => this.#take(piece)));
  }

  /**
   * What the person does. Fails with `not-found` where it is no longer about anything, `malformed` for what is no card,
   * `storage-full` where the disk did not take it: then nobody was told.
   */
  async act(args: LetInAct): Promise<Done> {
    try {
      return await this.#acted(args);
    } catch (error) {
      if (error instanceof CommitError) return { ok: false, error: { kind: "storage-full" } };
      throw error;
    }
  }

  #acted(args: LetInAct): Promise<Done> {
    if (args.act !== "scanned") return this.#next(args.device, () => this.#act(args));
    const card = readCard(args.text.trim());
    if (card === undefined) return Promise.resolve({ ok: false, error: { kind: "malformed" } });
    return this.#next(
      card.device,
      async () => (await this.#joining.scanned(card)) ?? (await this.#admitting.scanned(card)) ?? NOT_FOUND,
    );
  }

  stop(): void {
    this.#stopped = true;
    this.roads.stop();
    this.#joining.stop();
    this.#admitting.stop();
  }

  async #take(piece: Piece): Promise<void> {
    const { from, road, says } = piece;
    if (says === SAYS.hail || this.roads.has(road)) return this.roads.heard(piece);
    if (says === SAYS.commitment) return this.#admitting.committed(piece);
    if (says === SAYS.wanted) return this.#joining.wanted(from);
    if (this.#joining.has(road)) return this.#joining.heard(piece);
    if (this.#admitting.has(road)) return this.#admitting.heard(piece);
    // It goes on with what this browser has forgotten.
    if (says !== SAYS.ended) drop(sayOnce(this.#account.remote, { peer: from, road }, SAYS.ended));
    return undefined;
  }

  async #act(args: Exclude<LetInAct, { readonly act: "scanned" }>): Promise<Done> {
    const { act } = args;
    switch (act) {
      case "allow":
        return this.#admitting.allow(args.device, args.history);
      case "refuse":
        return this.#admitting.refuse(args.device);
      case "same":
      case "differs":
        return this.#joining.compared(args.device, act === "same");
      case "again":
        this.#admitting.again(args.device);
        await this.#joining.again(args.device);
        return DONE;
      case "close":
        if (!this.#joining.close(args.device)) this.#admitting.close(args.device);
        return DONE;
      default:
        return missingCase(args);
    }
  }

  /**
   * A browser whose key was compared here does not know this one so: what was settled here did not arrive there. It shows a code
   * once more, and this one answers as the person has.
   */
  #askToCompare(device: DeviceId): void {
    if (this.#asked.has(device) || this.#stopped) return;
    this.#asked.add(device);
    const said = sayOnce(this.#account.remote, { peer: device, road: newRoad() }, SAYS.wanted);
    drop(said.then((heard) => heard || this.#asked.delete(device)));
  }

  /** One after the other for each browser; pages are told what came of each. */
  #next<T>(peer: DeviceId, work: () => Promise<T>): Promise<T> {
    return this.#turns.next(peer, work).finally(() => this.#changed());
  }

  #changed(): void {
    const { live } = this.#account;
    const views = named(live, [...(this.#joining.view ?? []), ...this.#admitting.views]);
    if (JSON.stringify(views) === JSON.stringify(live.lettingIn)) return;
    live.lettingIn = views;
    live.lettingInChanged();
  }
}

/** The object may tell the name of a browser a moment after its device. */
function named(
  live: LiveState,
  views: readonly (JoiningView | LettingInView)[],
): readonly (JoiningView | LettingInView)[] {
  const names = browserNames(live.browsers);
  const infoOf = (of: DeviceId) => live.browsers.find(({ device }) => device === of);
  const nameOf = (of: DeviceId) => {
    const name = names.get(infoOf(of)?.id ?? ("" as BrowserId));
    return name === undefined ? {} : { name };
  };
  return views.map((view) => {
    if (view.kind === "joining") return { ...view, by: view.by.map((one) => ({ ...one, ...nameOf(one.device) })) };
    const info = infoOf(view.device);
    return { ...view, ...nameOf(view.device), ...(info && { runsOn: info.kind, since: info.firstSeen }) };
  });
}
