/** An opened account: what the parts of the engine that work for it are given. */
import type { Remote } from "./object/calls.ts";
import type { Delays } from "./delays.ts";
import { Directory } from "./object/directory.ts";
import { LiveState } from "./object/live-state.ts";
import type { Self } from "./omemo/sessions.ts";
import type { Cache } from "./store/cache.ts";
import type { Store } from "./store/store.ts";

export type Account = {
  /** Whose it is, and this browser's own device. */
  readonly self: Self;
  /** Where everything is kept; all writing goes through it. */
  readonly store: Store;
  /** What of it is in memory. */
  readonly cache: Cache;
  /** The object, in the name of this browser. */
  readonly remote: Remote;
  /** What the object has told since the socket was opened. */
  readonly live: LiveState;
  readonly directory: Directory;
  readonly delays: Delays;
};

export function accountOf(self: Self, store: Store, remote: Remote, delays: Delays): Account {
  const { cache } = store;
  return { self, store, cache, remote, live: new LiveState(), directory: new Directory(self, store, remote), delays };
}
