/** Previews of links, for whoever is about to send one (`contract/preview.ts`). */
import type { Context } from "hono";
import * as v from "valibot";
import { type LinkPreview, PREVIEW_LIMITS, type PreviewWanted } from "./contract/preview.ts";
import { makePreview } from "./preview/fetching.ts";
import { resolverOf } from "./network/resolver.ts";
import { askAccount } from "./object.ts";
import { proofOf } from "./proofs.ts";
import { refuse, respond } from "./responses.ts";
import { isForAnother, readSession } from "./session.ts";

const previewWanted = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(PREVIEW_LIMITS.linkLength), v.regex(/^https?:\/\/\S+$/)),
}) satisfies v.GenericSchema<unknown, PreviewWanted>;

/** The object counts, and is told nothing of the link; nothing of it is kept or logged anywhere. */
export async function previewLink(c: Context<{ Bindings: Env }>): Promise<Response> {
  const session = await readSession(c);
  if (!session) return refuse(c, "not-signed-in");
  if (isForAnother(c, session)) return refuse(c, "wrong-account");
  const body = await c.req.text();
  const wanted = v.safeParse(v.pipe(v.string(), v.parseJson(), previewWanted), body);
  if (!wanted.success) return refuse(c, "malformed");
  const proof = await proofOf(c, body);
  const { object } = session;
  const allowed = await askAccount(c.env, object, (it) => it.mayPreview({ ...session, proof }));
  if (!allowed.ok) return respond(c, allowed);
  const resolver = resolverOf(c.env.DNS_RESOLVERS ?? "");
  const { origin: own } = new URL(c.req.url);
  const { made, bytes } = await makePreview(wanted.output.url, { own, resolver, ask: (url, init) => fetch(url, init) });
  const count = () => askAccount(c.env, object, (it) => it.passed(bytes));
  if (bytes > 0) c.executionCtx.waitUntil(count().catch(() => undefined));
  return typeof made === "string" ? refuse(c, "file", made) : respond<LinkPreview>(c, { ok: true, value: made });
}
