/** What the object has told since the socket was opened; nothing of it is kept. */
import type { BareJid, DeviceId, Seq } from "../../../worker/contract/names.ts";
import type { RoomInfo } from "../../../worker/contract/rooms.ts";
import type { AccountState, BrowserInfo, PresenceInfo } from "../../../worker/contract/state.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";

export class LiveState {
  /** Undefined until the object has spoken. */
  state: AccountState | undefined = undefined;
  browsers: readonly BrowserInfo[] = [];
  /** Own devices that somebody took off the account for good. */
  removed: readonly DeviceId[] = [];
  /** Contacts that are online somewhere, and what they say of it. */
  available: ReadonlyMap<BareJid, PresenceInfo> = new Map();
  rooms: ReadonlyMap<BareJid, RoomInfo> = new Map();
  /** The contract that the object speaks; taken for ours until it has said. */
  contract = CONTRACT_VERSION;
  /** How often the object has said hello, and the number of the last send that it had accepted from here by then. */
  hellos = 0;
  accepted = 0;
  /** This browser is the one that tells the person of what comes. */
  notifying = false;
  /** The newest entry of the log. */
  head: Seq = 0 as Seq;

  /** Whether the object is connected to the XMPP server. */
  get linked(): boolean {
    return this.state?.link.state === "live";
  }
}
