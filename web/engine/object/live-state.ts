/** What the object has told since the socket was opened; nothing of it is kept. */
import type { AccountState, BareJid, BrowserInfo, RoomInfo, Seq } from "../../../worker/contract.ts";

export class LiveState {
  /** Undefined until the object has spoken. */
  state: AccountState | undefined = undefined;
  browsers: readonly BrowserInfo[] = [];
  /** Contacts that are online somewhere. */
  available: ReadonlySet<BareJid> = new Set();
  rooms: ReadonlyMap<BareJid, RoomInfo> = new Map();
  /** The newest entry of the log. */
  head: Seq = 0 as Seq;

  /** The object stands in connection with the XMPP server. */
  get linked(): boolean {
    return this.state?.link.state === "live";
  }
}
