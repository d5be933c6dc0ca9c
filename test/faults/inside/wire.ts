/**
 * Puts fuses, clock and endpoints into an object's own state, before any of its code has seen it: the turn
 * (`storage.transactionSync`), the statement (`sql.exec`), the alarm, the endpoint in its environment.
 */
import * as v from "valibot";
import { domainOf } from "../../../worker/shared/jid.ts";
import { fromPlatform, toPlatform } from "./clock.ts";
import { step } from "./fuses.ts";

const RESET = "reset by a fault";

const faultVariables = v.object({ FAULT_ENDPOINTS: v.string() });
const endpointsShape = v.record(v.string(), v.string());

/** An object of this isolate, as far as it is known from outside. */
export type Wired = { account: string | undefined; readonly reset: () => never };

/** By account: its latest instance. */
const objects = new Map<string, Wired>();
/** The port an account dials → the account. */
const accountsByPort = new Map<number, string>();

/** Before the object's own constructor: whatever that runs is wired already. */
export function wire(ctx: DurableObjectState): Wired {
  const wired: Wired = {
    account: undefined,
    reset: () => {
      ctx.abort(RESET);
      throw new Error(RESET);
    },
  };
  const known = storedAccount(ctx.storage.sql);
  if (known !== undefined) belongsTo(wired, known);
  wireTurns(ctx.storage, wired);
  wireStatements(ctx.storage.sql, wired);
  wireAlarm(ctx.storage);
  return wired;
}

/** From a sign-in on; afterwards the object's own storage tells it. */
export function belongsTo(wired: Wired, account: string): void {
  wired.account = account;
  objects.set(account, wired);
}

export function objectOf(account: string | undefined): Wired | undefined {
  return account === undefined ? undefined : objects.get(account);
}

/** Whose object dials that port; undefined for connections that are not to an XMPP server. */
export function accountOfPort(port: number): string | undefined {
  return accountsByPort.get(port);
}

/** Each account dials its own port, so that its connection can be disturbed apart from the other's. */
export function environmentOf(wired: Wired, env: Env): Env {
  const { FAULT_ENDPOINTS } = v.parse(faultVariables, env);
  const endpoints = v.parse(endpointsShape, JSON.parse(FAULT_ENDPOINTS));
  for (const [account, uri] of Object.entries(endpoints)) accountsByPort.set(Number(new URL(uri).port), account);
  return {
    ...env,
    get XMPP_ENDPOINTS(): string {
      const { account = "" } = wired;
      return JSON.stringify({ [domainOf(account)]: endpoints[account] });
    },
  };
}

function wireTurns(storage: DurableObjectStorage, wired: Wired): void {
  const transaction = storage.transactionSync.bind(storage);
  storage.transactionSync = <T>(change: () => T): T => {
    const fuse = step(wired.account, "turn");
    if (fuse?.moment === "inside") {
      return transaction(() => {
        change();
        return wired.reset();
      });
    }
    const result = transaction(change);
    if (fuse?.moment === "after") wired.reset();
    if (fuse?.moment === "stored") void storage.sync().then(wired.reset, wired.reset);
    return result;
  };
}

function wireStatements(sql: SqlStorage, wired: Wired): void {
  const execute = sql.exec.bind(sql);
  sql.exec = ((query: string, ...values: SqlStorageValue[]) => {
    if (step(wired.account, "statement")) wired.reset();
    return execute(query, ...values);
  }) as typeof sql.exec;
}

function wireAlarm(storage: DurableObjectStorage): void {
  const setAlarm = storage.setAlarm.bind(storage);
  const getAlarm = storage.getAlarm.bind(storage);
  storage.setAlarm = (at, options) => setAlarm(toPlatform(at), options);
  storage.getAlarm = async (options) => fromPlatform(await getAlarm(options));
}

function storedAccount(sql: SqlStorage): string | undefined {
  const tables = sql.exec("select 1 from sqlite_master where name = 'meta'").toArray();
  if (tables.length === 0) return undefined;
  const row = sql.exec<{ value: string }>("select value from meta where key = 'account'").toArray()[0];
  return row && v.parse(v.string(), JSON.parse(row.value));
}
