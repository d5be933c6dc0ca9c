/** What was typed here and has not come back from the engine yet, as pure functions: the row that stands in for it. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId, Position, Time } from "../../../worker/contract/names.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { Beside } from "./writing.ts";

export type Pending = {
  /** The engine's row has the same key, so the bubble on screen stays the same element. */
  readonly client: ClientId;
  readonly text: string;
  readonly at: Time;
  readonly encrypted: boolean;
  /** The row whose text it takes the place of. */
  readonly edits?: string;
  /** What it answers; `key` names the row to the engine. */
  readonly quote?: NonNullable<MessageItem["quote"]>;
  readonly failure?: Failure;
} & Beside;

/** Behind every row of the engine, those that wait there too: what was just typed is the newest by definition. */
const TYPED_POSITION = Number.MAX_SAFE_INTEGER as Position;

/** The row that stands in for a typed message. */
export function pendingItem(chat: BareJid, pending: Pending): MessageItem {
  const { client, text, at, encrypted, edits, quote, failure, details, file } = pending;
  return {
    key: client,
    chat,
    position: TYPED_POSITION,
    at,
    outgoing: true,
    encrypted,
    body: { kind: "text", text, ...(details !== undefined && { details }) },
    state: failure === undefined ? "waiting" : "failed",
    ...(edits !== undefined && { edits }),
    ...(quote && { quote }),
    ...(file && !encrypted && { shared: file }),
    ...(failure && { failure }),
  };
}

/** The pending messages that are not among these rows; the same array where none is. */
export function stillPending(pending: readonly Pending[], items: readonly MessageItem[]): readonly Pending[] {
  if (pending.length === 0) return pending;
  const keys = new Set(items.map(({ key }) => key));
  const left = pending.filter(({ client }) => !keys.has(client));
  return left.length === pending.length ? pending : left;
}
