/**
 * The Worker as tests run it: the real one, and under `/api/test/` what a test cannot do from outside - make an object
 * lose its memory, look at its alarm or ring it, move the clock, read its tables. A deployment never contains this module.
 */
import { Account as RealAccount } from "../durable/account.ts";
import { Gateway as RealGateway } from "../durable/gateway.ts";
import { GRACE } from "../durable/connection/plan.ts";
import { RESTING } from "../durable/connection/resting.ts";
import { PROVING } from "../durable/link/management/proving.ts";
import { parseBareJid } from "../worker/shared/jid.ts";
import type { BareJid } from "../worker/contract/names.ts";
import worker from "../worker/index.ts";
import { translated } from "./old-sign-in.ts";
import { asRelease } from "./other-release.ts";
import { objectName } from "../worker/session.ts";

const NOT_FOUND = 404;
/** Where `TEST_WORLD` names a server, it stands for all of https: the path begins with the host that was meant. */
const realFetch = globalThis.fetch;
let world: string | undefined;
globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit) => {
  const url = typeof input === "string" ? URL.parse(input) : null;
  if (world === undefined || url?.protocol !== "https:") return realFetch(input as RequestInfo, init);
  return realFetch(`${world}/${url.host}${url.pathname}${url.search}`, init);
};

/** Milliseconds that this isolate is ahead of the world. */
let ahead = 0;
/** The contract that objects say they speak; their own where undefined. */
let contract: number | undefined;
const realNow = Date.now;
Date.now = () => realNow() + ahead;

export { Gatekeeper } from "../durable/gatekeeper.ts";
/** In place of an account's address: the object that hears of accounts' servers. */
const THE_GATEWAY = "gateway@object";

/** What a test does to any object: the context that it was made with, and its own alarm. */
type Tested = { readonly ctx: DurableObjectState; readonly alarm: () => Promise<void> };

/** The alarm rings now, whenever it was set for; without one nothing happens, as in life. */
async function ring({ ctx, alarm }: Tested): Promise<boolean> {
  if ((await ctx.storage.getAlarm()) === null) return false;
  await ctx.storage.deleteAlarm();
  await alarm();
  return true;
}

/** As an eviction in the middle of something, or a crash: memory and sockets are gone, committed rows stay. */
function reset(ctx: DurableObjectState): void {
  ctx.abort("reset by a test");
}

function rowsIn({ storage }: DurableObjectState, query: string): Record<string, SqlStorageValue>[] {
  return storage.sql.exec(query).toArray();
}

export class Gateway extends RealGateway {
  testReset(): void {
    reset(this.ctx);
  }

  testAlarm(): Promise<number | null> {
    return this.ctx.storage.getAlarm();
  }

  testRing(): Promise<boolean> {
    return ring({ ctx: this.ctx, alarm: () => this.alarm() });
  }

  testRows(query: string): Record<string, SqlStorageValue>[] {
    return rowsIn(this.ctx, query);
  }
}

export class Account extends RealAccount {
  readonly #life = crypto.randomUUID();

  testReset(): void {
    reset(this.ctx);
  }

  testAlarm(): Promise<number | null> {
    return this.ctx.storage.getAlarm();
  }

  testRing(): Promise<boolean> {
    return ring({ ctx: this.ctx, alarm: () => this.alarm() });
  }

  /** As six failures in a row leave it: nothing rings any more. */
  async testLoseAlarm(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
  }

  /** The alarm that is armed rings in so many milliseconds by itself, as if the time until then had passed. */
  async testHurry(milliseconds: number): Promise<boolean> {
    if ((await this.ctx.storage.getAlarm()) === null) return false;
    await this.ctx.storage.setAlarm(realNow() + milliseconds);
    return true;
  }

  /** Another one after every eviction, hibernation and reset. */
  testLife(): string {
    return this.#life;
  }

  testRows(query: string): Record<string, SqlStorageValue>[] {
    return rowsIn(this.ctx, query);
  }
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    if ("TEST_WORLD" in env) world = String(env.TEST_WORLD);
    if (!url.pathname.startsWith("/api/test/")) {
      const answer = async (asked: Request) => asRelease(contract, await worker.fetch(asked, env, ctx));
      return "OLD_SIGN_INS" in env ? translated(request, answer) : answer(request);
    }
    const account = parseBareJid(url.searchParams.get("account") ?? "");
    if (account === undefined) return new Response("whose object?", { status: NOT_FOUND });
    const name = await objectName(env, account as BareJid);
    const ofAccount = env.ACCOUNT.get(env.ACCOUNT.idFromName(name));
    const ofGateway = env.GATEWAY.get(env.GATEWAY.idFromName("gateway"));
    const object = (account === THE_GATEWAY ? ofGateway : ofAccount) as unknown as DurableObjectStub<Account>;
    switch (url.pathname) {
      case "/api/test/reset":
        return Response.json({ reset: await object.testReset().then(neverSettles, resetByUs) });
      case "/api/test/alarm":
        return Response.json({ alarm: await object.testAlarm() });
      case "/api/test/ring":
        return Response.json({ rang: await object.testRing() });
      case "/api/test/lose-alarm":
        await object.testLoseAlarm();
        return Response.json({});
      case "/api/test/hurry":
        return Response.json({ armed: await object.testHurry(Number(await request.text())) });
      case "/api/test/life":
        return Response.json({ life: await object.testLife() });
      case "/api/test/clock":
        ahead = Number(await request.text());
        return Response.json({ ahead });
      case "/api/test/resting":
        // Constants of the module: nothing that a deployment is configured with reaches them.
        return Response.json(Object.assign(RESTING, JSON.parse(await request.text())));
      case "/api/test/grace":
        GRACE.ms = Number(await request.text());
        return Response.json(GRACE);
      case "/api/test/proving":
        PROVING.withinMs = Number(await request.text());
        return Response.json(PROVING);
      case "/api/test/contract":
        contract = Number(await request.text());
        return Response.json({ contract });
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
