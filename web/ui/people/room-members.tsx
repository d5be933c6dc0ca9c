import { useEffect, useMemo } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { sortPeople } from "../../model/room-people.ts";
import { loadRoom } from "../../model/room-actions.ts";
import { calledName, pictureOf } from "../../model/chats.ts";
import { addressText, alikeNicks, shownName } from "../../words/names.ts";
import { Alike } from "../parts/alike.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { RowShapes } from "../parts/shapes.tsx";
import { useGrowing } from "../hooks/use-growing.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { PageHead } from "../parts/page-head.tsx";

const RANKS = { owner: "room--owner", admin: "room--admin" } as const;

type PersonProperties = { readonly room: BareJid; readonly person: RoomPerson; readonly alike: boolean };

function Person({ room, person, alike }: PersonProperties) {
  const app = useApp();
  const { jid, nick, affiliation, here, self, unable } = person;
  const address = jid === undefined ? "" : addressText(jid);
  const name = shownName(nick ?? "", address || "?");
  const contact = useValue(app.chats).get(jid ?? room);
  // By their address: as a contact; else as they show themselves in the room.
  const own = jid !== undefined && contact !== undefined ? pictureOf(contact) : undefined;
  const shown =
    person.picture !== undefined && nick !== undefined ? { jid: room, nick, id: person.picture } : undefined;
  const words = [
    text(here ? "room--here" : "room--away"),
    nick === undefined || jid === undefined ? undefined : address,
  ];
  return (
    <li class="member" data-jid={jid} data-here={here} data-unable={unable}>
      <Avatar jid={jid ?? name} name={name} available={here} picture={own ?? shown} />
      <div class="member-words">
        <h3>
          {jid === undefined || self ? (
            <bdi>{name}</bdi>
          ) : (
            <button type="button" class="link member-name" onClick={() => app.go({ screen: "person", of: jid })}>
              <bdi>{name}</bdi>
            </button>
          )}
          {self ? <span class="row-mark">{text("room--you")}</span> : undefined}
          {affiliation === "owner" || affiliation === "admin" ? (
            <span class="row-mark">{text(RANKS[affiliation])}</span>
          ) : undefined}
        </h3>
        {alike ? <Alike why={text("nick--alike")} /> : undefined}
        <p>{words.filter((part) => part !== undefined).join(" · ")}</p>
        {unable ? <p class="member-unable">{text("room--unable")}</p> : undefined}
      </div>
    </li>
  );
}

/** Who can read what is written in a room, there or not. */
export function RoomMembers({ of }: { readonly of: BareJid }) {
  const app = useApp();
  const view = useValue(app.roomView);
  const chat = useValue(app.chats).get(of);
  // Whatever changes there changes its row, too; a reload comes back to here without having gone here.
  useEffect(() => drop(loadRoom(app, of)), [of, chat]);
  const shown = view?.room === of ? view : undefined;
  const named = shown?.people.flatMap(({ nick, jid }) => (nick === undefined ? [] : [{ nick, jid }])) ?? [];
  const alike = alikeNicks(named);
  const people = useMemo(() => sortPeople(shown?.people ?? []), [shown]);
  const drawn = useGrowing(people.length);
  return (
    <main class="pane">
      <PageHead
        title={text("room--members-of", { name: chat === undefined ? addressText(of) : calledName(chat) })}
        back={{ screen: "chats", chat: of }}
      />
      <div class="devices" data-scrolls>
        <p class="devices-lead">
          {text(chat?.encryption === "open" ? "room--members-lead-open" : "room--members-lead")}
        </p>
        {shown?.failure === undefined ? undefined : <p class="devices-lead">{text("room--members-stale")}</p>}
        {shown === undefined ? (
          <RowShapes />
        ) : (
          <ul class="device-list" aria-label={text("room--members")}>
            {people.slice(0, drawn.shown).map((person) => (
              <Person
                key={`${person.jid ?? ""} ${person.nick ?? ""}`}
                room={of}
                person={person}
                alike={person.nick !== undefined && alike.has(person.nick)}
              />
            ))}
            {drawn.shown < people.length ? (
              <li key={drawn.shown} ref={drawn.end} class="rows-end" role="presentation" />
            ) : undefined}
          </ul>
        )}
        {shown?.manages === true ? (
          <p class="devices-others">
            <button
              type="button"
              class="button"
              onClick={() => {
                app.dialog.value = { kind: "invite", room: of };
              }}
            >
              {text("room--invite")}
            </button>
          </p>
        ) : undefined}
      </div>
    </main>
  );
}
