/**
 * Headers of every answer of the Worker. Static files carry `web/_headers`; what a browser may show as a document has the
 * same policy here and there, byte for byte, so that nothing on this origin is a weaker place to run in.
 */

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types url",
].join("; ");

/**
 * Of a file on its way: bytes of no type, for the page's own programs alone. Should a browser come to show one all the same,
 * it is saved instead, and as a document could do nothing (CVE-2021-21320).
 */
export const FILE_HEADERS = {
  "Content-Type": "application/octet-stream",
  "Content-Disposition": "attachment",
  "Content-Security-Policy": "default-src 'none'; sandbox",
} as const;

/** HSTS is for this host alone: what else its owner runs on hosts below or beside it is not ours to decide. */
export const ANSWER_HEADERS = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=63072000",
  "Cache-Control": "no-store, no-transform",
} as const;
