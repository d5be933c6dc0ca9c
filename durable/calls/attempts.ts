/**
 * Sign-ins under way, between their two steps: the server has said how it wants the password proved, and its exchange
 * stands until the browser has made the keys. They live in memory alone: after a reset the browser begins again.
 */
import type { Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { ScramChallenge, ScramProof } from "../../worker/contract/sign-in.ts";
import { drop } from "../../worker/shared/drop.ts";
import { failed } from "../../worker/shared/failed.ts";

type KeysFor = (challenge: ScramChallenge) => Promise<Result<ScramProof>>;
type Waiting<T> = { readonly answer: (proof: Result<ScramProof>) => void; readonly outcome: () => Promise<Result<T>> };
export type Begun<T> =
  | ({ readonly step: "prove"; readonly attempt: string } & ScramChallenge)
  | ({ readonly step: "done" } & T);

const LAPSED = failed("sign-in-lapsed");

export class Attempts<T extends object> {
  readonly #waiting = new Map<string, Waiting<T>>();

  /**
   * Runs a sign-in until it is over, or until it asks for keys. Fails as `run` does; what it says after it has asked is
   * the outcome of `finish`.
   */
  async begin(run: (keysFor: KeysFor) => Promise<Result<T>>): Promise<Result<Begun<T>>> {
    const attempt = crypto.randomUUID();
    const asked = deferred<ScramChallenge>();
    let asks = 0;
    const outcome: Promise<Result<T>> = run((challenge) => {
      asks += 1;
      // Another endpoint, because the first was lost meanwhile: its challenge is another one.
      if (asks > 1) return Promise.resolve(LAPSED);
      asked.resolve(challenge);
      return this.#wait(attempt, () => outcome);
    });
    drop(outcome);
    return Promise.race([
      outcome.then((result) => (result.ok ? done(result.value) : result)),
      asked.promise.then((challenge) => ({ ok: true, value: { step: "prove", attempt, ...challenge } }) as const),
    ]);
  }

  /** The keys for one that waits, once. Fails as its sign-in does, and with `sign-in-lapsed` where none waits. */
  finish(attempt: string, proof: ScramProof): Promise<Result<T>> {
    const waiting = this.#waiting.get(attempt);
    if (!waiting) return Promise.resolve(LAPSED);
    waiting.answer({ ok: true, value: proof });
    return waiting.outcome();
  }

  async #wait(attempt: string, outcome: () => Promise<Result<T>>): Promise<Result<ScramProof>> {
    const [first] = this.#waiting.values();
    // Nobody is proved yet, and a stranger must not fill the places: whoever comes last is let in.
    if (first && this.#waiting.size >= LIMITS.waitingSignIns) first.answer(LAPSED);
    const { promise, resolve } = deferred<Result<ScramProof>>();
    const answer = (proof: Result<ScramProof>) => {
      this.#waiting.delete(attempt);
      resolve(proof);
    };
    this.#waiting.set(attempt, { answer, outcome });
    const late = setTimeout(() => answer(LAPSED), LIMITS.signInWaitMs);
    const proof = await promise;
    clearTimeout(late);
    return proof;
  }
}

function done<T extends object>(value: T): Result<Begun<T>> {
  return { ok: true, value: { step: "done", ...value } };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
