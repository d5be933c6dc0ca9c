/** Rooms, and what is done about them. */
import type { BareJid, DeviceId } from "../../worker/contract/names.ts";
import type { MessageItem } from "../../web/engine/protocol/conversations.ts";
import type { EngineScript } from "./scripted-engine.ts";
import { MOUNTAIN, PORTRAIT } from "./pictures.ts";
import { at as timeOf, BOB, DANIEL, message, MINA, NEW_FINGERPRINT } from "./people.ts";
import { CROWD, INVITED, MEMBERS, ownRoom, RIDGE_LINES, RIDGE_ROOM, RIDGE_WALKS, room } from "./rooms.ts";
import { dialog, home, inRoom, withRoom, type Scene } from "./scene.ts";

const FIND_FIELD = "Name, address or link";
const at = (local: string) => `${local}@conference.example.org` as BareJid;

/** Names of any length and direction, rooms of each kind, one that is gone. */
const FINDING: NonNullable<EngineScript["rooms"]> = {
  found: {
    ok: true,
    value: {
      service: "conference.example.org",
      searches: false,
      rooms: [
        { jid: at("brewing"), name: "Brewing" },
        { jid: at("kneipe"), name: "Die Kneipe am Ende der sehr langen Straße, in der niemand wohnt" },
        { jid: at("majlis"), name: "مجلس المساء" },
        { jid: at("evil"), name: "Open \u202e)elbissop" },
        { jid: at("nameless") },
        { jid: at("board"), name: "The board" },
        { jid: at("gone"), name: "A room that was" },
      ],
    },
  },
  about: {
    [at("brewing")]: {
      jid: at("brewing"),
      description:
        "Ales, lagers, and what went wrong with them. Beginners are welcome; nobody was born with a hydrometer.",
      people: 212,
      membersOnly: false,
    },
    [at("kneipe")]: { jid: at("kneipe"), people: 1, password: true },
    [at("majlis")]: { jid: at("majlis"), people: 12, membersOnly: false, description: "نلتقي هنا كل مساء" },
    [at("evil")]: { jid: at("evil"), people: 2, membersOnly: false, description: "\u202eturned around" },
    [at("board")]: { jid: at("board"), people: 5, membersOnly: true },
    [at("gone")]: { jid: at("gone"), missing: true },
  },
  saved: { rooms: [{ jid: at("walks"), name: "Ridge walks" }, { jid: at("old-friends") }], kept: true },
};

const ROOM_ALBUM: readonly MessageItem[] = [
  ...RIDGE_WALKS,
  ...["one.jpg", "half.jpg", "three.jpg"].map((name) =>
    message(RIDGE_ROOM, timeOf(0, "09:40"), `aesgcm://files.example.org/upload/9f2c/${name}#${"0".repeat(88)}`, {
      author: { nick: "Mina", jid: MINA },
      seen: { kind: "image", type: "image/jpeg", size: 2_340_000, width: 1_600, height: 1_200 },
    }),
  ),
];

