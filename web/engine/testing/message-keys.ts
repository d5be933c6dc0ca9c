/** Message keys on the wire, for tests: which key of which chain each message to each device was encrypted with. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { parsePreKeyMessage, parseSignalMessage } from "../omemo/wire.ts";

/** `place` names one message key for ever: sender, receiver, ratchet key, counter. */
export type UsedKey = {
  readonly place: string;
  readonly rid: DeviceId;
  /** Base64, of the writer's chain. */
  readonly chain: string;
  readonly counter: number;
  /** Names the message. */
  readonly iv: string;
};

/** Every key of one OMEMO message. @throws when one is no key message. */
export function keysOf({ sid, iv, keys }: OmemoMessage): readonly UsedKey[] {
  return keys.map(({ rid, data }) => {
    const bytes = fromBase64(data);
    const message = bytes && (parsePreKeyMessage(bytes)?.message ?? parseSignalMessage(bytes));
    if (message === undefined) throw new TypeError("a key of a message that was sent cannot be read");
    const chain = toBase64(message.ratchetKey);
    return { place: `${sid} → ${rid}: ${chain} ${message.counter}`, rid, chain, counter: message.counter, iv };
  });
}

/** Places that more than one message was encrypted with. A message that is there twice (the same bytes) counts once. */
export function usedTwice(messages: readonly OmemoMessage[]): readonly string[] {
  const messageOf = new Map<string, string>();
  const twice = new Set<string>();
  for (const { place, iv } of messages.flatMap(keysOf)) {
    const first = messageOf.get(place);
    if (first !== undefined && first !== iv) twice.add(place);
    messageOf.set(place, iv);
  }
  return [...twice];
}
