/** The Web Locks of one browser profile, in memory, for tests. */

/** A tab asks for locks by `of`; `kill` releases what it held, as its death does. */
export class ScriptedLocks {
  readonly #held = new Map<string, { readonly tab: string; readonly end: (error?: DOMException) => void }>();
  /** Locks that are asked for and not given yet: other processes may be quicker. */
  late: ((name: string, tab: string) => boolean) | undefined;
  readonly #later: (() => void)[] = [];
  readonly #queue: { readonly name: string; readonly tab: string; readonly grant: () => void }[] = [];

  of(tab: string): LockManager {
    const request = (name: string, ...rest: unknown[]) => {
      const options = (rest.length > 1 ? rest[0] : {}) as LockOptions;
      const callback = rest.at(-1) as (lock: Pick<Lock, "name"> | null) => Promise<unknown>;
      return new Promise((resolve, reject) => {
        const grant = () => {
          let ended = false;
          const end = (error?: DOMException) => {
            // Stolen, or its holder is dead: what it does later is nothing to whoever holds it now.
            if (ended) return;
            ended = true;
            this.#held.delete(name);
            if (error !== undefined) reject(error);
            const next = this.#queue.findIndex((waiting) => waiting.name === name);
            if (error === undefined && next >= 0) this.#queue.splice(next, 1)[0]?.grant();
          };
          this.#held.set(name, { tab, end });
          callback({ name }).then(
            (value) => {
              end();
              resolve(value);
            },
            (error: unknown) => {
              end();
              reject(error as Error);
            },
          );
        };
        if (this.late?.(name, tab)) {
          this.#later.push(() => (this.#held.has(name) ? this.#queue.push({ name, tab, grant }) : grant()));
          return;
        }
        if (options.ifAvailable === true && this.#held.has(name)) {
          callback(null).then(resolve, reject);
          return;
        }
        if (options.steal === true) this.#held.get(name)?.end(new DOMException("stolen", "AbortError"));
        if (this.#held.has(name)) this.#queue.push({ name, tab, grant });
        else grant();
      });
    };
    return { request } as unknown as LockManager;
  }

  /** Those that were late are given. */
  catchUp(): void {
    this.late = undefined;
    for (const give of this.#later.splice(0)) give();
  }

  kill(tab: string): void {
    for (let at = this.#queue.length - 1; at >= 0; at--) if (this.#queue[at]?.tab === tab) this.#queue.splice(at, 1);
    for (const { tab: holder, end } of [...this.#held.values()]) if (holder === tab) end();
  }
}
