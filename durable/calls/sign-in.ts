/** Signing in and out: the account-wide effects of both. */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { SignInArguments, SignInProof, SignOutArguments } from "../../worker/contract/sign-in.ts";
import { drop } from "../../worker/shared/drop.ts";
import { failed } from "../../worker/shared/failed.ts";
import type { Feed } from "../browsers/feed.ts";
import type { Admitted, Keyring, SignInRequest } from "../browsers/keyring.ts";
import type { BrowserSockets } from "../browsers/sockets.ts";
import type { Alarm } from "../connection/alarm.ts";
import type { Connection } from "../connection/connection.ts";
import type { ServerPush } from "../gateway/server-push.ts";
import { within } from "../../worker/shared/within.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import type { Browser } from "../store/browser-row.ts";
import type { AccountStorage } from "../store/fullness.ts";
import type { Stores } from "../store/stores.ts";
import { Attempts, type Begun } from "./attempts.ts";

/** What signing in and out changes. */
export type SignInParts = {
  readonly storage: AccountStorage;
  readonly alarm: Alarm;
  readonly stores: Stores;
  readonly feed: Feed;
  readonly sockets: BrowserSockets;
  readonly connection: Connection;
  readonly keyring: Keyring;
  readonly nodes: OmemoNodes;
  readonly serverPush: Pick<ServerPush, "settle">;
};

/** A server that does not answer holds up nobody who signs out. */
const TOLD_WITHIN_MS = 5_000;

/** What the Worker says beside what the browser does. `invited`: by name, whatever the list of domains says. */
export type FromWorker = { readonly account: BareJid; readonly invited?: boolean };

/** A browser that signs in is something to store. */
const FULL = failed("storage-full", "sign-in");

export class SignIns {
  readonly #parts: SignInParts;
  readonly #attempts = new Attempts<Admitted>();
  /** Sign-ins under way, those that wait for their browser included. */
  #underWay = 0;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /**
   * The first step: asks the server how it wants the password proved, or, where it has to have the password itself and the
   * person agreed, does it all. Fails with every kind the server's answer can have, `wrong-account`, `too-many-browsers`,
   * `revoked`.
   */
  signIn({ invited, ...args }: SignInArguments & FromWorker): Promise<Result<Begun<Admitted>>> {
    if (this.#parts.stores.full) return Promise.resolve(FULL);
    this.#parts.stores.prepare();
    if (invited === true) this.#parts.stores.meta.invite();
    return this.#attempts.begin((keysFor) => this.#prove({ ...args, keysFor }));
  }

  /** The second step: completes the exchange with the server. Fails like the first, and with `sign-in-lapsed`. */
  async finish({ attempt, clientKey, serverKey }: SignInProof): Promise<Result<Admitted>> {
    if (this.#parts.stores.full) return FULL;
    const result = await this.#attempts.finish(attempt, { clientKey, serverKey });
    if (!result.ok && result.error.kind === "sign-in-lapsed") {
      // An object that was reset in between has made its tables again by waking.
      this.#parts.stores.prepare();
      await this.leaveNoTrace();
    }
    return result;
  }

  /** Prove the password at the XMPP server, then register the browser. Nothing is written before the proof succeeded. */
  async #prove(request: SignInRequest): Promise<Result<Admitted>> {
    const { sockets, connection, keyring } = this.#parts;
    this.#underWay += 1;
    let result: Awaited<ReturnType<Keyring["signIn"]>>;
    try {
      result = await keyring.signIn(request);
    } finally {
      this.#underWay -= 1;
    }
    if (result.ok) {
      sockets.tell();
      drop(connection.replan());
    } else await this.leaveNoTrace();
    return result;
  }

  /** Whether this object is anybody's. One that was emptied has its tables again afterwards, see `leaveNoTrace`. */
  get bound(): boolean {
    const { stores } = this.#parts;
    if (stores.meta.bound) return true;
    stores.prepare();
    return stores.meta.owner !== undefined;
  }

  /** An address whose password nobody has proved, or that was deleted; the last of several tries under way deletes it. */
  async leaveNoTrace(): Promise<void> {
    const { storage, alarm, stores } = this.#parts;
    if (this.#underWay > 0 || stores.meta.get("account") !== undefined) return;
    alarm.forget();
    await storage.deleteAll();
  }

  /** Forget the browser's session; `erase` also takes its device off the list and its bundle off the server. */
  async signOut(browser: Browser, { erase }: SignOutArguments): Promise<void> {
    const { stores, feed, sockets, connection, keyring, nodes, serverPush } = this.#parts;
    // Forgotten first: a list without the device of a browser that is still known would be put right again.
    keyring.signOut(browser, erase);
    feed.end(browser.id, "signed-out");
    if (erase) await nodes.removeErased();
    // Nobody is rung any more, perhaps: the server is to know, while it can be told.
    await within(serverPush.settle(true), TOLD_WITHIN_MS, undefined);
    // Somebody may have signed in while the server was told.
    if (stores.browsers.all().every(({ signedOut }) => signedOut)) {
      await connection.close();
      stores.stream.forget();
    }
    await sockets.changed();
  }
}
