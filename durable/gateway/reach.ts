/** The gateway as the object of an account reaches it. */
import { GATEWAY_NAME, gatewayAccount } from "../../worker/shared/gateway-account.ts";
import { placed } from "../../worker/network/placed.ts";
import { report } from "../../worker/shared/report.ts";
import { within } from "../../worker/shared/within.ts";
import type { Standing } from "./line.ts";
import { Nodes } from "./node.ts";

export interface GatewayReach {
  /** A name for this account's object, under which its server may push; another one at each call. */
  seal(pass: string): Promise<string>;
  /** Undefined where it cannot be reached now. */
  standing(): Promise<Standing | undefined>;
}

/** It may be opening its stream. */
const ANSWER_MS = 10_000;

/** For the object of that id; undefined where the deployment has no gateway. */
export function gatewayReach(env: Env, object: string): GatewayReach | undefined {
  if (gatewayAccount(env) === undefined) return undefined;
  const nodes = new Nodes(env.COOKIE_SECRET);
  return {
    seal: (pass) => nodes.seal({ object, pass }),
    standing: async () => {
      try {
        const all = placed(env, env.GATEWAY);
        const state = await within(all.get(all.idFromName(GATEWAY_NAME)).state(), ANSWER_MS, undefined);
        return state?.standing;
      } catch (error) {
        report("the gateway cannot be asked", error);
        return undefined;
      }
    },
  };
}
