/** What the connection tells the account, and asks of it. */
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract.ts";
import type { Keys } from "../link/link.ts";

/** How a stream came to stand. `ready`: it was in use before, with everything read and nothing to begin. */
export type Begun = { readonly resumed: boolean; readonly ready: boolean };

export interface ConnectionHost {
  /** The server has accepted this account's password. Synchronous, and before anything else is made of it. */
  onProved(account: BareJid): void;
  /** The state shown to people changed. */
  onState(): void;
  /** A stream stands, before its first stanza. Synchronous; answers whether it can be used as it is. */
  onStream(resumed: boolean): boolean;
  /** A stream that can be used as it is has everything that was written to it before: what waits may follow, at once. */
  onResent(): void;
  /** Synchronous: stored when it returns; true where `inbound` was stored in the same turn. */
  onStanza(stanza: Element, inbound: number | undefined): boolean;
  /** The outline of a stanza that cannot be read; `broken`: it ends the stream. Synchronous as `onStanza`. */
  onUnreadable(outline: Element, broken: boolean): void;
  onAcknowledged(ids: readonly string[], store: () => void): void;
  /** Everything up to `caughtUp()` happens here; a rejection ends the stream. */
  onBound(begun: Begun): Promise<void>;
  /** What to sign in with the next time has changed; stored when it resolves. */
  onKeys(keys: Keys): Promise<void>;
  /** The server no longer accepts the keys that were kept. */
  onRefused(): void;
  /** The situation changed: plan again. */
  replan(): void;
  /** The account is to be online with no browser attached. */
  stayOnline(): boolean;
}
