import { plural, text } from "../../i18n/text.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { Menu, type MenuItem, useMenuId } from "../parts/menu.tsx";
import { useApp } from "../use-app.ts";
import { EncryptionState } from "./chat-header.tsx";

/** Which room, how many people, and how safe. */
export function RoomHeader({ chat, room }: { readonly chat: ChatSummary; readonly room: RoomSummary }) {
  const app = useApp();
  const menu = useMenuId();
  const members = () => app.go({ screen: "members", of: chat.jid });
  const items: readonly MenuItem[] =
    room.state === "joined" || room.state === "joining"
      ? [
          { icon: "person", label: text("room--members"), act: members },
          {
            icon: "leave",
            label: text("room--leave"),
            act: () => {
              app.dialog.value = { kind: "leave-room", room: chat.jid };
            },
          },
        ]
      : [];
  return (
    <header class="head">
      <button
        type="button"
        class="icon-button head-back"
        aria-label={text("dialog--back")}
        onClick={() => app.go({ screen: "chats" })}
      >
        <Icon name="back" />
      </button>
      <Avatar jid={chat.jid} name={chat.name} />
      <div class="head-words">
        <h2 title={chat.jid}>
          <bdi>{chat.name}</bdi>
        </h2>
        <div class="room-state">
          {room.state === "joined" && room.people > 0 ? (
            <button type="button" class="link room-people" onClick={members}>
              {plural("room--people", room.people)}
            </button>
          ) : undefined}
          {room.state === "invited" || room.state === "left" ? undefined : (
            <EncryptionState encryption={chat.encryption} />
          )}
        </div>
      </div>
      {items.length === 0 ? undefined : (
        <>
          <button
            type="button"
            class="icon-button"
            popovertarget={menu}
            aria-label={text("chat--more")}
            title={text("chat--more")}
          >
            <Icon name="more" />
          </button>
          <Menu id={menu} place="below" items={items} />
        </>
      )}
    </header>
  );
}
