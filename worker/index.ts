/** The edge: a table of routes. It keeps no state; it decides who may speak to which account's object, and nothing else. */
import { FORM_ROUTES } from "./contract/forms.ts";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as v from "valibot";
import { parseBareJid } from "./shared/jid.ts";
import { OTHER_PAGE } from "./shared/other-page.ts";
import { report } from "./shared/report.ts";
import { isQuotaSpent, SPENT } from "./shared/spent-quota.ts";
import { isStorageFull } from "./shared/storage-full.ts";
import type { Admitted } from "../durable/account.ts";
import { HTTP_STATUS, refuse, respond } from "./responses.ts";
import { callArguments, isCallName, signInArguments, signInProof, signOutArguments } from "./arguments.ts";
import type { Result } from "./contract/failures.ts";
import { ENDINGS } from "./contract/operator.ts";
import { ROUTES } from "./contract/routes.ts";
import type { SignOutArguments } from "./contract/sign-in.ts";
import { admitSignIn, mayFinish, settleSignIn } from "./sign-in-gate.ts";
import { guarded, sameOrigin } from "./gate.ts";
import { health } from "./health.ts";
import { FILE_ROUTES } from "./contract/media.ts";
import { getFile, putFile } from "./media.ts";
import { PREVIEW_ROUTE } from "./contract/preview.ts";
import { previewLink } from "./previews.ts";
import { lookAtInvitation } from "./invitations.ts";
import { accountObject, askAccount, gatekeeper, untilItEnds } from "./object.ts";
import { operate } from "./operator.ts";
import { readAttempt, writeAttempt } from "./attempt.ts";
import { proofInQuery, proofOf } from "./proofs.ts";
import { lookAfter } from "./watch.ts";
import { offerServers, register, submit } from "./registration.ts";
import { clearSession, isForAnother, readSession, type Session, writeSession } from "./session.ts";

export { Account } from "../durable/account.ts";
export { Gatekeeper } from "../durable/gatekeeper.ts";
export { Gateway } from "../durable/gateway.ts";

const BODY_LIMIT_BYTES = 1024 * 1024;

const app = new Hono<{ Bindings: Env }>();

app.use(guarded);
// Before the gate: whoever watches a deployment is no page of it.
app.get(ROUTES.health, health);
app.use("/api/*", sameOrigin);
/** A file on its way: its body is never read here, so no other limit but its ticket's holds for it. */
app.put(FILE_ROUTES.put, putFile);
app.use("/api/*", bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: (c) => refuse(c, "too-large") }));
app.post(FILE_ROUTES.get, getFile);
/** What is behind a link, for whoever is about to send it. */
app.post(PREVIEW_ROUTE, previewLink);

/**
 * The first step of a sign-in: what the XMPP server wants made of the password. It ends here only where the server has to
 * have the password itself.
 */
app.post(ROUTES.signIn, async (c) => {
  const args = v.safeParse(signInArguments, parseJson(await c.req.text()));
  if (!args.success) return refuse(c, "malformed", OTHER_PAGE);
  const account = parseBareJid(args.output.address);
  if (account === undefined) return refuse(c, "address-invalid");
  const { invitation, ...request } = args.output;
  const admitted = await admitSignIn(c, account, invitation);
  if (!admitted.ok) return respond(c, admitted);
  const { invited, ...pass } = admitted.value;
  const result = await accountObject(c.env, pass.object).signIn({ ...request, account, invited });
  if (result.ok && result.value.step === "prove") {
    const attempt = await writeAttempt(c.env, { ...pass, id: result.value.attempt }, Date.now());
    return respond(c, { ok: true, value: { ...result.value, attempt } });
  }
  await settleSignIn(c, pass, result);
  if (!result.ok || result.value.step === "prove") return respond(c, result);
  return admit(c, pass.object, result.value);
});

/** The second step: prove the password at the XMPP server; only then is a browser registered and a cookie set. */
app.post(ROUTES.finishSignIn, async (c) => {
  const args = v.safeParse(signInProof, parseJson(await c.req.text()));
  if (!args.success) return refuse(c, "malformed");
  const attempt = await readAttempt(c.env, args.output.attempt, Date.now());
  if (attempt === undefined) return refuse(c, "sign-in-lapsed");
  const may = await mayFinish(c, attempt);
  if (!may.ok) return respond(c, may);
  const result = await accountObject(c.env, attempt.object).finishSignIn({ ...args.output, attempt: attempt.id });
  await settleSignIn(c, attempt, result);
  return result.ok ? admit(c, attempt.object, result.value) : respond(c, result);
});

/** What an invitation to this deployment says of itself. */
app.post(ROUTES.invitation, lookAtInvitation);

