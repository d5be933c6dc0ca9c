/** What the operator of a deployment may do with one account's object. The Worker has made sure who asks. */
import type { Result } from "../../worker/contract/failures.ts";
import type { BrowserId, Time } from "../../worker/contract/names.ts";
import { type AccountOverview, ENDINGS, type ExportPage, type ExportPlace } from "../../worker/contract/operator.ts";
import { report } from "../../worker/shared/report.ts";
import type { Feed } from "../browsers/feed.ts";
import type { Connection } from "../connection/connection.ts";
import { exportPage } from "../store/export.ts";
import type { ServerPush } from "../gateway/server-push.ts";
import { within } from "../../worker/shared/within.ts";
import type { Stores } from "../store/stores.ts";
import type { SignIns } from "./sign-in.ts";

export type OperatedParts = {
  readonly ctx: DurableObjectState;
  readonly stores: Stores;
  readonly feed: Feed;
  readonly connection: Connection;
  readonly signIns: SignIns;
  readonly serverPush: Pick<ServerPush, "end">;
};

/** For the server's answer, which may never come. */
const TOLD_WITHIN_MS = 5_000;

/** Every method fails with `not-found` (`account` as `detail`) where nobody has signed in to this account, and leaves no trace then. */
export class OperatedAccount {
  readonly #parts: OperatedParts;

  constructor(parts: OperatedParts) {
    this.#parts = parts;
  }

  /** By the person's choice. */
  get staysOnline(): boolean {
    return this.#parts.stores.meta.get("stay-online") ?? false;
  }

  async overview(): Promise<Result<AccountOverview>> {
    const { ctx, stores, feed } = this.#parts;
    if (!this.#parts.signIns.bound) return this.#notHere();
    const browsers = stores.browsers.all();
    const lastSeen = Math.max(0, ...browsers.map((browser) => browser.lastSeen));
    const alarmAt = await ctx.storage.getAlarm();
    return {
      ok: true,
      value: {
        account: stores.meta.account,
        object: ctx.id.toString(),
        browsers: browsers.filter(({ signedOut }) => !signedOut).length,
        attached: feed.attached().size,
        ...(lastSeen > 0 && { lastSeen }),
        stayOnline: this.staysOnline,
        ...(alarmAt !== null && { alarmAt }),
        bytes: ctx.storage.sql.databaseSize,
      },
    };
  }

  /** See `exportPage`. */
  async exportPage(from: ExportPlace | undefined): Promise<Result<ExportPage>> {
    const { ctx, signIns } = this.#parts;
    if (!signIns.bound) return this.#notHere();
    return { ok: true, value: exportPage(ctx.storage.sql, from) };
  }

  /**
   * `by`: the browser of a person who has deleted the account. Tells the browsers that they are signed out, says goodbye to the XMPP server, and empties the storage, alarm included.
   * It ends with the object's memory, and with it the call: whoever asks again meets an object that knows nobody.
   */
  async erase(by?: BrowserId): Promise<Result<never>> {
    const { ctx, stores, feed, connection, serverPush } = this.#parts;
    if (!this.#parts.signIns.bound) return this.#notHere();
    // What the others hold is locked there, and theirs to erase.
    for (const { id } of stores.browsers.all()) feed.end(id, by === undefined || id === by ? "signed-out" : "revoked");
    await within(serverPush.end(), TOLD_WITHIN_MS, undefined);
    await connection.close();
    await ctx.storage.deleteAlarm();
    await ctx.storage.deleteAll();
    await ctx.storage.sync();
    stores.fullness.forget();
    return ended(ctx, ENDINGS.erased);
  }

  /**
   * Back to what the storage held at that time (at most 30 days ago). It ends with the object's memory and the call, as
   * `erase` does. Browsers that are ahead of it notice that by their cursors and begin the log anew. Answers false where the
   * runtime keeps no history.
   */
  async rewind(to: Time): Promise<Result<{ readonly restored: false }>> {
    const { ctx, signIns, connection } = this.#parts;
    if (!signIns.bound) return this.#notHere();
    try {
      const bookmark = await ctx.storage.getBookmarkForTime(to);
      await ctx.storage.onNextSessionRestoreBookmark(bookmark);
    } catch (error) {
      report("an object cannot be brought back", error);
      return { ok: true, value: { restored: false } };
    }
    // A stream of then that could still be resumed would go on behind what came since, and nobody would fetch that.
    await connection.close();
    return ended(ctx, ENDINGS.rewound);
  }

  async #notHere(): Promise<Result<never>> {
    await this.#parts.signIns.leaveNoTrace();
    return { ok: false, error: { kind: "not-found", detail: "account" } };
  }
}

function ended(ctx: DurableObjectState, why: string): never {
  ctx.abort(why);
  throw new Error(why);
}
