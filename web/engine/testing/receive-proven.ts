/** Receiving with the lookup of unmet devices taken as done, for tests of what the ratchets do. */
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64 } from "../../../worker/shared/base64.ts";
import type { Bytes } from "../bytes.ts";
import { type Received, receive } from "../omemo/receive.ts";
import type { Self } from "../omemo/sessions.ts";
import { noteProof, noteUnproven } from "../omemo/unproven.ts";
import { parsePreKeyMessage } from "../omemo/wire.ts";
import type { Unit } from "../store/unit.ts";

/** Receives as a browser that has looked up every device that it never met, and found what the message says. */
export async function receiveProven(
  unit: Unit,
  self: Self,
  sender: BareJid,
  omemo: OmemoMessage,
  now: Time,
): Promise<Received> {
  const from = { jid: sender, device: omemo.sid };
  for (const identityKey of identitiesIn(omemo)) {
    await noteUnproven(unit, from, now);
    await noteProof(unit, from, identityKey);
  }
  return receive(unit, self, sender, omemo, now, { alone: true });
}

/** The keys that the first messages for any device in it are shown with. */
function identitiesIn({ keys }: OmemoMessage): readonly Bytes[] {
  return keys.flatMap(({ data }) => {
    const bytes = fromBase64(data);
    return (bytes && parsePreKeyMessage(bytes)?.identityKey) ?? [];
  });
}
