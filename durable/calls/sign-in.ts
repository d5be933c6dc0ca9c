/** Signing in and out: the account-wide effects of both. */
import type { BareJid, Result, SignInArguments, SignInReply, SignOutArguments } from "../../worker/contract.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Feed } from "../browsers/feed.ts";
import type { Keyring } from "../browsers/keyring.ts";
import type { BrowserSockets } from "../browsers/sockets.ts";
import type { Alarm } from "../connection/alarm.ts";
import type { Connection } from "../connection/connection.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import type { Browser } from "../store/browsers.ts";
import type { Stores } from "../store/stores.ts";

/** What signing in and out changes. */
export type SignInParts = {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly stores: Stores;
  readonly feed: Feed;
  readonly sockets: BrowserSockets;
  readonly connection: Connection;
  readonly keyring: Keyring;
  readonly nodes: OmemoNodes;
};

export class SignIns {
  readonly #parts: SignInParts;
  /** Sign-ins under way. */
  #underWay = 0;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /**
   * Prove the password at the XMPP server, then register the browser. Nothing is written before the proof succeeded.
   * Fails with every kind the server's answer can have, `wrong-account`, `too-many-browsers`, `revoked`.
   */
  async signIn(
    args: SignInArguments & { readonly account: BareJid },
  ): Promise<Result<SignInReply & { readonly secret: string }>> {
    const { storage, alarm, stores, sockets, connection, keyring } = this.#parts;
    stores.prepare();
    this.#underWay += 1;
    let result: Awaited<ReturnType<Keyring["signIn"]>>;
    try {
      result = await keyring.signIn(args);
    } finally {
      this.#underWay -= 1;
    }
    if (result.ok) {
      sockets.tell();
      drop(connection.replan());
    } else if (this.#underWay === 0 && stores.meta.get("account") === undefined) {
      // An address whose password nobody has proved leaves no trace; the last of several tries under way deletes it.
      alarm.forget();
      await storage.deleteAll();
    }
    return result;
  }

  /** Forget the browser's session; `erase` also takes its device off the list and its bundle off the server. */
  async signOut(browser: Browser, { erase }: SignOutArguments): Promise<void> {
    const { stores, feed, sockets, connection, keyring, nodes } = this.#parts;
    feed.end(browser.id, "signed-out");
    // Forgotten first: a list without the device of a browser that is still known would be put right again.
    const othersAreLeft = keyring.signOut(browser, erase);
    if (erase) await nodes.removeErased();
    if (!othersAreLeft) {
      await connection.close();
      stores.stream.forget();
    }
    await sockets.changed();
  }
}
