import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { peopleFound, rankWords, sortPeople } from "../../model/room-people.ts";
import { loadRoom } from "../../model/room-actions.ts";
import type { App } from "../../model/app.ts";
import { calledName, PART, partsOf, type ShownChat } from "../../model/chats.ts";
import { addressText, alikeNicks, shownName } from "../../words/names.ts";
import { Alike } from "../parts/alike.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { RowShapes } from "../parts/shapes.tsx";
import { memo } from "../hooks/memo.ts";
import { useGrowing } from "../hooks/use-growing.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { PageHead } from "../parts/page-head.tsx";
import { RoomHead, RoomSettings } from "./room-about.tsx";

/** Of more people somebody is looked for. */
const MANY = 20;

type PersonProperties = {
  readonly room: BareJid;
  readonly person: RoomPerson;
  readonly alike: boolean;
  /** The picture that they have as a contact. */
  readonly contact: ShownChat["picture"];
};

/** Drawn again when something of it changes, not when thousands of others come into sight or are left out. */
const Person = memo(({ room, person, alike, contact }: PersonProperties) => {
  const app = useApp();
  const { jid, nick, affiliation, role, here, self, unable } = person;
  // In a private room everybody is one.
  const rank = affiliation === "member" && role !== "visitor" && role !== "moderator" ? undefined : rankWords(person);
  const open = () => {
    if (jid !== undefined && !self) app.go({ screen: "person", of: jid, room });
    else if (nick !== undefined) app.dialog.value = { kind: "room-person", room, nick };
  };
  const address = jid === undefined ? "" : addressText(jid);
  const name = shownName(nick ?? "", address || "?");
  // By their address: as a contact; else as they show themselves in the room.
  const own = jid !== undefined && contact !== undefined ? { jid, id: contact } : undefined;
  const shown =
    person.picture !== undefined && nick !== undefined ? { jid: room, nick, id: person.picture } : undefined;
  const words = [
    text(here ? "room--here" : "room--away"),
    nick === undefined || jid === undefined ? undefined : address,
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: between a list and its rows stand parts, which HTML allows not
    <div class="member" role="listitem" data-jid={jid} data-here={here} data-unable={unable}>
      <Avatar jid={jid ?? name} name={name} available={here} picture={own ?? shown} />
      <div class="member-words">
        <h3 aria-level={2}>
          <button type="button" class="link member-name" onClick={open}>
            <bdi>{name}</bdi>
          </button>
          {self ? <span class="row-mark">{text("room--you")}</span> : undefined}
          {rank === undefined ? undefined : <span class="row-mark">{rank}</span>}
        </h3>
        {alike ? <Alike why={text("nick--alike")} /> : undefined}
        <p>{words.filter((part) => part !== undefined).join(" · ")}</p>
        {unable ? <p class="member-unable">{text("room--unable")}</p> : undefined}
      </div>
    </div>
  );
});

type PartProperties = {
  readonly room: BareJid;
  readonly people: readonly RoomPerson[];
  readonly alike: ReadonlySet<string>;
  readonly chats: App["chats"]["value"];
};

/** People who are laid out together, and not at all while they are out of sight. */
const Part = memo(({ room, people, alike, chats }: PartProperties) => (
  <div class="members-part" role="presentation" style={{ "--rows": String(people.length) }}>
    {people.map((person) => (
      <Person
        key={`${person.jid ?? ""} ${person.nick ?? ""}`}
        room={room}
        person={person}
        alike={person.nick !== undefined && alike.has(person.nick)}
        contact={person.jid === undefined ? undefined : chats.get(person.jid)?.picture}
      />
    ))}
  </div>
));

function alikeOf(people: readonly RoomPerson[]): ReadonlySet<string> {
  return alikeNicks(people.flatMap(({ nick, jid }) => (nick === undefined ? [] : [{ nick, jid }])));
}

/** Who can read what is written in a room, there or not. */
export function RoomMembers({ of }: { readonly of: BareJid }) {
  const app = useApp();
  const view = useValue(app.roomView);
  const chats = useValue(app.chats);
  const chat = chats.get(of);
  // Whatever changes there changes its row, too; a reload comes back to here without having gone here.
  useEffect(() => drop(loadRoom(app, of)), [of, chat]);
  const shown = view?.room === of ? view : undefined;
  const alike = useMemo(() => alikeOf(shown?.people ?? []), [shown]);
  const all = useMemo(() => sortPeople(shown?.people ?? []), [shown]);
  const [wanted, setWanted] = useState("");
  const people = useMemo(() => peopleFound(all, wanted), [all, wanted]);
  const drawn = useGrowing(people.length, PART);
  const parts = useRef<readonly (readonly RoomPerson[])[]>([]);
  parts.current = partsOf(people.slice(0, drawn.shown), parts.current);
  return (
    <main class="pane">
      <PageHead
        title={text("room--members-of", { name: chat === undefined ? addressText(of) : calledName(chat) })}
        back={{ screen: "chats", chat: of }}
      />
      <div class="devices" data-scrolls>
        {chat === undefined ? undefined : <RoomHead chat={chat} />}
        {chat === undefined ? undefined : <RoomSettings chat={chat} />}
        <h3 class="about-heading" aria-level={2}>
          {text("room--members")}
        </h3>
        <p class="devices-lead">
          {text(chat?.encryption === "open" ? "room--members-lead-open" : "room--members-lead")}
        </p>
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
        {shown?.failure === undefined ? undefined : <p class="devices-lead">{text("room--members-stale")}</p>}
        {all.length > MANY ? (
          <label class="field members-field">
            <span>{text("members--field")}</span>
            <input
              type="search"
              autocomplete="off"
              dir="auto"
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
        ) : undefined}
        <p role="status">{wanted !== "" && people.length === 0 ? text("members--no-match") : ""}</p>
        {shown === undefined ? (
          <RowShapes />
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div class="device-list" role="list" aria-label={text("room--members")}>
            {parts.current.map((part, at) => (
              <Part key={at} room={of} people={part} alike={alike} chats={chats} />
            ))}
            {drawn.shown < people.length ? (
              <div key={`end-${drawn.shown}`} ref={drawn.end} class="rows-end" role="presentation" />
            ) : undefined}
          </div>
        )}
      </div>
    </main>
  );
}
