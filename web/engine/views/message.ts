/** What pages see of a stored message. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { ChatSummary, MessageItem, Reactor } from "../protocol/conversations.ts";
import type { LastMessage, MessageRow } from "../store/conversation-rows.ts";

export function itemOf(row: MessageRow): MessageItem {
  const { key, id, chat, position, at, outgoing, encrypted, author } = row;
  const { unstyled, edited, edits, state, times, failure, doubt, retold, leftOut, notWithdrawn, retracted, body } = row;
  const device = deviceOf(row);
  const hides = retracted !== undefined && row.withdrawing === undefined;
  const covered = hides && body.kind === "text" && body.text !== "" ? body.text : undefined;
  const { nick: moderator, reason: moderatedWhy } = retracted?.by ?? {};
  const reactions = reactionsOf(row);
  const { shared, seen, handedBy } = retracted === undefined ? row : {};
  return {
    ...{ key, id, chat, position, at, outgoing, encrypted, author, body: shown(row) },
    ...{ unstyled, edited, edits, quote: quoteIn(row), state, times, failure, doubt, retold, leftOut, notWithdrawn },
    ...(row.earlier !== undefined && retracted === undefined && { earlier: row.earlier }),
    ...(row.whisper !== undefined && whisperIn(row, row.whisper)),
    ...(reactions.length > 0 && { reactions }),
    ...(covered !== undefined && { covered }),
    ...(moderator !== undefined && { moderator }),
    ...(moderatedWhy !== undefined && { moderatedWhy }),
    ...(device !== undefined && { device }),
    ...(shared && { shared }),
    ...(seen && { seen }),
    ...(handedBy !== undefined && { handedBy }),
    ...(row.archiveKey !== undefined && { archived: true }),
  };
}

function whisperIn({ outgoing, occupant }: MessageRow, nick: string): Pick<MessageItem, "whisper"> {
  const id = outgoing ? undefined : occupant?.id;
  return { whisper: { nick, ...(id !== undefined && { id }) } };
}

/** What was taken back is seen in no answer to it either. */
function quoteIn({ quote }: MessageRow): MessageItem["quote"] {
  if (quote?.gone === undefined) return quote;
  const { text: _unseen, ...rest } = quote;
  return rest;
}

/** The line of the conversation list. */
export function lastOf(last: LastMessage | undefined): ChatSummary["last"] {
  if (last === undefined) return undefined;
  const { key, at, outgoing, state, author, unstyled, whisper, retracted } = last;
  const { shared, seen } = retracted === undefined ? last : {};
  const file = { ...(shared && { shared }), ...(seen && { seen }) };
  const how = { ...(unstyled && { unstyled }), ...(whisper !== undefined && { whisper: { nick: whisper } }) };
  return { key, at, outgoing, body: shown(last), state, author, ...how, ...file };
}

/** In the place of a message that was taken back stands that it was. */
function shown({ body, retracted }: Pick<MessageRow, "body" | "retracted">): MessageRow["body"] {
  if (retracted === undefined) return body;
  return { kind: "reason", reason: retracted.by === undefined ? "retracted" : "moderated" };
}

function reactionsOf({ reactions, retracted }: MessageRow): readonly Reactor[] {
  if (reactions === undefined || retracted !== undefined) return [];
  return reactions.flatMap(({ own, nick, emojis }) => {
    return emojis.length === 0 ? [] : [{ own, emojis, ...(nick !== undefined && { nick }) }];
  });
}

/** Its ciphertext is known by `jid.device` and a hash. */
function deviceOf({ cipherKey }: MessageRow): DeviceId | undefined {
  const device = cipherKey?.match(/\.(\d+)\n/)?.[1];
  return device === undefined ? undefined : (Number(device) as DeviceId);
}
