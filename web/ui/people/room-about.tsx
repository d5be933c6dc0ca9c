import { useState } from "preact/hooks";
import { text } from "../../i18n/aside.ts";
import { pictureOf, type ShownChat } from "../../model/chats.ts";
import { fullTime } from "../../model/format.ts";
import type { DialogView } from "../../model/places.ts";
import { shownName } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { Avatar } from "../parts/avatar.tsx";
import type { IconName } from "../parts/icon.tsx";
import { StyledText } from "../conversation/styled-text.tsx";
import { Action } from "./action.tsx";
import { CollectedAction } from "./collected.tsx";
import { CopyAddress } from "./copy-address.tsx";
import { MuteAction } from "./mute-action.tsx";

/** How it looks, what it is called and what it is about, in full. */
export function RoomHead({ chat }: { readonly chat: ShownChat }) {
  const { jid, name, room } = chat;
  const { subjectBy, subjectAt } = room?.about ?? {};
  return (
    <div class="about" data-jid={jid}>
      <Avatar jid={jid} name={name} room={true} picture={pictureOf(chat)} />
      <p class="about-name">
        <bdi>{name}</bdi>
      </p>
      {room?.subject === undefined ? undefined : (
        <div class="about-topic words" dir="auto">
          <StyledText words={room.subject} plain={true} />
        </div>
      )}
      {room?.subject === undefined || subjectBy === undefined || subjectAt === undefined ? undefined : (
        <p>
          <bdi>{text("room--topic-by", { name: shownName(subjectBy, "?"), when: fullTime(subjectAt) })}</bdi>
        </p>
      )}
    </div>
  );
}

type Asking = DialogView["kind"] &
  (
    | "room-link"
    | "room-nick"
    | "rename-room"
    | "room-topic"
    | "room-picture"
    | "room-password"
    | "room-banned"
    | "destroy-room"
  );

type Setting = {
  readonly kind: Asking;
  readonly icon: IconName;
  readonly offered: boolean;
  readonly words: string;
  readonly note?: string | undefined;
  readonly bad?: true;
};

/** Our own name in it, the ways to it, and, behind one of them, what we may change: nothing is offered that would be refused. */
export function RoomSettings({ chat }: { readonly chat: ShownChat }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const { jid, room } = chat;
  const { rank, about } = room ?? {};
  const owns = rank?.affiliation === "owner";
  const decides = owns || rank?.affiliation === "admin";
  const speaks = rank !== undefined && rank.role !== "visitor" && about?.anySubject === true;
  const joined = room?.state === "joined";
  const all: readonly Setting[] = [
    { kind: "rename-room", icon: "pencil", offered: owns, words: text("room--rename") },
    {
      kind: "room-topic",
      icon: "info",
      offered: rank?.role === "moderator" || speaks,
      words: text(room?.subject === undefined ? "room--set-topic" : "room--change-topic"),
    },
    {
      kind: "room-picture",
      icon: "person",
      offered: owns && about?.offers?.includes("picture") === true,
      words: text("room--picture"),
    },
    {
      kind: "room-password",
      icon: "lock",
      offered: owns,
      words: text("room--password"),
      note: about?.locked === true ? text("room--locked") : undefined,
    },
    { kind: "room-banned", icon: "block", offered: decides, words: text("room--banned") },
    { kind: "destroy-room", icon: "bin", offered: owns, words: text("room--destroy"), bad: true },
  ];
  const settings = all.filter(({ offered }) => offered && joined);
  const asks = (kind: Asking) => () => {
    app.dialog.value = { kind, room: jid };
  };
  return (
    <ul class="device-list device-others">
      <CopyAddress label={text("create-room--address")} address={jid} />
      <Action icon="qr" act={asks("room-link")}>
        {text("room-link--open")}
      </Action>
      {joined ? (
        <Action icon="name" note={room?.nick} act={asks("room-nick")}>
          {text("room--nick")}
        </Action>
      ) : undefined}
      <CollectedAction of={jid} />
      {joined ? <MuteAction chat={chat} /> : undefined}
      {settings.length > 0 ? (
        <Action icon="settings" open={open} act={() => setOpen(!open)}>
          {text("room--settings")}
        </Action>
      ) : undefined}
      {open
        ? settings.map(({ kind, icon, words, note, bad }) => (
            <Action key={kind} icon={icon} note={note} bad={bad === true} act={asks(kind)}>
              {words}
            </Action>
          ))
        : undefined}
    </ul>
  );
}
