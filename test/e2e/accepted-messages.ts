import type { OmemoMessage } from "../../worker/contract/omemo.ts";
import type { Stack } from "../stack.ts";

/** Every OMEMO message that the object of an account has accepted from a browser, in the order of its log. */
export async function acceptedMessages(stack: Stack, jid: string): Promise<readonly OmemoMessage[]> {
  const rows = await stack.objectRows(
    jid,
    `select content from entries where kind = 'message' and sender = '${jid}' order by seq`,
  );
  return rows.flatMap((row) => (JSON.parse(String(row["content"])) as { readonly omemo?: OmemoMessage }).omemo ?? []);
}