/** Accounts that do not exist yet. */
app.post(FORM_ROUTES.servers, offerServers);
app.post(FORM_ROUTES.register, register);
app.post(FORM_ROUTES.submit, submit);

/** Forget this browser's session; with `erase` its device too; with `deletes` the whole account. */
app.post(ROUTES.signOut, async (c) => {
  const body = await c.req.text();
  const args = v.safeParse(signOutArguments, parseJson(body));
  if (!args.success) return refuse(c, "malformed");
  const session = await readSession(c);
  if (session && isForAnother(c, session)) return refuse(c, "wrong-account");
  const proof = session && (await proofOf(c, body));
  if (args.output.deletes === true) {
    if (!session) return refuse(c, "not-signed-in");
    const deleted = await deleteAccount(c.env, { ...session, proof }, args.output);
    if (deleted.ok) clearSession(c, true);
    return respond(c, deleted);
  }
  clearSession(c, args.output.erase);
  if (!session) return respond(c, { ok: true, value: { done: true } });
  return respond(c, await askAccount(c.env, session.object, (it) => it.signOut({ ...session, proof }, args.output)));
});

/** Another secret in the cookie; its browser asks for it once a day. */
app.post(ROUTES.renew, async (c) => {
  const session = await readSession(c);
  if (!session) return refuse(c, "not-signed-in");
  if (isForAnother(c, session)) return refuse(c, "wrong-account");
  const proof = await proofOf(c, await c.req.text());
  const renewed = await askAccount(c.env, session.object, (it) => it.renew({ ...session, proof }));
  if (!renewed.ok) return respond(c, renewed);
  await writeSession(c, { ...session, secret: renewed.value.secret });
  return respond(c, { ok: true, value: { done: true } });
});

/** The contract's calls, one object RPC each. */
app.post(`${ROUTES.call}:name`, async (c) => {
  const name = c.req.param("name");
  if (!isCallName(name)) return refuse(c, "not-found");
  const session = await readSession(c);
  if (!session) return refuse(c, "not-signed-in");
  if (isForAnother(c, session)) return refuse(c, "wrong-account");
  const body = await c.req.text();
  const args = v.safeParse(callArguments[name], parseJson(body));
  if (!args.success) return refuse(c, "malformed");
  const proof = await proofOf(c, body);
  return respond(c, await askAccount(c.env, session.object, (it) => it.call({ ...session, proof }, name, args.output)));
});

/** The live socket: handed to the object, which lets it hibernate. */
app.get(ROUTES.live, async (c) => {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") return refuse(c, "malformed");
  const session = await readSession(c);
  if (!session) return refuse(c, "not-signed-in");
  const upgrade = new Request(c.req.url, { headers: { upgrade: "websocket" } });
  upgrade.headers.set("x-alcove-browser", session.browser);
  upgrade.headers.set("x-alcove-secret", session.secret);
  upgrade.headers.set("x-alcove-proof", JSON.stringify((await proofInQuery(c.req.url)) ?? null));
  return askAccount(c.env, session.object, (it) => it.fetch(upgrade));
});

/** What the operator asks, who alone can sign such a request. */
app.post(`${ROUTES.operator}:command`, operate);

app.all("/api/*", (c) => refuse(c, "not-found"));
// A file that is not there, perhaps not yet, comes here, too: with the page in its place a browser would keep that for a year.
app.notFound((c) => c.text("Not found", HTTP_STATUS.notFound));
app.onError((error, c) => {
  report("request failed", error);
  if (isQuotaSpent(error)) return refuse(c, "offline", SPENT);
  return refuse(c, isStorageFull(error) ? "storage-full" : "internal");
});

/** At its server, in its object, and at the door. */
async function deleteAccount(
  env: Env,
  session: Session & { readonly proof: Awaited<ReturnType<typeof proofOf>> },
  args: SignOutArguments,
): Promise<Result<{ readonly done: true }>> {
  const { object } = session;
  const answer = await untilItEnds(ENDINGS.erased, () => accountObject(env, object).signOut(session, args));
  if (answer !== undefined && !answer.ok) return answer;
  await gatekeeper(env).forgetAccount(object);
  return { ok: true, value: { done: true } };
}

/** The password is proved: the cookie is set. */
async function admit(c: Context<{ Bindings: Env }>, object: string, admitted: Admitted): Promise<Response> {
  const { secret, account, browser, epoch } = admitted;
  await writeSession(c, { object, browser, secret });
  return respond(c, { ok: true, value: { step: "done", account, browser, epoch } });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON at all: the schema refuses `undefined` with the same words as any other malformed body.
    return undefined;
  }
}

export default {
  fetch: app.fetch,
  /** By the platform's timer; `triggers` in wrangler.toml. */
  scheduled: async (_controller, env) => {
    await lookAfter(env);
  },
} satisfies ExportedHandler<Env>;
