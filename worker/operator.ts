/**
 * The operator's commands (`npm run accounts`). Objects are named by a hash that only NAME_SECRET makes, so the operator is
 * whoever has that secret: their command signs each request with a key of it (`shared/operator-proof.ts`). To everybody
 * else there is nothing here, in the very words of any other path.
 */
import type { Context } from "hono";
import * as v from "valibot";
import type { BareJid } from "./contract/names.ts";
import {
  type AccountOverview,
  ENDINGS,
  INVITATION_MOST,
  type OperatorCommand,
  type OperatorCommands,
} from "./contract/operator.ts";
import type { Result } from "./contract/failures.ts";
import { LIMITS } from "./contract/limits.ts";
import { normaliseDomain } from "./shared/domains.ts";
import { isInvitationId } from "./shared/invitation-token.ts";
import { parseBareJid } from "./shared/jid.ts";
import { nonceOfOperator, OPERATOR_HEADER, operatorKey } from "./shared/operator-proof.ts";
import { report } from "./shared/report.ts";
import { isStorageFull } from "./shared/storage-full.ts";
import { networkOf } from "./gate.ts";
import { listInvitations, makeInvitation } from "./invitations.ts";
import { accountObject, gatekeeper, untilItEnds } from "./object.ts";
import { refuse, respond } from "./responses.ts";
import { objectName } from "./session.ts";
import { lookAfter } from "./watch.ts";

/** Each account of a page is one request to its object; the free plan allows 50 in an invocation. */
const LIST_PAGE = 40;

const address = v.pipe(
  v.string(),
  v.transform((text) => parseBareJid(text)),
  v.check((account) => account !== undefined),
  v.transform((account) => account as BareJid),
);
const atMost = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const place = v.object({ table: v.string(), after: v.array(v.union([v.string(), v.number()])) });
const shapes = {
  list: v.object({ after: v.optional(v.string()) }),
  look: v.object({}),
  counters: v.object({}),
  invite: v.object({
    address: v.optional(address),
    domain: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.addressLength), v.transform(normaliseDomain))),
    uses: atMost(INVITATION_MOST.uses),
    days: atMost(INVITATION_MOST.days),
  }),
  invitations: v.object({}),
  uninvite: v.object({ id: v.pipe(v.string(), v.check(isInvitationId)) }),
  overview: v.object({ address }),
  export: v.object({ address, from: v.optional(place) }),
  delete: v.object({ address }),
  restore: v.object({ address, to: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
} satisfies Record<OperatorCommand, v.GenericSchema>;

type Handlers = {
  readonly [Name in OperatorCommand]: (
    env: Env,
    args: v.InferOutput<(typeof shapes)[Name]>,
  ) => Promise<Result<Awaited<ReturnType<OperatorCommands[Name]>>>>;
};

const handlers: Handlers = {
  list: async (env, { after = "" }) => {
    const names = await gatekeeper(env).names(after, LIST_PAGE);
    const answers = await Promise.all(names.map((name) => overviewOf(env, name)));
    const accounts = answers.flatMap((answer) => (answer?.ok ? [answer.value] : []));
    const next = names.length === LIST_PAGE ? names.at(-1) : undefined;
    const silent = answers.filter((answer) => answer === undefined).length;
    return { ok: true, value: { accounts, silent, ...(next !== undefined && { next }) } };
  },
  look: async (env) => ({ ok: true, value: await lookAfter(env) }),
  counters: async (env) => ({ ok: true, value: await gatekeeper(env).counts() }),
  invite: (env, args) => makeInvitation(env, args),
  invitations: listInvitations,
  uninvite: async (env, { id }) => ({ ok: true, value: { takenBack: await gatekeeper(env).uninvite(id) } }),
  overview: async (env, args) => accountObject(env, await objectName(env, args.address)).overview(),
  export: async (env, args) => accountObject(env, await objectName(env, args.address)).exportPage(args.from),
  delete: async (env, args) => {
    const name = await objectName(env, args.address);
    const before = await accountObject(env, name).overview();
    if (!before.ok) return before;
    await untilItEnds(ENDINGS.erased, () => accountObject(env, name).erase());
    const now = await afterwards(env, name);
    if (now.ok || now.error.kind !== "not-found") return { ok: false, error: { kind: "internal" } };
    await gatekeeper(env).forgetAccount(name);
    return { ok: true, value: { deleted: true } };
  },
  restore: async (env, args) => {
    const name = await objectName(env, args.address);
    const result = await untilItEnds(ENDINGS.rewound, () => accountObject(env, name).rewind(args.to));
    return result ?? { ok: true, value: { restored: true } };
  },
};

/** `not-proven`, with our time as `detail`: rightly signed, but not made now, or it was here before. */
export async function operate(c: Context<{ Bindings: Env }>): Promise<Response> {
  const command = c.req.param("command") ?? "";
  const written = c.req.header(OPERATOR_HEADER);
  if (written === undefined || !isCommand(command)) return refuse(c, "not-found");
  const key = `operator ${networkOf(c.req.header("cf-connecting-ip") ?? "")}`;
  if (!(await c.env.SIGN_IN_LIMIT.limit({ key })).success) return refuse(c, "too-many-tries", "60");
  const body = await c.req.text();
  const nonce = await nonceOfOperator(await operatorKey(c.env.NAME_SECRET), written, c.req.url, body);
  if (nonce === undefined) return refuse(c, "not-found");
  if (!(await gatekeeper(c.env).admitOperator(nonce))) return refuse(c, "not-proven", String(Date.now()));
  return respond(c, await answer(c.env, command, body));
}

async function answer<Name extends OperatorCommand>(env: Env, command: Name, body: string): Promise<Result<unknown>> {
  const args = v.safeParse(shapes[command] as (typeof shapes)[Name], parsed(body));
  if (!args.success) return { ok: false, error: { kind: "malformed" } };
  return handlers[command](env, args.output as v.InferOutput<(typeof shapes)[Name]>);
}

function isCommand(name: string): name is OperatorCommand {
  return Object.hasOwn(shapes, name);
}

/** Of one that was erased. Where there is no room even for an object that knows nobody, there was none for anybody else. */
async function afterwards(env: Env, name: string): Promise<Result<AccountOverview>> {
  try {
    return await accountObject(env, name).overview();
  } catch (error) {
    if (isStorageFull(error)) return { ok: false, error: { kind: "not-found", detail: "account" } };
    throw error;
  }
}

/** Undefined where it does not answer: one that is ill must not hide the others. */
async function overviewOf(env: Env, name: string): Promise<Result<AccountOverview> | undefined> {
  try {
    return await accountObject(env, name).overview();
  } catch (error) {
    report("an account does not answer", error);
    return undefined;
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // No shape fits it.
    return undefined;
  }
}
