/** What the object has told since the socket was opened; nothing of it is kept. */
import type { BareJid, DeviceId, Seq } from "../../../worker/contract/names.ts";
import type { CopyTold } from "../../../worker/contract/copy.ts";
import type { EngineEvent } from "../protocol/engine.ts";
import type { RoomInfo } from "../../../worker/contract/rooms.ts";
import type { AccountState, BrowserInfo, PresenceInfo } from "../../../worker/contract/state.ts";
import type { CopyView } from "../protocol/copy.ts";
import type { JoiningView, LettingInView } from "../protocol/letting-in.ts";
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
  /** The sealed copy; undefined until the object has told of it. */
  copy: CopyTold | undefined = undefined;
  /** What is asked of the person about browsers that are let in (`siblings/`), and who hears that it is another. */
  lettingIn: readonly (JoiningView | LettingInView)[] = [];
  /** What pages are told of the sealed copy (`copy/`). */
  copyView: CopyView | undefined = undefined;
  lettingInChanged: () => void = () => undefined;
  /** Tells pages something that no commit tells. */
  tell: (event: EngineEvent) => void = () => undefined;
  /** The newest entry of the log. */
  head: Seq = 0 as Seq;

  /** Whether the object is connected to the XMPP server. */
  get linked(): boolean {
    return this.state?.link.state === "live";
  }
}
