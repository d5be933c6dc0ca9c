/**
 * Receipts and displayed markers for what others sent (XEP-0184, XEP-0333). A receipt means decrypted, which only a
 * browser can say; however many say it, the sender hears it once.
 */
import type { MessageEntry, Receipt } from "../../worker/contract/entries.ts";
import type { BareJid, EntryId, Time } from "../../worker/contract/names.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Contact } from "../store/contacts.ts";
import type { Stores } from "../store/stores.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { buildDisplayed } from "../xep/markers.ts";
import { buildReceipt } from "../xep/receipts.ts";

/** For messages older than this no receipt is sent any more. */
const RECEIPT_WITHIN_MS = 30 * 24 * 60 * 60_000;

export type ReceiptQuestion = {
  readonly message: Pick<MessageEntry, "chat" | "sender" | "at" | "asks">;
  readonly state: Receipt;
  readonly account: BareJid;
  readonly now: Time;
  /** When the browser that answers came to the account. */
  readonly firstSeen: Time;
  readonly subscription: Contact["subscription"];
  /** This account has written there. */
  readonly writtenTo: boolean;
  readonly room: boolean;
};

/**
 * Whether the sender is to be told. Only those who may know that this account is online (XEP-0184 §8: "a client MUST NOT
 * return receipts to everybody"), never a room, and nothing of the past: what was there before this browser came was
 * not received by it.
 */
export function maySendReceipt(question: ReceiptQuestion): boolean {
  const { message, state, account, now, firstSeen, subscription, writtenTo, room } = question;
  if (room || message.sender === account || message.sender !== message.chat) return false;
  if (!message.asks?.includes(state)) return false;
  if (message.at < firstSeen || message.at < now - RECEIPT_WITHIN_MS) return false;
  return writtenTo || subscription === "from" || subscription === "both";
}

/** The outbox row of one receipt; undefined where the sender is not to be told, or was. Runs inside a turn. */
export function receiptFor(stores: Stores, browser: Browser, id: EntryId, state: Receipt): OutboxRow | undefined {
  const { log, meta, contacts, conversations, rooms, outbox, choices } = stores;
  const { account } = meta;
  const message = log.messageAt(id);
  const of = message?.stanzaId ?? message?.originId;
  if (message === undefined || of === undefined) return undefined;
  const { chat } = message;
  const room = rooms.get(chat) !== undefined;
  const may = maySendReceipt({
    message,
    state,
    account,
    now: Date.now(),
    firstSeen: browser.firstSeen,
    subscription: contacts.get(chat).subscription,
    writtenTo: conversations.writtenTo(chat),
    room,
  });
  const { receipts, markers } = choices.settings;
  const chosen = state === "delivered" ? receipts : markers;
  // Of a stranger it is told when they are let in, unless it was not to be told to anybody when it happened.
  const counts = may || (!chosen && !room && message.sender === chat && chat !== account);
  // From here on it counts as told: somebody who changes their mind later tells nothing of the time before.
  if (!counts || !log.advance(id, state) || !chosen) return undefined;
  const client = crypto.randomUUID() as OutboxRow["client"];
  const build = state === "delivered" ? buildReceipt : buildDisplayed;
  // A received message has no outbox row of its own, so its seq (and the negative of it) can be the keys of its two
  // receipts.
  const seq = (state === "delivered" ? message.seq : -Number(message.seq)) as OutboxRow["seq"];
  const row = { seq, client, stanza: build({ to: chat, id: client, of }).toString() };
  outbox.put(row);
  return row;
}
