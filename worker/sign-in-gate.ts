/**
 * What stands before every sign-in, before any account's object wakes: whose accounts are taken at all, and how often a
 * password may be tried. A sign-in of more than one call goes through `admitSignIn` in its first call and through
 * `settleSignIn` in its last one, with the pass kept between them.
 */
import type { Context } from "hono";
import type { FailureKind, Result } from "./contract/failures.ts";
import type { BareJid } from "./contract/names.ts";
import { parseAllowedDomains, refusalOf } from "./shared/allowed-domains.ts";
import { domainOf } from "./shared/jid.ts";
import { report } from "./shared/report.ts";
import { isQuotaSpent, SPENT } from "./shared/spent-quota.ts";
import { networkOf } from "./gate.ts";
import { gatekeeper } from "./object.ts";
import { networkName, objectName, readKnown } from "./session.ts";

/** `object`: the account's. `ticket`: what the gatekeeper knows this try by. Both may be told to the browser. */
export type Pass = { readonly object: string; readonly ticket: string };

const NEW_ACCOUNTS_A_DAY = 50;

/**
 * Whether this browser may try a password of this account now. Fails with `domain-refused`, `no-domains`,
 * `too-many-tries`, `account-guarded`, `too-busy`, `no-new-accounts`, `offline` where the platform's quota is spent.
 */
export async function admitSignIn(c: Context<{ Bindings: Env }>, account: BareJid): Promise<Result<Pass>> {
  const refused = refusalOf(parseAllowedDomains(c.env.ALLOWED_DOMAINS), account);
  if (refused) return { ok: false, error: { kind: refused } };
  const address = c.req.header("cf-connecting-ip") ?? "";
  // The platform's own count, for each of its locations: what is over it costs no object's time.
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: networkOf(address) });
  if (!success) return { ok: false, error: { kind: "too-many-tries", detail: "60" } };
  const object = await objectName(c.env, account);
  const [network, neighbourhood, known] = await Promise.all([
    networkName(c.env, networkOf(address)),
    networkName(c.env, networkOf(address, 48)),
    readKnown(c, object),
  ]);
  const limit = Number(c.env.NEW_ACCOUNTS_A_DAY || NEW_ACCOUNTS_A_DAY);
  const knock = { account: object, network, neighbourhood, domain: domainOf(account), ...(known && { known }) };
  try {
    const admitted = await gatekeeper(c.env).admit(knock, limit);
    return admitted.ok ? { ok: true, value: { object, ticket: admitted.value.ticket } } : admitted;
  } catch (error) {
    // Overloaded or reset: it counts nothing, so nobody is let in.
    report("sign-ins cannot be counted", error);
    if (isQuotaSpent(error)) return { ok: false, error: { kind: "offline", detail: SPENT } };
    return { ok: false, error: { kind: "too-busy" } };
  }
}

/** Whether the second step may wake the object: the first was let in once, its name could be shown a thousand times. */
export async function mayFinish(c: Context<{ Bindings: Env }>): Promise<boolean> {
  const network = networkOf(c.req.header("cf-connecting-ip") ?? "");
  return (await c.env.SIGN_IN_LIMIT.limit({ key: `finish ${network}` })).success;
}

/**
 * How it ended. A try that is never settled stays counted as one with a wrong password, and so does one of which no more is
 * known than that it lapsed: keys for the same attempt may be at the server at this moment, and their answer is what counts.
 */
export async function settleSignIn(
  { env }: Pick<Context<{ Bindings: Env }>, "env">,
  { object, ticket }: Pass,
  result: Result<unknown>,
): Promise<void> {
  const outcome = result.ok ? "proved" : outcomeOf(result.error.kind);
  if (outcome === undefined) return;
  try {
    await gatekeeper(env).settle(ticket, object, outcome);
  } catch (error) {
    // Whoever has the right password is let in even if it cannot be written down.
    report("a sign-in was not counted", error);
  }
}

function outcomeOf(kind: FailureKind): "proved" | "wrong" | "failed" | undefined {
  switch (kind) {
    case "sign-in-lapsed":
      return undefined;
    // Said to those alone who have proved the password.
    case "revoked":
    case "too-many-browsers":
      return "proved";
    case "wrong-password":
    case "account-disabled":
      return "wrong";
    default:
      return "failed";
  }
}
