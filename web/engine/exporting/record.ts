/** One message as it is written out: what is shown of it, without keys, ciphertext and names of other programs. */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { MessageRow } from "../store/conversation-rows.ts";

/** Times are of ISO 8601, in UTC. `from`: an address, or in a room the name, where that is all that is known. */
export type MessageRecord = {
  readonly type: "message";
  readonly chat: BareJid;
  readonly id: string;
  readonly at: string;
  readonly from: string;
  readonly nick?: string;
  readonly own: boolean;
  readonly encrypted: boolean;
  readonly text: string;
  readonly editedAt?: string;
  readonly earlier?: readonly { readonly text: string; readonly at: string }[];
  readonly answers?: { readonly id?: string; readonly text?: string };
  readonly reactions?: readonly { readonly from: string; readonly emojis: readonly string[] }[];
  /** In a room: said between us and this occupant alone. */
  readonly whisper?: string;
  /** Of our own: how far it got. */
  readonly state?: string;
};

/** Undefined where there are no words, or they were taken back. */
export function recordOf(row: MessageRow, account: BareJid): MessageRecord | undefined {
  const { key, chat, at, outgoing, encrypted, author, body, earlier, editedAt, edited, quote, whisper, state } = row;
  if (body.kind !== "text" || body.text === "" || row.retracted !== undefined || row.hidden !== 0) return undefined;
  const reactions = (row.reactions ?? []).filter(({ emojis }) => emojis.length > 0);
  return {
    ...{ type: "message", chat, id: row.id ?? key, at: timeOf(at) },
    from: outgoing ? account : (author?.jid ?? author?.nick ?? chat),
    ...(author && { nick: author.nick }),
    ...{ own: outgoing, encrypted, text: body.text },
    ...(edited && { editedAt: timeOf(editedAt ?? at) }),
    ...(earlier && { earlier: earlier.map(({ text, at: when }) => ({ text, at: timeOf(when) })) }),
    ...(quote &&
      quote.gone === undefined && {
        answers: {
          ...(quote.key !== undefined && { id: quote.key }),
          ...(quote.text !== undefined && { text: quote.text }),
        },
      }),
    ...(reactions.length > 0 && {
      reactions: reactions.map(({ actor, own, nick, emojis }) => ({ from: own ? account : (nick ?? actor), emojis })),
    }),
    ...(whisper !== undefined && { whisper }),
    ...(state && { state }),
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
