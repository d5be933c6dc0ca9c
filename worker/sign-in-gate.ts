/**
 * What stands before every sign-in, before any account's object wakes: whose accounts are taken at all, and how often a
 * password may be tried. A sign-in of more than one call goes through `admitSignIn` in its first call and through
 * `settleSignIn` in its last one, with the pass kept between them.
 */
import type { Context } from "hono";
import type { FailureKind, Result } from "./contract/failures.ts";
import type { BareJid } from "./contract/names.ts";
import { parseAllowedDomains, refusalOf } from "./shared/allowed-domains.ts";
import { failed } from "./shared/failed.ts";
import { readInvitation } from "./shared/invitation-token.ts";
import { domainOf } from "./shared/jid.ts";
import { report } from "./shared/report.ts";
import { isQuotaSpent, SPENT } from "./shared/spent-quota.ts";
import { networkOf } from "./gate.ts";
import { gatekeeper } from "./object.ts";
import { networkName, objectName, readKnown } from "./session.ts";

/**
 * `object`: the account's. `ticket`: what the gatekeeper knows this try by. `invitation`: the id of the one that holds a place
 * for it. All may be told to the browser.
 */
export type Pass = { readonly object: string; readonly ticket: string; readonly invitation?: string };

const NEW_ACCOUNTS_A_DAY = 50;

/** How many may come for the first time in a day. */
export function newAccountsADay(env: Env): number {
  return Number(env.NEW_ACCOUNTS_A_DAY || NEW_ACCOUNTS_A_DAY);
}

/** What an invitation opens. */
const OPENED: ReadonlySet<FailureKind> = new Set(["domain-refused", "no-domains", "no-new-accounts"]);

/**
 * Whether this browser may try a password of this account now; `invited`: by name, whatever the list of domains says.
 * `token`: of an invitation, as it came. Fails with `domain-refused`, `no-domains`, `invitation`, `too-many-tries`,
 * `account-guarded`, `too-busy`, `no-new-accounts`, `offline` where the platform's quota is spent.
 */
export async function admitSignIn(
  c: Context<{ Bindings: Env }>,
  account: BareJid,
  token?: string,
): Promise<Result<Pass & { readonly invited: boolean }>> {
  const refused = refusalOf(parseAllowedDomains(c.env.ALLOWED_DOMAINS), account);
  const address = c.req.header("cf-connecting-ip") ?? "";
  // The platform's own count, for each of its locations: what is over it costs no object's time.
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: networkOf(address) });
  if (!success) return { ok: false, error: { kind: "too-many-tries", detail: "60" } };
  const object = await objectName(c.env, account);
  const [invitation, network, neighbourhood, known] = await Promise.all([
    token === undefined ? undefined : readInvitation(c.env.NAME_SECRET, token),
    networkName(c.env, networkOf(address)),
    networkName(c.env, networkOf(address, 48)),
    readKnown(c, object),
  ]);
  const knock = {
    ...{ account: object, network, neighbourhood, domain: domainOf(account) },
    ...(known && { known }),
    ...(refused && { refused }),
    ...(invitation && { invitation }),
  };
  try {
    const admitted = await gatekeeper(c.env).admit(knock, newAccountsADay(c.env));
    // A gatekeeper of the release before, while this one goes up, leaves the list of domains to us.
    if (admitted.ok && refused && !admitted.value.invited) return failed(refused);
    if (admitted.ok) return { ok: true, value: { object, ...admitted.value } };
    // What nobody here has signed the gatekeeper never sees.
    const foreign = token !== undefined && invitation === undefined && OPENED.has(admitted.error.kind);
    return foreign ? failed("invitation", "unknown") : admitted;
  } catch (error) {
    // Overloaded or reset: it counts nothing, so nobody is let in.
    report("sign-ins cannot be counted", error);
    if (isQuotaSpent(error)) return { ok: false, error: { kind: "offline", detail: SPENT } };
    return { ok: false, error: { kind: "too-busy" } };
  }
}

/**
 * Whether the second step may wake the object: the first was let in once, its name could be shown a thousand times. Fails
 * with `too-many-tries`, and with `invitation` where the one that opened the door was taken back meanwhile.
 */
export async function mayFinish(
  c: Context<{ Bindings: Env }>,
  { object, invitation }: Pick<Pass, "object" | "invitation">,
): Promise<Result<true>> {
  const network = networkOf(c.req.header("cf-connecting-ip") ?? "");
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: `finish ${network}` });
  if (!success) return failed("too-many-tries", "60");
  if (invitation === undefined) return { ok: true, value: true };
  try {
    return await gatekeeper(c.env).mayEnd(invitation, object);
  } catch (error) {
    report("an invitation cannot be asked for", error);
    return failed("too-busy");
  }
}

/**
 * How it ended. A try that is never settled stays counted as one with a wrong password, and so does one of which no more is
 * known than that it lapsed: keys for the same attempt may be at the server at this moment, and their answer is what counts.
 */
export async function settleSignIn(
  { env }: Pick<Context<{ Bindings: Env }>, "env">,
  { object, ticket, invitation }: Pass,
  result: Result<unknown>,
): Promise<void> {
  const outcome = result.ok ? "proved" : outcomeOf(result.error.kind);
  if (outcome === undefined) return;
  // Whoever came by an invitation and is not written down would not be let in the next time.
  const tries = outcome === "proved" && invitation !== undefined ? 2 : 1;
  for (let n = 1; n <= tries; n += 1) {
    try {
      return await gatekeeper(env).settle(ticket, object, outcome, invitation);
    } catch (error) {
      // Whoever has the right password is let in even if it cannot be written down.
      report("a sign-in was not counted", error);
    }
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
