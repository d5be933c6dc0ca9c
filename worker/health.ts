/** `GET /api/health`: what a deployer and a watchman may know, which is nothing about anybody. */
import type { Context } from "hono";
import * as v from "valibot";
import { parseAllowedDomains } from "./shared/allowed-domains.ts";
import { report } from "./shared/report.ts";
import { isQuotaSpent } from "./shared/spent-quota.ts";
import type { Failure } from "./contract/failures.ts";
import { namesRounds } from "./shared/failure-causes.ts";
import { CONTRACT_VERSION } from "./contract/version.ts";
import { networkOf } from "./gate.ts";
import { gatewayAccount } from "./shared/gateway-account.ts";
import { gatekeeper, gateway } from "./object.ts";
import { HTTP_STATUS, refuse } from "./responses.ts";

const release = v.object({ version: v.string(), commit: v.string() });

/** 200 where Worker and objects answer, 503 where the objects do not. `domains`: how many take part, not which. */
export async function health(c: Context<{ Bindings: Env }>): Promise<Response> {
  const { success } = await c.env.SIGN_IN_LIMIT.limit({
    key: `health ${networkOf(c.req.header("cf-connecting-ip") ?? "")}`,
  });
  if (!success) return refuse(c, "too-many-tries", "60");
  const objects = await objectsAnswer(c.env);
  const said = {
    contract: CONTRACT_VERSION,
    ...releaseOf(c.env.RELEASE),
    domains: parseAllowedDomains(c.env.ALLOWED_DOMAINS).kind,
    objects,
    ...(objects === "answer" && (await gatewayStands(c.env))),
  };
  return c.json(said, objects === "answer" ? HTTP_STATUS.ok : HTTP_STATUS.unavailable);
}

/** A jurisdiction that the platform does not know throws before anything is asked. */
async function objectsAnswer(
  env: Env,
): Promise<"answer" | "do not answer" | "may not run: quota spent until 00:00 UTC"> {
  try {
    return (await gatekeeper(env).ready()) ? "answer" : "do not answer";
  } catch (error) {
    report("the objects do not answer", error);
    return isQuotaSpent(error) ? "may not run: quota spent until 00:00 UTC" : "do not answer";
  }
}

/** Whether servers can say that something has come (XEP-0357): in a word why not. Nothing where there is none. */
async function gatewayStands(env: Env): Promise<{ readonly gateway?: string }> {
  if (gatewayAccount(env) === undefined) return env.GATEWAY_ADDRESS ? { gateway: "has no password" } : {};
  try {
    const { standing, failure } = await gateway(env).state();
    return { gateway: standing === undefined ? `does not stand: ${failure ? wordsOf(failure) : "not yet"}` : "stands" };
  } catch (error) {
    report("the gateway does not answer", error);
    return { gateway: "does not answer" };
  }
}

/** Its kind; of the details, which name servers, only what the deployer cannot do without. */
function wordsOf({ kind, detail }: Failure): string {
  return detail !== undefined && namesRounds(detail) ? `${kind} (${detail})` : kind;
}

/** What the deployment has written down; a Worker that was deployed by other means says nothing. */
function releaseOf(text: string | undefined): v.InferOutput<typeof release> {
  try {
    const parsed = v.safeParse(release, JSON.parse(text ?? ""));
    if (parsed.success) return parsed.output;
  } catch {
    // Not JSON: nobody has written it down.
  }
  return { version: "unknown", commit: "unknown" };
}
