/** Where browsers that are closed are rung, and how far they have been told. */
import type { PushSubscribing } from "../../worker/contract/push.ts";
import type { BrowserId, Seq } from "../../worker/contract/names.ts";

export type PushTargetRow = Omit<PushSubscribing, "quiet"> & {
  /** `QuietHours`, as JSON. */
  readonly quiet?: string | null;
  readonly browser: BrowserId;
  /** 32 characters, drawn at random. */
  readonly topic: string;
  /** Everything up to here was told by a push that its service has taken. */
  readonly pushed: Seq;
  /** How often in a row its service would not take one, for good. */
  readonly refused: number;
  /** How many in a row its service did not take, however often they were tried. */
  readonly failed: number;
};

/** What a service has answered is said of that place alone: the browser may have another one by then. */
type Rung = Pick<PushTargetRow, "browser" | "endpoint">;

export class PushTargets {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get any(): boolean {
    return this.#sql.exec("select 1 from push_targets limit 1").toArray().length > 0;
  }

  all(): readonly PushTargetRow[] {
    return this.#sql.exec<PushTargetRow>("select * from push_targets order by browser").toArray();
  }

  get(browser: BrowserId): PushTargetRow | undefined {
    return this.#sql.exec<PushTargetRow>("select * from push_targets where browser = ?", browser).toArray()[0];
  }

  /** The newest subscription stands. `head`: what is in the log already the browser has, or fetches when it is opened. */
  put(browser: BrowserId, { endpoint, key, auth, origin, quiet }: PushSubscribing, topic: string, head: Seq): void {
    const known = this.get(browser);
    const hours = quiet === undefined ? null : JSON.stringify({ from: quiet.from, to: quiet.to });
    if (known?.endpoint === endpoint && known.key === key && known.auth === auth && known.origin === origin) {
      if (known.quiet !== hours) this.#sql.exec("update push_targets set quiet = ? where browser = ?", hours, browser);
      return;
    }
    this.#sql.exec(
      `insert or replace into push_targets (browser, endpoint, key, auth, origin, quiet, topic, pushed)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[browser, endpoint, key, auth, origin, hours, topic, head],
    );
  }

  pushed({ browser, endpoint }: Rung, seq: Seq): void {
    const changed = "pushed = max(pushed, ?), refused = 0, failed = 0";
    this.#sql.exec(`update push_targets set ${changed} where browser = ? and endpoint = ?`, seq, browser, endpoint);
  }

  refused({ browser, endpoint }: Rung): void {
    const changed = "refused = refused + 1";
    this.#sql.exec(`update push_targets set ${changed} where browser = ? and endpoint = ?`, browser, endpoint);
  }

  failed({ browser, endpoint }: Rung): void {
    const changed = "failed = failed + 1";
    this.#sql.exec(`update push_targets set ${changed} where browser = ? and endpoint = ?`, browser, endpoint);
  }

  forget({ browser, endpoint }: Rung): void {
    this.#sql.exec("delete from push_targets where browser = ? and endpoint = ?", browser, endpoint);
  }
}
