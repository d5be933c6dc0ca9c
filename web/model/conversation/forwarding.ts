/** Where a message can be said once more. */
import { folded } from "../../words/folded.ts";
import type { ShownChat } from "../chats.ts";
import { writableIn } from "./message-actions.ts";

export type Destination = { readonly chat: ShownChat; readonly encrypted: boolean };

/** Conversations in which something can be written now, in the order of the list; those that hold what is typed. */
export function destinations(listed: readonly ShownChat[], typed: string, behind: boolean): readonly Destination[] {
  const wanted = folded(typed.trim());
  return listed.flatMap((chat) => {
    const writable = writableIn(chat, behind);
    const apart = chat.relation === "request" || chat.relation === "blocked" || chat.relation === "stranger";
    const fits = folded(chat.name).includes(wanted) || chat.jid.includes(wanted);
    return writable === undefined || apart || !fits ? [] : [{ chat, encrypted: writable.encrypted }];
  });
}
