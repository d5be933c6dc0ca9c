/**
 * What was typed here and has not come back from the engine yet, as pure functions: the row that stands in for it, and how
 * it is told from the engine's own when that arrives.
 */
import type { BareJid, Failure, Position, Time } from "../../../worker/contract.ts";
import type { MessageItem } from "../../engine/protocol.ts";

export type Pending = {
  readonly local: string;
  readonly text: string;
  readonly at: Time;
  readonly encrypted: boolean;
  /** Own rows that were there before: none of them can be this one. */
  readonly before: ReadonlySet<string>;
  /** The row whose text it takes the place of. */
  readonly edits?: string;
  /** What it answers; `key` names the row to the engine. */
  readonly quote?: NonNullable<MessageItem["quote"]>;
  readonly failure?: Failure;
};

/** Behind every stored row: what was just typed is the newest by definition. */
const PENDING_POSITION = Number.MAX_SAFE_INTEGER as Position;

/** The row that stands in for a typed message. */
export function pendingItem(chat: BareJid, pending: Pending): MessageItem {
  const { local, text, at, encrypted, edits, quote, failure } = pending;
  return {
    key: local,
    chat,
    position: PENDING_POSITION,
    at,
    outgoing: true,
    encrypted,
    body: { kind: "text", text },
    state: failure === undefined ? "waiting" : "failed",
    ...(edits !== undefined && { edits }),
    ...(quote && { quote }),
    ...(failure && { failure }),
  };
}

/**
 * Takes out the pending messages that have arrived as rows. `claims` maps a row's key to the pending one's name, so that
 * the bubble on screen stays the same element. The oldest pending message claims first: rows arrive in the order of sending.
 */
export function reconcile(
  pending: readonly Pending[],
  items: readonly MessageItem[],
): { readonly pending: readonly Pending[]; readonly claims: ReadonlyMap<string, string> } {
  const claims = new Map<string, string>();
  const left = pending.filter((waiting) => {
    const row = items.find(
      (item) =>
        item.outgoing &&
        item.body.kind === "text" &&
        item.body.text === waiting.text &&
        item.edits === waiting.edits &&
        !waiting.before.has(item.key) &&
        !claims.has(item.key),
    );
    if (row !== undefined) claims.set(row.key, waiting.local);
    return row === undefined;
  });
  return { pending: left, claims };
}