export const ROOM_SCENES: Readonly<Record<string, Scene>> = {
  room: home(withRoom(room()), inRoom()),
  "room-pictures": home(
    withRoom(
      room(
        { faces: { Bob: MOUNTAIN.id, mina: PORTRAIT.id, Mina: PORTRAIT.id, bob: MOUNTAIN.id } },
        { picture: MOUNTAIN.id },
      ),
    ),
    inRoom(),
  ),
  "room-unable": home(withRoom(room({ unable: [MINA, DANIEL] })), inRoom()),
  "room-key-changed": home(withRoom(room({ changed: [BOB] })), inRoom()),
  "room-undecided": home(withRoom(room({ undecided: [MINA] })), inRoom()),
  "room-new-devices": home(
    withRoom(
      room({
        newcomers: [
          { jid: BOB, device: 7 as DeviceId, why: "new-device", fingerprint: NEW_FINGERPRINT },
          {
            jid: MINA,
            device: 9 as DeviceId,
            why: "new-device",
            fingerprint: [...NEW_FINGERPRINT].toReversed().join(""),
          },
        ],
      }),
    ),
    inRoom(),
  ),
  "room-blocked": home(withRoom(room({}, { encryption: "blocked" })), inRoom()),
  "room-nobody": home(withRoom(room({ people: 1 }, { encryption: "unavailable" })), inRoom({ messages: {} })),
  "room-open": home(
    withRoom(room({ people: 31 }, { encryption: "open" })),
    inRoom({ messages: { [RIDGE_ROOM]: RIDGE_WALKS.map((item) => ({ ...item, encrypted: false })) } }),
  ),
  "room-unknown": home(withRoom(room({}, { encryption: "unknown" })), inRoom()),
  "room-unlisted": home(withRoom(room({ unlisted: true }, { encryption: "unlisted" })), inRoom()),
  "room-partial": home(withRoom(room({ unlisted: true })), inRoom()),
  "room-whisper": home(
    withRoom(room()),
    inRoom({
      messages: {
        [RIDGE_ROOM]: RIDGE_WALKS.map((item) =>
          item.body.kind === "reason" ? { ...item, body: { kind: "reason", reason: "whisper" } } : item,
        ),
      },
    }),
  ),
  "room-whispered": home(
    withRoom(room({ people: 31 }, { encryption: "open" })),
    inRoom({
      messages: {
        [RIDGE_ROOM]: RIDGE_WALKS.map((item) => {
          const { body, author, outgoing } = item;
          const alone = body.kind === "text" && (outgoing || author?.nick === "Mina");
          return {
            ...item,
            encrypted: false,
            ...(alone && { whisper: { nick: outgoing ? "Mina" : (author?.nick ?? "") } }),
          };
        }),
      },
    }),
  ),
  "room-whisper-to": home(withRoom(room({ people: 31 }, { encryption: "open" })), {
    ...inRoom(),
    act: (app) => {
      app.dialog.value = { kind: "whisper", room: RIDGE_ROOM, nick: "Mina", jid: MINA, words: "are you there?" };
    },
  }),
  "room-crowd": home(withRoom(room({ people: 5_001 }, { encryption: "open" })), {
    members: CROWD,
    act: (app) => app.go({ screen: "members", of: RIDGE_ROOM }),
  }),
  "room-password": home(
    withRoom(room({ state: "left", failure: { kind: "peer-refused", detail: "password needed" } })),
    inRoom({
      act: (app) => {
        app.go({ screen: "chats", chat: RIDGE_ROOM });
        app.dialog.value = { kind: "join-room", room: RIDGE_ROOM };
      },
      start: { kind: "peer-refused", detail: "wrong password" },
      typed: [["Password of the room", "abracadabra"]],
      press: "Join room",
    }),
  ),
  "room-nick": home(withRoom(room()), inRoom({ act: dialog({ kind: "room-nick", room: RIDGE_ROOM }) })),
  "room-left": home(withRoom(room({ state: "left", failure: { kind: "peer-refused", detail: "kicked" } })), inRoom()),
  "room-invited": home(withRoom(INVITED), inRoom({ messages: {} })),
  "room-members": home(withRoom(room()), {
    members: MEMBERS,
    act: (app) => app.go({ screen: "members", of: RIDGE_ROOM }),
  }),
  "room-album": home(withRoom(room()), inRoom({ messages: { [RIDGE_ROOM]: ROOM_ALBUM } })),
  "room-owned": home(withRoom(ownRoom()), inRoom({ messages: { [RIDGE_ROOM]: RIDGE_LINES } })),
  "room-page": home(withRoom(ownRoom()), {
    members: MEMBERS,
    act: (app) => app.go({ screen: "members", of: RIDGE_ROOM }),
  }),
  "room-person": home(withRoom(ownRoom()), {
    members: MEMBERS,
    act: (app) => app.go({ screen: "person", of: MINA, room: RIDGE_ROOM }),
  }),
  "room-ban": home(
    withRoom(ownRoom()),
    inRoom({ act: dialog({ kind: "room-act", room: RIDGE_ROOM, act: "ban", person: { jid: MINA, nick: "Mina" } }) }),
  ),
  "room-topic": home(withRoom(ownRoom()), inRoom({ act: dialog({ kind: "room-topic", room: RIDGE_ROOM }) })),
  "room-set-password": home(withRoom(ownRoom()), inRoom({ act: dialog({ kind: "room-password", room: RIDGE_ROOM }) })),
  "room-picture": home(withRoom(ownRoom()), inRoom({ act: dialog({ kind: "room-picture", room: RIDGE_ROOM }) })),
  "room-banned": home(withRoom(ownRoom()), inRoom({ act: dialog({ kind: "room-banned", room: RIDGE_ROOM }) })),
  "room-destroy": home(withRoom(ownRoom()), inRoom({ act: dialog({ kind: "destroy-room", room: RIDGE_ROOM }) })),
  "room-leave-last-owner": home(
    withRoom(ownRoom()),
    inRoom({ members: MEMBERS, act: dialog({ kind: "leave-room", room: RIDGE_ROOM }) }),
  ),
  "room-destroyed": home(
    withRoom(
      room({
        state: "left",
        people: 0,
        failure: { kind: "peer-refused", detail: "destroyed" },
        about: {
          reason: "We meet in the valley from now on.",
          instead: "valley-walks@conference.example.org" as typeof RIDGE_ROOM,
        },
      }),
    ),
    inRoom(),
  ),
  "create-room": home({}, { act: dialog({ kind: "create-room" }), typed: [["Name", "Ridge walks"]] }),
  "create-room-homeless": home(
    {},
    {
      act: dialog({ kind: "create-room" }),
      roomService: { ok: false, error: { kind: "not-found" } },
      typed: [["Name", "Ridge walks"]],
      press: "Create room",
    },
  ),
  "join-room": home(
    {},
    {
      act: dialog({ kind: "find-room" }),
      rooms: FINDING,
      start: { kind: "peer-refused", detail: "members-only" },
      typed: [[FIND_FIELD, "ridge-walks@conference.example.org"]],
      press: "Join",
    },
  ),
  "find-room": home(
    { chats: [] },
    {
      act: dialog({ kind: "find-room" }),
      rooms: FINDING,
    },
  ),
  "find-room-typed": home(
    {},
    { act: dialog({ kind: "find-room" }), rooms: FINDING, typed: [[FIND_FIELD, "chat.example.net"]] },
  ),
  "find-room-failed": home(
    {},
    {
      act: dialog({ kind: "find-room" }),
      rooms: { found: { ok: false, error: { kind: "not-found" } }, saved: { rooms: [], kept: false } },
    },
  ),
  "open-link": home(
    {},
    {
      act: dialog({ kind: "open-link", link: "xmpp:coven@conference.example.org?join;password=x" }),
    },
  ),
  "open-link-person": home({}, { act: dialog({ kind: "open-link", link: "xmpp:mina@example.org" }) }),
  "open-link-broken": home({}, { act: dialog({ kind: "open-link", link: "xmpp:?join" }) }),
  "room-link": home(withRoom(room()), inRoom({ act: dialog({ kind: "room-link", room: RIDGE_ROOM }) })),
  "invite-to-room": home(withRoom(room()), inRoom({ act: dialog({ kind: "invite", room: RIDGE_ROOM }) })),
  "leave-room": home(withRoom(room()), inRoom({ act: dialog({ kind: "leave-room", room: RIDGE_ROOM }) })),
};
