/** What stands before every route: where a request comes from and what its answer may be used for. */
import type { MiddlewareHandler } from "hono";
import { ANSWER_HEADERS, FILE_HEADERS } from "./headers.ts";
import { HTTP_STATUS } from "./responses.ts";

/**
 * Whether a request was made by a page of this very origin. Browsers send `Origin` with every POST and every WebSocket
 * upgrade; only an exact match passes (a cross-site WebSocket would otherwise ride on the cookie).
 */
export function fromOwnOrigin(url: string, headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin !== new URL(url).origin) return false;
  const site = headers.get("sec-fetch-site");
  return site === null || site === "same-origin";
}

export const sameOrigin: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  if (!fromOwnOrigin(c.req.url, c.req.raw.headers)) return c.text("Forbidden", HTTP_STATUS.forbidden);
  await next();
};

const POLICY = "Content-Security-Policy";

/** Headers of every answer that is not a static file (those carry `web/_headers`). */
export const guarded: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  await next();
  // An upgrade's answer has no body to guard and its headers must not be touched.
  if (c.res.status === HTTP_STATUS.switchingProtocols) return;
  const policy = c.res.headers.get(POLICY);
  for (const [name, value] of Object.entries(ANSWER_HEADERS)) c.header(name, value);
  // A file's is narrower than every other.
  if (policy === FILE_HEADERS[POLICY]) c.header(POLICY, policy);
};

/** An IPv6 customer owns a whole /64, so that counts as one address; some own as many as there are in a /48. */
export function networkOf(address: string, bits: 48 | 64 = 64): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail.split(":").filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...zeros, ...right].slice(0, bits / 16).join(":");
}
