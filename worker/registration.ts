/**
 * Accounts that do not exist yet, at the edge: which servers are offered, who may ask for a form now, and which object holds it.
 * It is one of the place that asks, so a place has one form open; it is nobody's account and keeps nothing.
 */
import { FORM_LIMITS } from "./contract/forms.ts";
import type { Context } from "hono";
import * as v from "valibot";
import type { Registered } from "../durable/account.ts";
import type { Result } from "./contract/failures.ts";
import type { BareJid } from "./contract/names.ts";
import type { RegistrationReply, ServersOffered } from "./contract/registration.ts";
import { parseAllowedDomains, refusalOf } from "./shared/allowed-domains.ts";
import { fromBase64Url, toBase64Url } from "./shared/base64.ts";
import { normaliseDomain, parseDomains } from "./shared/domains.ts";
import { failed } from "./shared/failed.ts";
import { readInvitation } from "./shared/invitation-token.ts";
import { OTHER_PAGE } from "./shared/other-page.ts";
import { report } from "./shared/report.ts";
import { isQuotaSpent, SPENT } from "./shared/spent-quota.ts";
import { registerArguments, submitArguments } from "./arguments.ts";
import { networkOf } from "./gate.ts";
import { accountObject, gatekeeper } from "./object.ts";
import { refuse, respond } from "./responses.ts";
import { networkName, placeName } from "./session.ts";
import { newAccountsADay } from "./sign-in-gate.ts";
import { readName, signName } from "./signed-name.ts";

type Edge = Context<{ Bindings: Env }>;

/** What stands for "none at all" in the list. */
const NONE = "none";
const PARTS = 4;

/** Which servers a person is shown who has no account: those the deployer has named, else those whose accounts may sign in. */
function serversOffered({ NEW_ACCOUNT_SERVERS: named = "", ALLOWED_DOMAINS }: Env): ServersOffered {
  const servers = parseDomains(named);
  if (servers.includes(NONE)) return { servers: [], others: false };
  if (servers.length > 0) return { servers, others: false };
  const allowed = parseAllowedDomains(ALLOWED_DOMAINS);
  return allowed.kind === "listed"
    ? { servers: allowed.domains, others: false }
    : { servers: [], others: allowed.kind === "everybody" };
}

export function offerServers(c: Edge): Response {
  return respond(c, { ok: true, value: serversOffered(c.env) });
}

/** The form of a server. Fails as a sign-in at the door, as finding that server does, and with `registration`. */
export async function register(c: Edge): Promise<Response> {
  const args = v.safeParse(registerArguments, await c.req.json().catch(() => undefined));
  if (!args.success) return refuse(c, "malformed", OTHER_PAGE);
  const { token, invitation } = args.output;
  const domain = normaliseDomain(args.output.domain);
  const offered = serversOffered(c.env);
  // Whoever is invited by a server itself is not choosing one.
  const offers = token !== undefined || invitation !== undefined || offered.others || offered.servers.includes(domain);
  if (!offers) return refuse(c, "registration", "not-offered");
  const object = await placeName(c.env, networkOf(address(c)));
  const pass = await admit(c, "form", { object, domain, invitation });
  if (!pass.ok) return respond(c, pass);
  const { invited } = pass.value;
  const result = await ask(c, pass.value, () =>
    accountObject(c.env, object).register({ domain, invited, ...(token !== undefined && { token }) }),
  );
  return respond(c, await replyOf(c, result, { object, domain, invited }));
}

/** The answers. Fails as `register` does, and with `sign-in-lapsed` where the form is too old. */
export async function submit(c: Edge): Promise<Response> {
  const args = v.safeParse(submitArguments, await c.req.json().catch(() => undefined));
  if (!args.success) return refuse(c, "malformed", OTHER_PAGE);
  const { attempt, ...form } = args.output;
  const limits = { now: Date.now(), validMs: FORM_LIMITS.formWaitMs };
  const [object, id, sealed, mark] = (await readName(c.env, "registration", attempt, PARTS, limits)) ?? [];
  if (object === undefined || id === undefined || sealed === undefined) return refuse(c, "sign-in-lapsed");
  const domain = new TextDecoder().decode(fromBase64Url(sealed));
  const invited = mark === "invited";
  const pass = await admit(c, "answers", { object, domain, invited });
  if (!pass.ok) return respond(c, pass);
  const result = await ask(c, pass.value, () =>
    accountObject(c.env, object)
      .submit({ id, domain, invited, ...form })
      .catch(brokenOff),
  );
  return respond(c, await replyOf(c, result, { object, domain, invited }));
}

/** The object was lost on the way: the server may have taken the answers. One that was not asked at all has sent nothing. */
function brokenOff(error: unknown): Result<never> {
  if (isQuotaSpent(error)) throw error;
  report("the answers to a form were broken off", error);
  return failed("registration", "unanswered");
}

type Who = { readonly object: string; readonly domain: string };
type Pass = {
  readonly object: string;
  readonly ticket: string;
  readonly invited: boolean;
  readonly invitation?: string;
};

/** As `admitSignIn` for somebody without an address; counted by rows of its own. */
async function admit(
  c: Edge,
  registers: "form" | "answers",
  {
    object,
    domain,
    invitation: link,
    invited,
  }: Who & { readonly invitation?: string | undefined; readonly invited?: boolean },
): Promise<Result<Pass>> {
  const network = networkOf(address(c));
  if (!(await c.env.SIGN_IN_LIMIT.limit({ key: `register ${network}` })).success) return failed("too-many-tries", "60");
  // A domain alone: whose accounts may sign in here.
  const refused =
    invited === true ? undefined : refusalOf(parseAllowedDomains(c.env.ALLOWED_DOMAINS), domain as BareJid);
  const invitation = link === undefined ? undefined : await readInvitation(c.env.NAME_SECRET, link);
  const knock = {
    ...{ account: object, domain, registers },
    ...{
      network: await networkName(c.env, network),
      neighbourhood: await networkName(c.env, networkOf(address(c), 48)),
    },
    ...(refused && { refused }),
    ...(invitation && { invitation }),
  };
  try {
    const admitted = await gatekeeper(c.env).admit(knock, newAccountsADay(c.env));
    if (!admitted.ok) return admitted;
    return { ok: true, value: { object, ...admitted.value, invited: invited === true || admitted.value.invited } };
  } catch (error) {
    report("forms cannot be counted", error);
    return isQuotaSpent(error) ? failed("offline", SPENT) : failed("too-busy");
  }
}

/** Asks the object, and says at the door that it is over: nothing of it counts as a sign-in. */
async function ask<T>(
  { env }: Edge,
  { object, ticket, invitation }: Pass,
  question: () => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    return await question();
  } finally {
    await gatekeeper(env)
      .settle(ticket, object, "wrong", invitation)
      // Its place is given up with the time.
      .catch((error: unknown) => report("a form was not counted", error));
  }
}

async function replyOf(
  { env }: Edge,
  result: Result<Registered>,
  { object, domain, invited }: Who & { readonly invited: boolean },
): Promise<Result<RegistrationReply>> {
  if (!result.ok || result.value.step !== "form") return result as Result<RegistrationReply>;
  const { id, ...form } = result.value;
  const parts = [object, id, toBase64Url(new TextEncoder().encode(domain)), invited ? "invited" : "listed"];
  return { ok: true, value: { ...form, attempt: await signName(env, "registration", parts, Date.now()) } };
}

function address(c: Edge): string {
  return c.req.header("cf-connecting-ip") ?? "";
}
