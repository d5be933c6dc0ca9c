/** What the platform does for files on their way out: text is compressed for whoever takes it. */

const TEXT = /^(?:text\/|application\/(?:javascript|json|manifest\+json)|image\/svg\+xml)/;
/** One packet; less is not worth it. */
const LEAST_BYTES = 1_400;
const OK = 200;

/** Whether `gzip` may be sent (RFC 9110 §12.5.3): named, or covered by `*`, and not at weight 0. */
export function takesGzip(accept: string | null): boolean {
  const weights = new Map(
    (accept ?? "").split(",").map((item) => {
      const [coding = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return [coding, weight === undefined ? 1 : Number(weight)] as const;
    }),
  );
  return (weights.get("gzip") ?? weights.get("*") ?? 0) > 0;
}

/** A file's answer, compressed where that is worth it. Only for files: nothing of theirs is secret. */
export function compressed(asked: Request, answer: Response): Response {
  const { headers, status, body } = answer;
  const length = Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  const isText = TEXT.test(headers.get("content-type") ?? "");
  if (!isText || length < LEAST_BYTES || headers.has("content-encoding")) return answer;
  const changed = new Headers(headers);
  // Caches keep both.
  changed.append("vary", "accept-encoding");
  const wanted = status === OK && body !== null && takesGzip(asked.headers.get("accept-encoding"));
  if (!wanted) return new Response(body, { status, headers: changed });
  changed.delete("content-length");
  changed.set("content-encoding", "gzip");
  const tag = headers.get("etag");
  // Other bytes, the same file (RFC 9110 §8.8.1).
  if (tag?.startsWith('"')) changed.set("etag", `W/${tag}`);
  return new Response(body, { status, headers: changed });
}
