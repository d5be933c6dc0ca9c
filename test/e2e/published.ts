/** What stands in somebody's OMEMO nodes on the server, as another client sees it. */
import type { PythonPeer } from "../interop/python-peer.ts";

const OMEMO = "eu.siacs.conversations.axolotl";
/** Names of the nodes of XEP-0384 0.3.0; `bundles` is followed by the device id. */
export const OMEMO_NODES = { list: `${OMEMO}.devicelist`, bundles: `${OMEMO}.bundles:` } as const;

/** Device ids in an account's device list. */
export async function publishedDevices(seenBy: PythonPeer, jid: string): Promise<readonly number[]> {
  const { xml } = await seenBy.command("newest", { to: jid, node: OMEMO_NODES.list });
  return [...(xml ?? "").matchAll(/\bid="(\d+)"/g)].map(([, id]) => Number(id));
}
