import type { ShownChat } from "../../model/chats.ts";
import { addressText } from "../../words/names.ts";
import { Address } from "../parts/address.tsx";
import { Avatar } from "../parts/avatar.tsx";

/** Somebody, or a room, by name and address. */
export function SuggestedBody({ chat }: { readonly chat: ShownChat }) {
  return (
    <>
      <Avatar jid={chat.jid} name={chat.name} available={chat.available} room={chat.room !== undefined} />
      <span class="person-words">
        <Address words={chat.name} />
        {chat.name.startsWith(chat.jid) ? undefined : <span dir="ltr">{addressText(chat.jid)}</span>}
      </span>
    </>
  );
}
