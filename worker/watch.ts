/**
 * The watchman. While an account should be online its alarm is always armed, but one that has failed six times never rings
 * again: after a day whose allowance was spent, for example. Every quarter of an hour (`wrangler.toml`, `tools/serve/watch.ts`)
 * some accounts are looked at, and those that stay online with nothing to wake them are woken. So is the gateway, and whoever relies
 * on it is told how it stands.
 */
import { report } from "./shared/report.ts";
import type { Standing } from "../durable/gateway.ts";
import { gatewayAccount } from "./shared/gateway-account.ts";
import { accountObject, gatekeeper, gateway } from "./object.ts";

export async function lookAfter(env: Env): Promise<{ readonly looked: number; readonly woken: number }> {
  const names = await gatekeeper(env).toLookAt();
  const standing = await gatewayStanding(env);
  const answers = await Promise.all(names.map((name) => lookIn(env, name, standing)));
  const seen = answers.filter((answer) => answer !== undefined);
  await gatekeeper(env).lookedAt(
    names,
    seen.map(({ name, staysOnline }) => ({ name, staysOnline })),
  );
  return { looked: seen.length, woken: seen.filter(({ woken }) => woken).length };
}

/** Undefined where it does not answer: its turn comes again, and the others do not wait for it. */
async function lookIn(env: Env, name: string, standing: Standing | undefined) {
  try {
    return { name, ...(await accountObject(env, name).lookIn(standing)) };
  } catch (error) {
    report("an account cannot be looked at", error);
    return undefined;
  }
}

/** Undefined where there is none, or none that servers reach now. */
async function gatewayStanding(env: Env): Promise<Standing | undefined> {
  if (gatewayAccount(env) === undefined) return undefined;
  try {
    return (await gateway(env).state()).standing;
  } catch (error) {
    report("the gateway cannot be looked at", error);
    return undefined;
  }
}
