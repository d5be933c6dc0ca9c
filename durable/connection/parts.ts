/** What a connection works with. */
import type { BareJid, BrowserId, Time } from "../../worker/contract/names.ts";
import type { LinkSettings } from "../link/link.ts";
import type { StreamListener } from "../link/management/listener.ts";
import type { SignInKeys } from "../store/sign-in-keys.ts";
import type { LiveSockets, Stores } from "../store/stores.ts";
import type { Alarm } from "./alarm.ts";
import type { CurrentLink } from "./current-link.ts";

/** The browsers, as far as the connection depends on them. */
interface AttachedBrowsers extends Pick<LiveSockets, "broadcast"> {
  attached(): ReadonlySet<BrowserId>;
  /** Since when nobody looks at any of them; undefined while somebody does, or where none is attached. */
  readonly hiddenSince: Time | undefined;
}

/** Browsers that are rung while they are closed. */
interface Rings {
  readonly any: boolean;
  /** One is about to leave, or on its way. */
  readonly busy: boolean;
}

/** What a connection is made of; each was made before it. */
export type ConnectionParts = {
  /** For an account that is not proved to be this object's yet, or for the one it belongs to. */
  readonly settings: (account?: BareJid) => LinkSettings;
  readonly stores: Stores;
  readonly keys: SignInKeys;
  readonly current: CurrentLink;
  readonly alarm: Alarm;
  readonly browsers: AttachedBrowsers;
  readonly rings: Rings;
  readonly listener: StreamListener;
};
