/**
 * What contacts see of us (RFC 6121 §4.2): that the account is connected, and, where the person wants that, that nobody has
 * looked at any of its browsers since when (XEP-0319).
 *
 * There is no hiding that it is connected. Without presence a server delivers nothing here (RFC 6121 §8.5.2.2) and sends no
 * copies to whoever is the only client; XEP-0186, which would hide it, is spoken by neither Prosody nor ejabberd.
 */
import type { Element } from "@xmpp/xml";
import type { Time } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Stores } from "../store/stores.ts";
import { buildCaps } from "../xep/caps.ts";
import { OUR_INFO } from "../xep/disco.ts";
import { buildAvailable } from "../xep/presence.ts";

/** Whoever only looks at something else for a moment has not gone. */
const AWAY_AFTER_MS = 60_000;

/** `looked`: whether somebody looks at one of the browsers, as that browser has said itself. */
type Browsers = { readonly looked: boolean };
/** False where there is no stream to write to. */
type Send = (presence: Element) => boolean;

export class OwnPresence {
  readonly #stores: Stores;
  readonly #browsers: Browsers;
  readonly #send: Send;
  #caps: Promise<Element> | undefined;
  #newest: Time | undefined;

  constructor(stores: Stores, browsers: Browsers, send: Send) {
    this.#stores = stores;
    this.#browsers = browsers;
    this.#send = send;
  }

  /** The first one on a stream: from now on it delivers. */
  async begin(now: Time = Date.now()): Promise<void> {
    await this.#say(this.#away(now));
  }

  /**
   * Somebody has begun or ceased to look, has chosen what is told, or time has gone by: contacts are told what has changed.
   * `ready`: the stream has had its first presence.
   */
  look(ready: boolean, now: Time = Date.now()): void {
    const away = this.#away(now);
    if (ready && away !== this.#stores.meta.get("told-away")) drop(this.#say(away));
  }

  /** Since when nobody has looked, where that is to be told; noted from the first moment on. */
  #away(now: Time): Time | undefined {
    const { meta, choices } = this.#stores;
    const known = meta.get("unlooked-since");
    if (this.#browsers.looked || !choices.settings.lastSeen) {
      if (known !== undefined) this.#stores.note(() => meta.delete("unlooked-since"));
      return undefined;
    }
    if (known === undefined) this.#stores.note(() => meta.set("unlooked-since", now));
    const since = known ?? now;
    return since + AWAY_AFTER_MS <= now ? since : undefined;
  }

  async #say(away: Time | undefined): Promise<void> {
    this.#note(away);
    this.#newest = away;
    this.#caps ??= buildCaps(OUR_INFO);
    const caps = await this.#caps;
    // Something newer was to be said meanwhile: that is on its way.
    if (this.#newest === away) this.#send(buildAvailable(caps, away));
  }

  #note(away: Time | undefined): void {
    const { meta } = this.#stores;
    if (away === meta.get("told-away")) return;
    this.#stores.note(() => (away === undefined ? meta.delete("told-away") : meta.set("told-away", away)));
  }
}
