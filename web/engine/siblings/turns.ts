/** Work about one browser is done one after the other; what is slow about one of them holds no other up. */
import type { DeviceId } from "../../../worker/contract/names.ts";

export class PeerTurns {
  readonly #last = new Map<DeviceId, Promise<unknown>>();

  /** Settles as the work does. What failed stops nothing that comes after it. */
  next<T>(peer: DeviceId, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(peer) ?? Promise.resolve()).then(work);
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(peer, over);
    void over.then(() => {
      if (this.#last.get(peer) === over) this.#last.delete(peer);
    });
    return turn;
  }
}
