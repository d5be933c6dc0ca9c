/**
 * The Worker as tests run it: the real one, and under `/api/test/` what a test cannot do from outside - make an object
 * lose its memory, look at its alarm, read its tables. A deployment never contains this module.
 */
import { Account as RealAccount } from "../durable/account.ts";
import { parseBareJid } from "../durable/xep/jid.ts";
import type { BareJid } from "../worker/contract.ts";
import worker from "../worker/index.ts";
import { objectName } from "../worker/session.ts";

const NOT_FOUND = 404;

export class Account extends RealAccount {
  /** As an eviction in the middle of something, or a crash: memory and sockets are gone, committed rows stay. */
  testReset(): void {
    this.ctx.abort("reset by a test");
  }

  testAlarm(): Promise<number | null> {
    return this.ctx.storage.getAlarm();
  }

  testRows(query: string): Record<string, SqlStorageValue>[] {
    return this.ctx.storage.sql.exec(query).toArray();
  }
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    if (!url.pathname.startsWith("/api/test/")) return worker.fetch(request, env, ctx);
    const account = parseBareJid(url.searchParams.get("account") ?? "");
    if (account === undefined) return new Response("whose object?", { status: NOT_FOUND });
    const name = await objectName(env, account as BareJid);
    const object = env.ACCOUNT.get(env.ACCOUNT.idFromName(name)) as DurableObjectStub<Account>;
    switch (url.pathname) {
      case "/api/test/reset":
        return Response.json({ reset: await object.testReset().then(neverSettles, resetByUs) });
      case "/api/test/alarm":
        return Response.json({ alarm: await object.testAlarm() });
      case "/api/test/rows":
        return Response.json({ rows: await object.testRows(await request.text()) });
      default:
        return new Response("no such test route", { status: NOT_FOUND });
    }
  },
} satisfies ExportedHandler<Env>;

/** The call dies with the object, so an ordinary answer means that nothing was reset. */
function neverSettles(): boolean {
  return false;
}

function resetByUs(error: unknown): boolean {
  return String(error).includes("reset by a test");
}
