import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { Invitations } from "../durable/gatekeeper/invitations.ts";
import { MemoryStorage } from "../durable/testing/sql-storage.ts";
import type { Result } from "./contract/failures.ts";
import type { InvitationView } from "./contract/invitation.ts";
import type { BareJid } from "./contract/names.ts";
import { toBase64Url } from "./shared/base64.ts";
import { operatorKey } from "./shared/operator-proof.ts";
import { invitationKey } from "./shared/invitation-token.ts";
import { listInvitations, lookAtInvitation, makeInvitation } from "./invitations.ts";

const ALICE = "alice@example.org" as BareJid;

/** As the operator's command does. */
async function signInvitation(nameSecret: string, id: string, keyOf = invitationKey): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", await keyOf(nameSecret), new TextEncoder().encode(id));
  return `${id}${toBase64Url(signature)}`;
}

/** The edge in front of a gatekeeper's table; `asked` counts what reaches it. */
function edge(limited = false) {
  const storage = new MemoryStorage();
  const kept = new Invitations(storage.sql);
  let asked = 0;
  const counted =
    <Args extends readonly unknown[], T>(ask: (...args: Args) => T) =>
    (...args: Args) => {
      asked += 1;
      return ask(...args);
    };
  const stub = {
    invitation: counted((id: string) => kept.look(id, Date.now())),
    invite: counted(kept.make.bind(kept)),
    invitations: counted(() => kept.all(Date.now())),
  };
  const env = {
    NAME_SECRET: "a-secret-that-is-long-enough-to-name-objects",
    SIGN_IN_LIMIT: { limit: async () => ({ success: !limited }) },
    GATEKEEPER: { idFromName: () => "gatekeeper", get: () => stub },
  } as unknown as Env;
  const app = new Hono<{ Bindings: Env }>();
  app.post("/", lookAtInvitation);
  const look = async (body: unknown): Promise<Result<InvitationView>> =>
    (await app.request("/", { method: "POST", body: JSON.stringify(body) }, env)).json();
  return { env, look, storage, stub, asked: () => asked };
}

const detailOf = (answer: Result<unknown>) => (answer.ok ? "open" : (answer.error.detail ?? answer.error.kind));

test("D13: whoever has the link is told whom it is for, and the gatekeeper knows no address", async () => {
  const { env, look, storage } = edge();
  const made = await makeInvitation(env, { address: ALICE, uses: 1, days: 7 });
  assert.ok(made.ok);
  const invitation = await signInvitation(env.NAME_SECRET, made.value.id);
  assert.deepEqual(await look({ invitation }), { ok: true, value: { ends: made.value.ends, address: ALICE } });
  const rows = JSON.stringify(storage.sql.exec("select * from invitations").toArray());
  assert.doesNotMatch(rows, /alice|example/);
  assert.ok(!rows.includes(invitation), "nor the token");
  const listed = await listInvitations(env);
  assert.ok(listed.ok);
  assert.deepEqual(
    listed.value.invitations.map(({ address, used, uses }) => [address, used, uses]),
    [[ALICE, 0, 1]],
  );
  const lost = await listInvitations({ ...env, NAME_SECRET: "another-secret-that-is-long-enough-as-well" });
  assert.ok(lost.ok && lost.value.invitations[0]?.address === undefined, "under another secret nobody reads it");
});

test("S5: what no invitation of this deployment is never reaches the gatekeeper", async () => {
  const { env, look, asked } = edge();
  const foreign = await signInvitation("another-secret-that-is-long-enough-as-well", "abcdefg2");
  const otherwise = await signInvitation(env.NAME_SECRET, "abcdefg2", operatorKey);
  for (const invitation of ["x", "abcdefg2", foreign, otherwise, `abcdefg2${"A".repeat(43)}`])
    assert.equal(detailOf(await look({ invitation })), "unknown");
  for (const body of [undefined, {}, { invitation: "" }, { invitation: "a".repeat(101) }, { invitation: 1 }, { id: 1 }])
    assert.equal(detailOf(await look(body)), "malformed");
  assert.equal(asked(), 0);
  assert.equal(detailOf(await look({ invitation: await signInvitation(env.NAME_SECRET, "abcdefg2") })), "over");
  assert.equal(asked(), 1);
});

test("S5: whoever looks at too many invitations reaches the gatekeeper with none", async () => {
  const { env, look, asked } = edge(true);
  assert.equal(detailOf(await look({ invitation: await signInvitation(env.NAME_SECRET, "abcdefg2") })), "60");
  assert.equal(asked(), 0);
});

test("D13: an id that is taken is no reason to refuse an invitation", async () => {
  const { env, stub } = edge();
  const keep = stub.invite;
  let refused = 0;
  stub.invite = (made) => {
    refused += 1;
    return refused > 1 && keep(made);
  };
  assert.ok((await makeInvitation(env, { uses: 1, days: 7 })).ok);
});

test("D13: hundreds of invitations are kept and not more", async () => {
  const { env } = edge();
  let made = 0;
  while (made < 600 && (await makeInvitation(env, { uses: 1, days: 7 })).ok) made += 1;
  assert.equal(made, 500);
  const later = Date.now() + 60 * 24 * 3_600_000;
  assert.ok((await makeInvitation(env, { uses: 1, days: 7 }, later)).ok, "those of before are forgotten");
});
