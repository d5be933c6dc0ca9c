import { useEffect } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/aside.ts";
import { nameOf } from "../../model/chats.ts";
import { loadRoom } from "../../model/room-actions.ts";
import { actsOn, isHard, type RoomAct } from "../../model/room-powers.ts";
import { rankWords } from "../../model/room-people.ts";
import { addressText, shownName } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Dialog } from "../parts/dialog.tsx";
import type { IconName } from "../parts/icon.tsx";
import { Action } from "./action.tsx";

const ICONS: Readonly<Record<RoomAct, IconName>> = {
  owner: "verified",
  admin: "verified",
  member: "person",
  "step-down": "down",
  moderator: "verified",
  "no-moderator": "down",
  voice: "unread",
  mute: "muted",
  kick: "leave",
  remove: "leave",
  ban: "block",
};

/** What we may do about somebody in a room; nothing where we may nothing. */
function RoomActs({ room, person }: { readonly room: BareJid; readonly person: RoomPerson }) {
  const app = useApp();
  const chat = useValue(app.chats).get(room);
  const rank = chat?.room?.rank;
  if (rank === undefined) return null;
  const about = { closed: chat?.encryption !== "open", moderated: chat?.room?.about?.moderated === true };
  const acts = actsOn(rank, person, about);
  if (acts.length === 0) return null;
  return (
    <ul class="device-list" aria-label={text("room-acts--label", { room: nameOf(room, app.chats.peek()) })}>
      {acts.map((act) => (
        <Action
          key={act}
          icon={ICONS[act]}
          bad={isHard(act) && act !== "owner"}
          act={() => {
            app.dialog.value = { kind: "room-act", room, act, person };
          }}
        >
          {text(`room-act--${act}`)}
        </Action>
      ))}
    </ul>
  );
}

/** Somebody as one of the people of a room, on the page behind their name. */
export function InRoom({ room, of }: { readonly room: BareJid; readonly of: BareJid }) {
  const app = useApp();
  const view = useValue(app.roomView);
  const chats = useValue(app.chats);
  const chat = chats.get(room);
  useEffect(() => drop(loadRoom(app, room)), [room, chat]);
  const person = view?.room === room ? view.people.find(({ jid }) => jid === of) : undefined;
  if (person === undefined) return null;
  return (
    <>
      <h3 class="about-heading" aria-level={2}>
        {text("person--in-room", { room: nameOf(room, chats) })}
      </h3>
      <p class="devices-lead">
        {[rankWords(person), text(person.here ? "room--here" : "room--away")].filter(Boolean).join(" · ")}
      </p>
      <RoomActs room={room} person={person} />
    </>
  );
}

/** Somebody whose address the room does not show, or we ourselves. */
export function RoomPersonDialog({
  room,
  nick,
  onClose,
}: {
  readonly room: BareJid;
  readonly nick: string;
  readonly onClose: () => void;
}) {
  const app = useApp();
  const view = useValue(app.roomView);
  const person = view?.room === room ? view.people.find((one) => one.nick === nick) : undefined;
  const { jid } = person ?? {};
  useEffect(() => drop(loadRoom(app, room)), [app, room]);
  // Where people have addresses, they are written to encrypted.
  const open = useValue(app.chats).get(room)?.encryption === "open";
  const whispers = open && jid === undefined && person?.here === true && !person.self;
  return (
    <Dialog title={shownName(nick, "?")} onClose={onClose}>
      {jid === undefined ? <p>{text("room-person--hidden")}</p> : <p>{addressText(jid)}</p>}
      {person === undefined ? undefined : (
        <>
          <p>{rankWords(person)}</p>
          {whispers ? (
            <ul class="device-list">
              <Action
                icon="send"
                act={() => {
                  app.dialog.value = { kind: "whisper", room, nick };
                }}
              >
                {text("whisper--open")}
              </Action>
            </ul>
          ) : undefined}
          <RoomActs room={room} person={person} />
        </>
      )}
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("message-info--close")}
        </button>
      </div>
    </Dialog>
  );
}
