/** Rooms in every state worth looking at. */
import type { BareJid, Position } from "../../worker/contract/names.ts";
import type {
  ChatSummary,
  MessageItem,
  RoomPerson,
  RoomSummary,
  RoomView,
} from "../../web/engine/protocol/conversations.ts";
import type { RoomChange } from "../../worker/contract/rooms.ts";
import { MOUNTAIN } from "./pictures.ts";
import { ALICE, at, BOB, chat, MINA, message, mine, NOOR, RUI } from "./people.ts";

export const RIDGE_ROOM = "ridge-walks@conference.example.org" as BareJid;
const CAROLINA = "carolina@tidepool.example" as BareJid;

const by = (nick: string, jid: BareJid) => ({ author: { nick, jid } });

export const RIDGE_WALKS: readonly MessageItem[] = [
  message(RIDGE_ROOM, at(1, "18:20"), "Who is up for the long variant on Saturday?", by("Bob", BOB)),
  message(RIDGE_ROOM, at(1, "18:21"), "I can take three in the car.", by("Bob", BOB)),
  message(RIDGE_ROOM, at(1, "18:22"), "Me! If we are back by six.", by("Mina", MINA)),
  mine(RIDGE_ROOM, at(1, "18:40"), "Count me in. I will bring the rope.", { state: "sent" }),
  message(RIDGE_ROOM, at(0, "09:12"), "", {
    ...by("Rui", RUI),
    body: { kind: "reason", reason: "unknown-author" },
    author: { nick: "Rui" },
  }),
  message(RIDGE_ROOM, at(0, "09:14"), "Forecast: clouds from eleven on.", by("Rui", RUI)),
  message(RIDGE_ROOM, at(0, "09:15"), "نعم، سآتي معكم", by("نور", NOOR)),
  mine(RIDGE_ROOM, at(0, "09:30"), "Then let us start at five.", { state: "sent" }),
];

export function room(more: Partial<RoomSummary> = {}, chatMore: Partial<ChatSummary> = {}): ChatSummary {
  const summary: RoomSummary = {
    state: "joined",
    nick: "alice",
    people: 5,
    unable: [],
    undecided: [],
    changed: [],
    newcomers: [],
    ...more,
  };
  return chat(RIDGE_ROOM, "ridge-walks", RIDGE_WALKS, { room: summary, ...chatMore });
}

export const INVITED: ChatSummary = chat(RIDGE_ROOM, "ridge-walks", [], {
  relation: "request",
  encryption: "checking",
  readTo: 0 as Position,
  room: {
    state: "invited",
    invitedBy: BOB,
    nick: "",
    people: 0,
    unable: [],
    undecided: [],
    changed: [],
    newcomers: [],
  },
});

const person = (nick: string | undefined, jid: BareJid, more: Partial<RoomPerson> = {}): RoomPerson => ({
  jid,
  ...(nick === undefined ? {} : { nick }),
  affiliation: "member",
  here: nick !== undefined,
  self: false,
  unable: false,
  ...more,
});

export const MEMBERS: RoomView = {
  room: RIDGE_ROOM,
  manages: true,
  people: [
    person("alice", ALICE, { self: true, affiliation: "owner" }),
    person("Bob", BOB, { affiliation: "admin" }),
    person("Mina", MINA),
    person("نور", NOOR),
    person(undefined, CAROLINA, { unable: true }),
  ],
};

/** A room that we own, with everything that can be said of it. */
export function ownRoom(more: Partial<RoomSummary> = {}): ChatSummary {
  return room(
    {
      owned: true,
      rank: { affiliation: "owner", role: "moderator" },
      subject: "Saturdays at nine by the old mill. Bring water, a hat and the good map: https://example.org/ridge",
      about: { subjectBy: "Bob", subjectAt: at(1, "18:10"), locked: true, offers: ["picture", "moderation"] },
      ...more,
    },
    { picture: MOUNTAIN.id },
  );
}

const line = (time: number, what: RoomChange): MessageItem => ({
  ...message(RIDGE_ROOM, time, ""),
  encrypted: false,
  body: { kind: "reason", reason: "room", room: what },
});

/** What has happened in it between the messages. */
export const RIDGE_LINES: readonly MessageItem[] = [
  ...RIDGE_WALKS,
  line(at(0, "09:31"), { change: "subject", by: "Bob", text: "Saturdays at nine by the old mill" }),
  line(at(0, "09:32"), { change: "became", affiliation: "admin", nick: "Mina", by: "alice", byUs: true }),
  line(at(0, "09:33"), { change: "became", affiliation: "outcast", nick: "Rui", by: "Mina", reason: "advertising" }),
];

export const CROWD: RoomView = {
  room: RIDGE_ROOM,
  manages: false,
  people: Array.from({ length: 5_001 }, (_, n) =>
    person(n === 0 ? "alice" : `walker ${n}`, (n === 0 ? ALICE : `w${n}@example.net`) as BareJid, {
      self: n === 0,
      affiliation: "none",
    }),
  ),
};
