/**
 * The Worker as a run of faults uses it: the real one whose objects can be made to lose their memory at any step, whose
 * clock can jump, and which dial another place each. A deployment never contains this module.
 */
import * as v from "valibot";
import type { BareJid } from "../../../worker/contract/names.ts";
import { objectName } from "../../../worker/session.ts";
import testWorker, { Account as TestAccount } from "../../entry.ts";
import { setOffset } from "./clock.ts";
import { clearFuses, firedFuses, setFuse } from "./fuses.ts";
import "./sockets.ts";
import { belongsTo, environmentOf, wire, type Wired } from "./wire.ts";

const fuseArguments = v.object({
  id: v.number(),
  at: v.picklist(["turn", "statement", "write"]),
  count: v.number(),
  moment: v.picklist(["inside", "after", "stored", "before"]),
});
const clockArguments = v.object({ offsetMs: v.number() });

export { Gatekeeper } from "../../../durable/gatekeeper.ts";
export { Gateway } from "../../../durable/gateway.ts";

export class Account extends TestAccount {
  readonly #wired: Wired;

  constructor(ctx: DurableObjectState, env: Env) {
    const wired = wire(ctx);
    super(ctx, environmentOf(wired, env));
    this.#wired = wired;
  }

  override signIn(args: Parameters<TestAccount["signIn"]>[0]): ReturnType<TestAccount["signIn"]> {
    belongsTo(this.#wired, args.account);
    return super.signIn(args);
  }

  /** As if the alarm rang now. */
  async testBeat(): Promise<void> {
    await this.alarm();
  }
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    const account = url.searchParams.get("account") ?? "";
    switch (url.pathname) {
      case "/api/test/fuse":
        setFuse(account, v.parse(fuseArguments, await request.json()));
        return Response.json({});
      case "/api/test/fuses":
        if (request.method === "DELETE") clearFuses();
        return Response.json({ fired: firedFuses() });
      case "/api/test/clock":
        setOffset(v.parse(clockArguments, await request.json()).offsetMs);
        return Response.json({});
      case "/api/test/beat": {
        const object = env.ACCOUNT.get(env.ACCOUNT.idFromName(await objectName(env, account as BareJid)));
        await (object as DurableObjectStub<Account>).testBeat();
        return Response.json({});
      }
      default:
        return testWorker.fetch(request, env, ctx);
    }
  },
} satisfies ExportedHandler<Env>;
