/** How the contract's results travel over HTTP: always as JSON, with a status that tells proxies and tools the same. */
import type { Context } from "hono";
import type { FailureKind, Result } from "./contract/failures.ts";

export const HTTP_STATUS = {
  switchingProtocols: 101,
  ok: 200,
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  tooLarge: 413,
  unprocessable: 422,
  tooMany: 429,
  failed: 500,
  unavailable: 503,
} as const;

function statusOf(kind: FailureKind): 400 | 401 | 413 | 422 | 429 | 500 {
  switch (kind) {
    case "malformed":
      return HTTP_STATUS.badRequest;
    case "not-signed-in":
    case "not-proven":
    case "revoked":
      return HTTP_STATUS.unauthorized;
    case "too-large":
      return HTTP_STATUS.tooLarge;
    case "too-many-tries":
    case "account-guarded":
    case "too-busy":
    case "no-new-accounts":
      return HTTP_STATUS.tooMany;
    case "internal":
      return HTTP_STATUS.failed;
    default:
      return HTTP_STATUS.unprocessable;
  }
}

/** The result as JSON; for a failure the status of its kind. */
export function respond<T>(c: Context, result: Result<T>): Response {
  return c.json(result, result.ok ? HTTP_STATUS.ok : statusOf(result.error.kind));
}

/** The response to a request that fails before any account is asked. */
export function refuse(c: Context, kind: FailureKind, detail?: string): Response {
  return respond(c, { ok: false, error: detail === undefined ? { kind } : { kind, detail } });
}
