/**
 * What runs in one process of a browser and ends with it at any moment: what it had not committed is nowhere, nothing of it leaves any
 * more, and the locks that it held are free.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Remote } from "../object/calls.ts";
import type { Live, LiveHandlers, OpenLive } from "../object/socket.ts";
import type { ScriptedLocks } from "./scripted-locks.ts";

const running = new AsyncLocalStorage<Mortal>();
/** What of `fake-indexeddb` listens. */
const DISK = "processTransactions";
const never = <T>() => new Promise<T>(() => undefined);

export class Mortal {
  readonly locks: LockManager;
  readonly #name: string;
  readonly #locks: ScriptedLocks;
  readonly #writing = new Set<IDBTransaction>();
  readonly #onWrite: () => void;
  #dead = false;

  /** `name`: its own among all that ask for these locks. `onWrite`: it is about to write to the disk. */
  constructor(name: string, locks: ScriptedLocks, onWrite: () => void) {
    this.#name = name;
    this.#locks = locks;
    this.#onWrite = onWrite;
    const own = locks.of(name);
    const request = (lock: string, ...rest: readonly unknown[]) => {
      if (this.#dead) return never();
      const held = rest.at(-1) as LockGrantedCallback<unknown>;
      const mortal = async (given: Lock | null) => {
        // Whoever gives it back is another process.
        const kept: unknown = await this.run(() => held(given));
        return this.#dead ? never() : kept;
      };
      return own.request(lock, (rest.length > 1 ? rest[0] : {}) as LockOptions, mortal);
    };
    this.locks = { request } as unknown as LockManager;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** What the job opens is this one's, whoever else opens something meanwhile. */
  run<T>(job: () => T): T {
    return running.run(this, job);
  }

  /** The disk, as all that live see it. */
  static disk(this: void, disk: IDBFactory): IDBFactory {
    return new Proxy(disk, {
      get: (target, key) => {
        if (key !== "open") return bound(target, key);
        return (...args: Parameters<IDBFactory["open"]>) => {
          const owner = running.getStore();
          const request = target.open(...args);
          request.addEventListener("success", () => owner?.own(request.result));
          return request;
        };
      },
    });
  }

  /** It has opened this. */
  own(database: IDBDatabase): void {
    const begin = database.transaction.bind(database);
    database.transaction = (...args: Parameters<IDBDatabase["transaction"]>) => {
      if (this.#dead) throw new DOMException("its process has ended", "InvalidStateError");
      const transaction = begin(...args);
      if (transaction.mode !== "readwrite") return transaction;
      this.#writing.add(transaction);
      this.#deafen(transaction);
      for (const end of ["complete", "abort"] as const)
        transaction.addEventListener(end, () => this.#writing.delete(transaction));
      this.#onWrite();
      return transaction;
    };
  }

  /** Who is dead hears nothing of how it ended; the disk itself does, which listens on the same object to begin what waits. */
  #deafen(transaction: IDBTransaction): void {
    const hear = transaction.addEventListener.bind(transaction) as (type: string, ...rest: readonly unknown[]) => void;
    hear("error", (event: Event) => this.#dead && event.stopImmediatePropagation(), true);
    const listen = (type: string, heard: (event: Event) => void, ...rest: readonly unknown[]) =>
      hear(type, heard.name.endsWith(DISK) ? heard : (event: Event) => this.#dead || heard(event), ...rest);
    Object.assign(transaction, { addEventListener: listen });
  }

  /** Now. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const transaction of this.#writing) {
      try {
        transaction.abort();
      } catch {
        // It is being committed: that is done.
      }
    }
    this.#locks.kill(this.#name);
  }

  /** A way to the object that carries nothing any more once it is dead. */
  remote(to: Remote): Remote {
    const gate =
      <Args extends readonly unknown[], T>(ask: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        if (this.#dead) return never();
        const answer = await ask(...args);
        return this.#dead ? never() : answer;
      };
    const gated = new Proxy(to, {
      get: (target, key) => {
        const value: unknown = bound(target, key);
        if (key === "as") return () => gated;
        return typeof value === "function" ? gate(value as (...args: readonly unknown[]) => Promise<unknown>) : value;
      },
    });
    return gated;
  }

  live(open: OpenLive): OpenLive {
    return () => {
      const live = open();
      const heard = (handlers: LiveHandlers): LiveHandlers => ({
        ...handlers,
        frame: (frame) => void (this.#dead || handlers.frame(frame)),
        changed: (view) => void (this.#dead || handlers.changed(view)),
      });
      return {
        ...live,
        start: (handlers: LiveHandlers) => void (this.#dead || live.start(heard(handlers))),
        send: (frame: Parameters<Live["send"]>[0]) => void (this.#dead || live.send(frame)),
      };
    };
  }
}

function bound(target: object, key: PropertyKey): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === "function" ? (value as (...args: readonly unknown[]) => unknown).bind(target) : value;
}
