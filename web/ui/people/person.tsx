import { useEffect, useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { calledName, isAway, isContact, pictureOf, type ShownChat } from "../../model/chats.ts";
import { ago } from "../../model/format.ts";
import type { DialogView, Place } from "../../model/places.ts";
import { presenceWords } from "../../model/presence.ts";
import { addressText } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useLastSeen } from "../hooks/use-last-seen.ts";
import { MINUTE_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { Address } from "../parts/address.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notices } from "../parts/notices.tsx";
import { Action } from "./action.tsx";
import { CollectedAction } from "./collected.tsx";
import { CopyAddress } from "./copy-address.tsx";
import { MuteAction } from "./mute-action.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { InRoom } from "./room-acts.tsx";
import { start } from "../../model/asking.ts";

function backTo(chat: BareJid | undefined): Place {
  return chat === undefined ? { screen: "chats" } : { screen: "chats", chat };
}

/** Doing nothing for a moment is no news. */
const IDLE_MS = 5 * MINUTE_MS;

function Presence({ chat }: { readonly chat: ShownChat }) {
  const now = useNow(MINUTE_MS);
  const shown = chat.relation === "contact";
  const last = useLastSeen(chat.jid, shown && !chat.available);
  const words = shown ? presenceWords(chat, last, now) : undefined;
  const { idle } = chat;
  const inactive = words !== undefined && chat.available && idle !== undefined && now - idle >= IDLE_MS;
  if (words === undefined) return isContact(chat) && !shown ? <p>{text("person--hidden")}</p> : null;
  return (
    <p class="about-presence">{inactive ? text("person--idle", { presence: words, when: ago(idle, now) }) : words}</p>
  );
}

/** Rooms in which both are. */
function SharedRooms({ of }: { readonly of: BareJid }) {
  const app = useApp();
  const chats = useValue(app.chats);
  const [rooms, setRooms] = useState<readonly BareJid[]>([]);
  // Anew where somebody was put out or let in meanwhile: from this page, too.
  const changed = useValue(app.roomView);
  useEffect(() => drop(app.engine.sharedRooms({ jid: of }).then(setRooms)), [app, of, changed]);
  const shared = rooms.flatMap((jid) => chats.get(jid) ?? []);
  if (shared.length === 0) return null;
  return (
    <>
      <h3 class="about-heading" aria-level={2}>
        {text("person--rooms")}
      </h3>
      <ul class="device-list" aria-label={text("person--rooms")}>
        {shared.map((room) => (
          <li key={room.jid} class="device">
            <button
              type="button"
              class="device-row"
              onClick={() => app.go({ screen: "chats", chat: room.jid })}
              data-jid={room.jid}
            >
              <Avatar jid={room.jid} name={room.name} room={true} picture={pictureOf(room)} />
              <span class="device-words">
                <bdi class="device-name">{room.name}</bdi>
              </span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What can be done about somebody. */
function Choices({ of, chat }: { readonly of: BareJid; readonly chat: ShownChat | undefined }) {
  const app = useApp();
  const known = chat !== undefined && isContact(chat);
  const asks =
    (kind: (DialogView & { readonly jid: BareJid })["kind"] & ("block" | "remove-contact" | "delete-chat")) => () => {
      app.dialog.value = { kind, jid: of };
    };
  return (
    <ul class="device-list device-others">
      {known ? undefined : (
        <Action
          icon="person"
          act={() => drop(app.orSay(app.answer(of, chat?.relation === "request" ? "accept" : "add")))}
        >
          {text("chat--add")}
        </Action>
      )}
      {chat?.relation === "blocked" ? (
        <Action icon="block" act={() => drop(app.orSay(app.answer(of, "unblock")))}>
          {text("chat--unblock")}
        </Action>
      ) : (
        <Action icon="block" bad={true} act={asks("block")}>
          {text("chat--block")}
        </Action>
      )}
      {known ? (
        <Action icon="leave" bad={true} act={asks("remove-contact")}>
          {text("chat--remove")}
        </Action>
      ) : undefined}
      {chat === undefined ? undefined : (
        <Action icon="bin" bad={true} act={asks("delete-chat")}>
          {text("chat--delete")}
        </Action>
      )}
    </ul>
  );
}

/** Who is behind a name: how they look, where they can be reached, how sure one can be, and what can be done. */
export function PersonScreen({ of, room, from }: Omit<Extract<Place, { readonly screen: "person" }>, "screen">) {
  const app = useApp();
  const chat = useValue(app.chats).get(of);
  const name = chat?.name ?? addressText(of);
  const known = chat !== undefined && isContact(chat);
  const nick = chat?.nick;
  return (
    <main class="pane">
      <PageHead
        title={text("chat--about", { name: chat === undefined ? name : calledName(chat) })}
        back={room ? { screen: "members", of: room } : backTo(from ?? chat?.jid)}
      />
      <Notices />
      <div class="devices" data-scrolls>
        <div class="about" data-jid={of}>
          <Avatar
            jid={of}
            name={name}
            known={known}
            available={chat?.available === true}
            away={chat !== undefined && isAway(chat)}
            picture={chat && pictureOf(chat)}
          />
          <p class="about-name">
            <Address words={name} />
          </p>
          {nick === undefined || nick === name ? undefined : (
            <p>
              <bdi>{text("person--nick", { nick })}</bdi>
            </p>
          )}
          {chat === undefined ? undefined : <Presence chat={chat} />}
        </div>
        <ul class="device-list">
          <CopyAddress label={text("person--address")} address={of} />
          <Action icon="send" act={() => drop(app.orSay(start(app, of)))} leads={true}>
            {text("person--write")}
          </Action>
          {known ? (
            <Action
              icon="pencil"
              act={() => {
                app.dialog.value = { kind: "rename-contact", jid: of };
              }}
            >
              {text("person--rename")}
            </Action>
          ) : undefined}
          <Action
            icon={chat?.verified === true ? "verified" : "devices"}
            note={text(chat?.verified === true ? "person--verified" : "person--encryption")}
            act={() => app.go({ screen: "devices", of })}
            leads={true}
          >
            {text("person--devices")}
          </Action>
          {chat === undefined ? undefined : <CollectedAction of={of} />}
          {chat === undefined || chat.relation === "request" ? undefined : <MuteAction chat={chat} />}
        </ul>
        {room === undefined ? undefined : <InRoom room={room} of={of} />}
        <SharedRooms of={of} />
        <Choices of={of} chat={chat} />
      </div>
    </main>
  );
}
