/**
 * An account that is not always online has its server push to the gateway (XEP-0357), where both can do that. One that looks in is woken
 * when something comes, and looks in by itself only seldom; where that road is gone it goes back to looking in, by itself. One that
 * cannot sign in with nobody there at least rings for it (`Pushes.perhaps`).
 */
import type { Time } from "../../worker/contract/names.ts";
import { Mutex } from "../../worker/shared/mutex.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Stores } from "../store/stores.ts";
import { buildDisable, buildEnable, NS_PUSH } from "../xep/push.ts";
import type { Standing } from "./line.ts";
import { newPass } from "./node.ts";
import type { GatewayReach } from "./reach.ts";

export type ServerPushParts = {
  readonly stores: Stores;
  readonly link: Pick<CurrentLink, "live" | "request" | "tellState">;
  /** Browsers that are rung while they are closed. */
  readonly rings: { readonly any: boolean };
  /** Undefined where the deployment has none. */
  readonly gateway: GatewayReach | undefined;
};

/** Servers forget, and give up after errors: so often they are told again. */
const AGAIN_MS = 12 * 60 * 60_000;
/** Between two questions to the gateway where nothing has changed. */
const ASKED_MS = 10 * 60_000;
/** Where it did not stand: it may be on its way. */
const ASKED_IN_VAIN_MS = 60_000;

export class ServerPush {
  readonly #parts: ServerPushParts;
  readonly #turns = new Mutex();
  /** It is being settled for a stream that has begun, or goes on. */
  #going = 0;
  #askedAt: Time | undefined;

  constructor(parts: ServerPushParts) {
    this.#parts = parts;
  }

  /**
   * Whether this is what the server was told last, and anybody is still to be rung; anything else that comes by the gateway is old, wakes
   * nobody, and its server gives it up when it hears so. It is told anew by the next stream that wants it.
   */
  knows(pass: string): boolean {
    const { stores } = this.#parts;
    if (stores.meta.get("server-push")?.pass !== pass) return false;
    if (this.#wanted) return true;
    stores.note(() => stores.meta.delete("server-push"));
    return false;
  }

  /**
   * Tells the server what is wanted now, if it does not know. `fresh`: on a stream that has just begun, whatever was found a
   * moment ago. Never fails: what cannot be had now is tried again on the next stream.
   */
  async settle(fresh: boolean): Promise<void> {
    if ((this.#going > 0 && !fresh) || !this.#parts.link.live) return;
    this.#going += 1;
    try {
      await this.#turns.run(() => this.#settle(fresh, Date.now()));
    } finally {
      this.#going -= 1;
    }
  }

  /** The account goes: its server is told while it can be. */
  async end(): Promise<void> {
    const told = this.#parts.stores.meta.get("server-push");
    if (told !== undefined) await this.#end(told.jid);
  }

  /**
   * How the gateway stands, as the watchman has found it; true where the account should look in now, for what was pushed may not
   * have arrived. One that cannot look is spared it.
   */
  missed(standing: Standing | undefined): boolean {
    const { meta } = this.#parts.stores;
    const told = meta.get("server-push");
    if (meta.get("looks-in") !== true) return false;
    return told !== undefined && (standing === undefined || standing.since > told.at || standing.jid !== told.jid);
  }

  /** Somebody is to be rung, and there are times when nobody is online to hear of anything. */
  get #wanted(): boolean {
    const { stores, rings, gateway } = this.#parts;
    if (gateway === undefined || !rings.any) return false;
    return stores.meta.get("looks-in") === true || stores.meta.get("stay-online") !== true;
  }

  async #settle(fresh: boolean, now: Time): Promise<void> {
    const { stores, gateway } = this.#parts;
    const told = stores.meta.get("server-push");
    const features = stores.meta.get("server-features") ?? [];
    if (gateway === undefined || !this.#wanted || !features.includes(NS_PUSH)) {
      if (told !== undefined) await this.#end(told.jid);
      return;
    }
    if (!fresh && this.#askedAt !== undefined && now < this.#askedAt + ASKED_MS) return;
    this.#askedAt = now;
    const standing = await gateway.standing();
    if (standing === undefined) {
      this.#askedAt = now - ASKED_MS + ASKED_IN_VAIN_MS;
      if (told !== undefined) await this.#end(told.jid);
      return;
    }
    const known = told?.jid === standing.jid;
    if (known && told.at > standing.since && told.at + AGAIN_MS > now) return;
    if (told !== undefined && !known) await this.#end(told.jid);
    const pass = known ? told.pass : newPass();
    await this.#begin({ jid: standing.jid, pass, node: known ? told.node : await gateway.seal(pass) });
  }

  async #begin(wanted: { readonly jid: string; readonly node: string; readonly pass: string }): Promise<void> {
    const { stores, link } = this.#parts;
    const answer = await link.request(buildEnable(wanted));
    if (!answer.ok && answer.error.kind !== "stanza-error") return;
    stores.note(() =>
      answer.ok ? stores.meta.set("server-push", { ...wanted, at: Date.now() }) : stores.meta.delete("server-push"),
    );
    link.tellState();
  }

  /** Whatever the server says: from now on nobody relies on it. */
  async #end(jid: string): Promise<void> {
    const { stores, link } = this.#parts;
    stores.note(() => stores.meta.delete("server-push"));
    link.tellState();
    await link.request(buildDisable(jid));
  }
}
