/**
 * Which opening is the account's own: the one that is shown, waited for, and whose stream is kept. There is one at a time.
 * With kept keys it is so from its first step on. Somebody who signs in has still to show that they know the password, so
 * theirs is nobody's business until they have given what shows it.
 */
import type { Result } from "../../worker/contract/failures.ts";
import { failed } from "../../worker/shared/failed.ts";
import type { Person } from "../link/link.ts";

export class Openings {
  #own: AbortController | undefined;
  readonly #waiting: (() => void)[] = [];

  /** There is one. */
  get going(): boolean {
    return this.#own !== undefined;
  }

  isOwn(opening: AbortController): boolean {
    return this.#own === opening;
  }

  /** From now on it is this one. */
  begin(opening: AbortController): void {
    this.#own = opening;
  }

  /** Calls `begin` in a moment when there is none. What was true before may not be any more. */
  async whenNone<T>(begin: () => T): Promise<T> {
    while (this.#own) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return begin();
  }

  /** It is over, or nobody's any more. */
  end(): void {
    this.#own = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  abort(): void {
    this.#own?.abort();
    this.end();
  }
}

/**
 * The same person; what they give is used only where `claim` says that their opening is the account's own from then on.
 * It does not where a stream has come up meanwhile.
 */
export function claiming(person: Person, claim: () => Promise<boolean>): Person {
  const claimed = async <T>(given: Result<T>): Promise<Result<T>> =>
    given.ok && !(await claim()) ? failed("sign-in-lapsed") : given;
  return {
    ...person,
    keysFor: async (challenge) => claimed(await person.keysFor(challenge)),
    password: async () => claimed(await person.password()),
  };
}
