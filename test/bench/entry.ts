/**
 * The Worker as `bench -- session` runs it: the test's, and a meter on everything that costs money on the platform -
 * rows read and written, alarms set, invocations of the object. A deployment never contains this module.
 */
import { parseBareJid } from "../../worker/shared/jid.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { objectName } from "../../worker/session.ts";
import type { Meter } from "./meter.ts";
import entry, { Account as TestAccount } from "../entry.ts";

/** Cursors that may still be read; older ones are added up and let go. */
const OPEN_CURSORS = 64;

type Cursor = ReturnType<SqlStorage["exec"]>;

class Rows {
  #read = 0;
  #written = 0;
  #statements = 0;
  #open: Cursor[] = [];

  add(cursor: Cursor): Cursor {
    this.#statements += 1;
    this.#open.push(cursor);
    if (this.#open.length > OPEN_CURSORS) this.#count(this.#open.splice(0, OPEN_CURSORS / 2));
    return cursor;
  }

  /** A cursor's counts are complete once it was read to its end. */
  total(): Pick<Meter, "rowsRead" | "rowsWritten" | "statements"> {
    this.#count(this.#open.splice(0));
    return { rowsRead: this.#read, rowsWritten: this.#written, statements: this.#statements };
  }

  #count(cursors: readonly Cursor[]): void {
    for (const { rowsRead, rowsWritten } of cursors) {
      this.#read += rowsRead;
      this.#written += rowsWritten;
    }
  }
}

export { Gatekeeper } from "../../durable/gatekeeper.ts";
export { Gateway } from "../../durable/gateway.ts";

export class Account extends TestAccount {
  readonly #rows: Rows;
  readonly #alarms: { set: number };
  #requests = 0;
  #frames = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    const rows = new Rows();
    const alarms = { set: 0 };
    const { storage } = ctx;
    const { sql } = storage;
    const exec = sql.exec.bind(sql) as (query: string, ...bindings: unknown[]) => Cursor;
    Object.assign(sql, { exec: (query: string, ...bindings: unknown[]) => rows.add(exec(query, ...bindings)) });
    const setAlarm = storage.setAlarm.bind(storage);
    Object.assign(storage, {
      setAlarm: (at: number) => {
        alarms.set += 1;
        return setAlarm(at);
      },
    });
    super(ctx, env);
    this.#rows = rows;
    this.#alarms = alarms;
  }

  override call(...args: Parameters<TestAccount["call"]>): ReturnType<TestAccount["call"]> {
    this.#requests += 1;
    return super.call(...args);
  }

  override fetch(request: Request): Promise<Response> {
    this.#requests += 1;
    return super.fetch(request);
  }

  override alarm(): Promise<void> {
    this.#requests += 1;
    return super.alarm();
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#frames += 1;
    super.webSocketMessage(socket, message);
  }

  testMeter(): Meter {
    return {
      ...this.#rows.total(),
      alarmsSet: this.#alarms.set,
      requests: this.#requests,
      frames: this.#frames,
    };
  }
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname !== "/api/test/meter") return entry.fetch(request, env, ctx);
    const account = parseBareJid(url.searchParams.get("account") ?? "");
    if (account === undefined) return new Response("whose object?", { status: 404 });
    const name = await objectName(env, account as BareJid);
    const object = env.ACCOUNT.get(env.ACCOUNT.idFromName(name)) as unknown as DurableObjectStub<Account>;
    return Response.json(await object.testMeter());
  },
} satisfies ExportedHandler<Env>;
