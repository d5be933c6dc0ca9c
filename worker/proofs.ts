/** Where a request carries the proof that its browser has made it; the object, which has the key, says whether it holds. */
import type { Context } from "hono";
import { PROOF_HEADER } from "./contract/routes.ts";
import { type Proof, readProof } from "./shared/proof.ts";

const IN_QUERY = "&proof=";

/** Of a call: in a header, about method, path and body. */
export function proofOf(c: Context, body: string): Promise<Proof | undefined> {
  const { pathname, search } = new URL(c.req.url);
  return readProof(c.req.header(PROOF_HEADER), `${c.req.method} ${pathname}${search}`, body);
}

/** Of an upgrade, which carries no headers of a page's choice: the last part of the query, about all before it. */
export async function proofInQuery(url: string): Promise<Proof | undefined> {
  const { pathname, search } = new URL(url);
  const at = search.indexOf(IN_QUERY);
  if (at < 0) return undefined;
  return readProof(search.slice(at + IN_QUERY.length), `GET ${pathname}${search.slice(0, at)}`, "");
}
