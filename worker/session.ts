/**
 * The session cookie: which object, which browser, and the secret that browser shares with its object. The cookie is
 * signed so that nobody can make the Worker wake objects of their own invention; the object checks the secret itself.
 */
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import type { BareJid, BrowserId } from "./contract/names.ts";
import { BROWSER_HEADER } from "./contract/routes.ts";
import { toBase64Url } from "./shared/base64.ts";

/** What a signed-in browser presents with every request. */
export type Session = {
  /** Name of the account's object: never the address itself, for names show up in the operator's dashboards. */
  readonly object: string;
  readonly browser: BrowserId;
  /** 32 random bytes, base64url. The object keeps only a hash. */
  readonly secret: string;
};

const COOKIE = "alcove";
/** Stays after a sign-out: this browser was signed in to that account before. It lets nobody in. */
const KNOWN_COOKIE = "alcove-known";
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const ATTRIBUTES = { prefix: "host", path: "/", secure: true, httpOnly: true, sameSite: "Strict" } as const;

/** HMAC-SHA-256 of the normalised bare JID under the deployment's naming secret, base64url. */
export async function objectName(env: Env, account: BareJid): Promise<string> {
  if (env.NAME_SECRET.length < 32) throw new Error("NAME_SECRET is missing or too short");
  return keyedHash(env.NAME_SECRET, `account ${account}`);
}

/** A name for a network address that says nothing about it, base64url; another one with every new cookie secret. */
export function networkName(env: Env, network: string): Promise<string> {
  return keyedHash(env.COOKIE_SECRET, `network ${network}`);
}

/** Of the object that holds a form for whoever asks from this network: no account's, whatever anybody is called. */
export function placeName(env: Env, network: string): Promise<string> {
  return keyedHash(env.NAME_SECRET, `place ${network}`);
}

async function keyedHash(secret: string, text: string): Promise<string> {
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", bytes.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  return toBase64Url(await crypto.subtle.sign("HMAC", key, bytes.encode(text)));
}

/** Signed with `COOKIE_SECRET`; for a year, this host only, out of reach of scripts. */
export async function writeSession(c: Context<{ Bindings: Env }>, session: Session): Promise<void> {
  const { object, browser, secret } = session;
  const attributes = { ...ATTRIBUTES, maxAge: YEAR_SECONDS };
  await setSignedCookie(c, COOKIE, [object, browser, secret].join("."), c.env.COOKIE_SECRET, attributes);
  await setSignedCookie(c, KNOWN_COOKIE, [object, browser].join("."), c.env.COOKIE_SECRET, attributes);
}

/**
 * Which browser of this account it is, by a cookie of this deployment: of its session, or of one that has ended. Says
 * nothing about who may speak; tries to sign in are counted by it.
 */
export async function readKnown(c: Context<{ Bindings: Env }>, object: string): Promise<BrowserId | undefined> {
  const session = await readSession(c);
  if (session?.object === object) return session.browser;
  const value = await getSignedCookie(c, c.env.COOKIE_SECRET, KNOWN_COOKIE, "host");
  const [of, browser, ...rest] = value ? value.split(".") : [];
  return of === object && browser && rest.length === 0 ? (browser as BrowserId) : undefined;
}

/** Undefined where there is no cookie or its signature is not ours. */
export async function readSession(c: Context<{ Bindings: Env }>): Promise<Session | undefined> {
  const value = await getSignedCookie(c, c.env.COOKIE_SECRET, COOKIE, "host");
  if (!value) return undefined;
  const [object, browser, secret, ...rest] = value.split(".");
  if (!object || !browser || !secret || rest.length > 0) return undefined;
  return { object, browser: browser as BrowserId, secret };
}

/**
 * Whether a request was made in the name of another browser than the cookie's: by a tab that slept while somebody else
 * signed in here. What it sends must not leave under that account.
 */
export function isForAnother(c: Context, session: Session): boolean {
  const meant = c.req.header(BROWSER_HEADER);
  return meant !== undefined && meant !== session.browser;
}

/** Takes the cookie away, of an erased browser both; the object is told apart. */
export function clearSession(c: Context<{ Bindings: Env }>, erased: boolean): void {
  deleteCookie(c, COOKIE, ATTRIBUTES);
  if (erased) deleteCookie(c, KNOWN_COOKIE, ATTRIBUTES);
}
