/** What pages see of a stored message. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { ChatSummary, MessageItem } from "../protocol/conversations.ts";
import type { LastMessage, MessageRow } from "../store/conversation-rows.ts";

export function itemOf(row: MessageRow): MessageItem {
  const { key, id, chat, position, at, outgoing, encrypted, author } = row;
  const { body, edited, edits, quote, state, times, failure, doubt, retold, leftOut } = row;
  const device = deviceOf(row);
  return {
    ...{ key, id, chat, position, at, outgoing, encrypted, author },
    ...{ body, edited, edits, quote, state, times, failure, doubt, retold, leftOut },
    ...(device !== undefined && { device }),
    ...(row.archiveKey !== undefined && { archived: true }),
  };
}

/** The line of the conversation list. */
export function lastOf(last: LastMessage | undefined): ChatSummary["last"] {
  if (last === undefined) return undefined;
  const { key, at, outgoing, body, state, author } = last;
  return { key, at, outgoing, body, state, author };
}

/** Its ciphertext is known by `jid.device` and a hash. */
function deviceOf({ cipherKey }: MessageRow): DeviceId | undefined {
  const device = cipherKey?.match(/\.(\d+)\n/)?.[1];
  return device === undefined ? undefined : (Number(device) as DeviceId);
}
