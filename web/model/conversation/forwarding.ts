/** Where a message can be said once more. */
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { folded } from "../../words/folded.ts";
import type { ShownChat } from "../chats.ts";
import { holdsFile } from "../message-words.ts";
import { writableIn } from "./message-actions.ts";
import type { Beside } from "./writing.ts";

/** Says nothing, as `web/media/message-details.ts` reads it. */
const NO_DETAILS = "{}";

/** A message as it is said once more. `secret`: it holds the key of a file, so it goes nowhere in clear. */
export type Forwarded = { readonly text: string; readonly secret: boolean; readonly beside: Beside };

/** What of them can be said once more, each as it was: the same file under the same key, no byte of which is sent again. */
export function forwarded(items: readonly Pick<MessageItem, "body" | "shared">[]): readonly Forwarded[] {
  return items.flatMap(({ body, shared }) => {
    if (body.kind !== "text") return [];
    const secret = holdsFile(body.text);
    // Where details are told, nothing leaves in clear, whatever the conversation has become.
    const details = body.details ?? (secret ? NO_DETAILS : undefined);
    const beside = { ...(details !== undefined && { details }), ...(shared && { file: shared }) };
    // A small picture on a line below is for the app that knows it (XEP-0454 §3).
    const [link = ""] = body.text.split("\n", 1);
    return [{ text: secret ? link : body.text, secret, beside }];
  });
}

export type Destination = { readonly chat: ShownChat; readonly encrypted: boolean };

/** Conversations in which something can be written now, in the order of the list; those that hold what is typed. Of a `secret` the encrypted ones. */
export function destinations(
  listed: readonly ShownChat[],
  typed: string,
  { behind, secret }: { readonly behind: boolean; readonly secret: boolean },
): readonly Destination[] {
  const wanted = folded(typed.trim());
  return listed.flatMap((chat) => {
    const writable = writableIn(chat, behind);
    const apart = chat.relation === "request" || chat.relation === "blocked" || chat.relation === "stranger";
    const fits = folded(chat.name).includes(wanted) || chat.jid.includes(wanted);
    const exposes = secret && writable?.encrypted === false;
    return writable === undefined || apart || exposes || !fits ? [] : [{ chat, encrypted: writable.encrypted }];
  });
}
