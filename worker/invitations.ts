/**
 * Invitations at the edge, where the secret is: what the gatekeeper keeps of them names nobody, for an address is sealed
 * (AES-GCM, NIST SP 800-38D) with a key of NAME_SECRET before it goes there.
 */
import type { Context } from "hono";
import * as v from "valibot";
import type { InvitationView } from "./contract/invitation.ts";
import type { BareJid } from "./contract/names.ts";
import type { OperatorCommands, OperatorsInvitation } from "./contract/operator.ts";
import type { Result } from "./contract/failures.ts";
import { fromBase64Url, toBase64Url } from "./shared/base64.ts";
import { keyBytesFor } from "./shared/derived-key.ts";
import { failed } from "./shared/failed.ts";
import { newInvitationId, readInvitation } from "./shared/invitation-token.ts";
import { invitationArguments } from "./arguments.ts";
import { networkOf } from "./gate.ts";
import { gatekeeper } from "./object.ts";
import { refuse, respond } from "./responses.ts";
import { objectName } from "./session.ts";

const DAY_MS = 24 * 60 * 60_000;
const NONCE_BYTES = 12;
/** Ids have 40 random bits: one that is taken already is rare, two in a row do not happen. */
const TRIES = 2;

const bytes = new TextEncoder();

/** What an invitation says of itself, to whoever has its link. One that was not made here wakes no object. */
export async function lookAtInvitation(c: Context<{ Bindings: Env }>): Promise<Response> {
  const args = v.safeParse(invitationArguments, await c.req.json().catch(() => undefined));
  if (!args.success) return refuse(c, "malformed");
  const key = `invitation ${networkOf(c.req.header("cf-connecting-ip") ?? "")}`;
  if (!(await c.env.SIGN_IN_LIMIT.limit({ key })).success) return refuse(c, "too-many-tries", "60");
  const id = await readInvitation(c.env.NAME_SECRET, args.output.invitation);
  if (id === undefined) return refuse(c, "invitation", "unknown");
  const found = await gatekeeper(c.env).invitation(id);
  if (!found.ok) return respond(c, found);
  const { domain, ends } = found.value;
  const address = await unseal(c.env, found.value.sealed);
  const value: InvitationView = { ends, ...(address !== undefined && { address }), ...(domain && { domain }) };
  return respond(c, { ok: true, value });
}

type Answer<Name extends "invite" | "invitations"> = Result<ReturnType<OperatorCommands[Name]>>;
type Asked = {
  readonly address?: BareJid | undefined;
  readonly domain?: string | undefined;
  readonly uses: number;
  readonly days: number;
};

/** Fails with `too-large` where there are as many as are kept. */
export async function makeInvitation(
  env: Env,
  { address, domain, uses, days }: Asked,
  now = Date.now(),
): Promise<Answer<"invite">> {
  const ends = now + days * DAY_MS;
  const whose =
    address === undefined ? {} : { account: await objectName(env, address), sealed: await seal(env, address) };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const id = newInvitationId();
    const invitation = { id, uses, made: now, ends, ...whose, ...(domain !== undefined && { domain }) };
    if (await gatekeeper(env).invite(invitation)) return { ok: true, value: { id, ends } };
  }
  return failed("too-large");
}

/** With the addresses of those that are for one account alone: for the operator. */
export async function listInvitations(env: Env): Promise<Answer<"invitations">> {
  const kept = await gatekeeper(env).invitations();
  const invitations = await Promise.all(
    kept.map(async ({ id, uses, used, made, ends, takenBack, sealed, domain }): Promise<OperatorsInvitation> => {
      const address = await unseal(env, sealed);
      const whose = { ...(address !== undefined && { address }), ...(domain !== undefined && { domain }) };
      return { id, uses, used, made, ends, takenBack, ...whose };
    }),
  );
  return { ok: true, value: { invitations } };
}

async function seal(env: Env, address: BareJid): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(env), bytes.encode(address));
  return `${toBase64Url(iv)}.${toBase64Url(sealed)}`;
}

/** Undefined where there is none, or it was sealed under another NAME_SECRET. */
async function unseal(env: Env, text: string | undefined): Promise<BareJid | undefined> {
  const [iv, sealed] = text?.split(".") ?? [];
  if (iv === undefined || sealed === undefined) return undefined;
  try {
    const algorithm = { name: "AES-GCM", iv: fromBase64Url(iv) };
    const opened = await crypto.subtle.decrypt(algorithm, await keyOf(env), fromBase64Url(sealed));
    return new TextDecoder().decode(opened) as BareJid;
  } catch {
    // Its tag does not hold: the secret is another one than it was.
    return undefined;
  }
}

async function keyOf(env: Env): Promise<CryptoKey> {
  const key = await keyBytesFor("invitation address", env.NAME_SECRET);
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}
