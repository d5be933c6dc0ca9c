import { plural, text } from "../../i18n/text.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol/conversations.ts";
import { openRowMenu } from "../page/row-menu.ts";
import { Head } from "../parts/head.tsx";
import type { MenuItem } from "../parts/menu.tsx";
import { useApp } from "../hooks/use-app.ts";
import { EncryptionState, searchIn } from "./chat-header.tsx";

/** Which room, how many people, and how safe. */
export function RoomHeader({ chat, room }: { readonly chat: ChatSummary; readonly room: RoomSummary }) {
  const app = useApp();
  const members = () => app.go({ screen: "members", of: chat.jid });
  const arrange: MenuItem = { icon: "pin", label: text("chat-act--more"), act: () => openRowMenu(chat.jid) };
  const items: readonly MenuItem[] =
    room.state === "joined" || room.state === "joining"
      ? [
          ...searchIn(app, chat.jid),
          arrange,
          { icon: "person", label: text("room--members"), act: members },
          {
            icon: "leave",
            label: text("room--leave"),
            act: () => {
              app.dialog.value = { kind: "leave-room", room: chat.jid };
            },
          },
        ]
      : room.state === "left"
        ? [...searchIn(app, chat.jid), arrange]
        : [];
  return (
    <Head chat={chat} about={members} items={items}>
      <div class="room-state">
        {room.state === "joined" && room.people > 0 ? (
          <button type="button" class="link room-people" onClick={members}>
            {plural("room--people", room.people)}
          </button>
        ) : undefined}
        {room.state === "invited" || room.state === "left" ? undefined : (
          <EncryptionState encryption={chat.encryption} alone={room.people <= 1} />
        )}
        {room.subject === undefined ? undefined : (
          <button type="button" class="link room-topic" title={room.subject} onClick={members}>
            <bdi>{room.subject}</bdi>
          </button>
        )}
      </div>
    </Head>
  );
}
