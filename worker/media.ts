/** The road of a file: up into a slot of the account's server, down from a link of its log (`contract/media.ts`). */
import type { Context } from "hono";
import * as v from "valibot";
import { type FileRefusal, type FileWanted, TICKET_HEADER } from "./contract/media.ts";
import { OTHER_PAGE } from "./shared/other-page.ts";
import { toBase64Url } from "./shared/base64.ts";
import { openTicket } from "./shared/file-ticket.ts";
import { download, upload } from "./file-stream.ts";
import { FILE_HEADERS } from "./headers.ts";
import { fileWanted } from "./media-arguments.ts";
import type { FileReach } from "./network/file-address.ts";
import { parsePorts } from "./network/names.ts";
import { resolverOf } from "./network/resolver.ts";
import { askAccount } from "./object.ts";
import { proofOf } from "./proofs.ts";
import { refuse, respond } from "./responses.ts";
import { isForAnother, readSession } from "./session.ts";

type Edge = Context<{ Bindings: Env }>;

/**
 * The ticket says where to; the body goes there as it comes. Whose ticket it is the cookie says; the object, which has made it
 * for a signed call a few minutes ago, is not asked again.
 */
export async function putFile(c: Edge): Promise<Response> {
  const session = await readSession(c);
  if (!session) return refuse(c, "not-signed-in");
  if (isForAnother(c, session)) return refuse(c, "wrong-account");
  const text = c.req.header(TICKET_HEADER) ?? "";
  const ticket = await openTicket(c.env.COOKIE_SECRET, text, { browser: session.browser, now: Date.now() });
  if (ticket === undefined) return refuseFile(c, "lapsed");
  const { body } = c.req.raw;
  // A proxy on the way may leave it out; then the stream of the upload holds to the size by itself.
  const announced = c.req.header("content-length") ?? `${ticket.size}`;
  if (body === null || announced !== `${ticket.size}`) return refuseFile(c, "wrong-size");
  const failed = await upload(ticket, body, { ...reachOf(c, []), ask });
  return failed === undefined ? respond(c, { ok: true, value: { stored: true } }) : refuseFile(c, failed);
}

/** The object says whether this browser may have it, and is told no more of the link than its SHA-256. */
export async function getFile(c: Edge): Promise<Response> {
  const session = await readSession(c);
  if (!session) return refuse(c, "not-signed-in");
  if (isForAnother(c, session)) return refuse(c, "wrong-account");
  const body = await c.req.text();
  const wanted = v.safeParse(v.pipe(v.string(), v.parseJson(), fileWanted), body);
  const range = c.req.header("range");
  if (!wanted.success) return refuse(c, "malformed", OTHER_PAGE);
  if (range !== undefined && !/^bytes=[0-9]{1,15}-[0-9]{0,15}$/.test(range)) return refuse(c, "malformed");
  const { url } = wanted.output;
  const proof = await proofOf(c, body);
  const asked = await linkTold(wanted.output);
  const allowed = await askAccount(c.env, session.object, (it) => it.mayFetch({ ...session, proof }, asked));
  if (!allowed.ok) return respond(c, allowed);
  const file = await download(url, {
    ...reachOf(c, allowed.value.trusted),
    ask,
    ...(range !== undefined && { range }),
  });
  if (typeof file === "string") return refuseFile(c, file);
  const { object } = session;
  // Of one whose length nobody says the least counts; it has a largest size all the same.
  const count = () => askAccount(c.env, object, (it) => it.passed(file.length ?? 0));
  c.executionCtx.waitUntil(count().catch(() => undefined));
  return new Response(file.body, { status: file.status, headers: { ...file.headers, ...FILE_HEADERS } });
}

/** Its bytes as they were written at least: one for each that a browser spells in three, and for a name that it spells in ASCII. */
async function linkTold({ message, url }: FileWanted) {
  const digest = toBase64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url)));
  const { length } = url.replaceAll(/%[0-9a-f]{2}/gi, "x").replaceAll(/xn--[a-z0-9-]+/gi, "x");
  return { message, digest, length };
}

function reachOf(c: Edge, trusted: readonly string[]): FileReach {
  const { XMPP_PORTS: ports = "", DNS_RESOLVERS: resolvers = "" } = c.env;
  const own = new URL(c.req.url).origin;
  return { ports: parsePorts(ports), trusted, own, resolver: resolverOf(resolvers) };
}

function ask(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}

function refuseFile(c: Edge, why: FileRefusal): Response {
  return refuse(c, "file", why);
}
