/** Bundles for browsers without keys. */
import type { OmemoBundle } from "../../worker/contract/omemo.ts";

/** Well-formed to a server, and of no use to anybody. */
export function bundleOf(filler: string): OmemoBundle {
  const key = Buffer.from([5, ...Buffer.alloc(32, filler)]).toString("base64");
  const signature = Buffer.alloc(64, filler).toString("base64");
  return { identityKey: key, signedPreKey: { id: 1, key, signature }, preKeys: [{ id: 1, key }] };
}
