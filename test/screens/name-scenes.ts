/** Names that do not say who it is, and words that are no words. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { MessageItem, RoomView } from "../../web/engine/protocol/conversations.ts";
import { addressText } from "../../web/words/names.ts";
import { ALICE, at, BOB, chat, CHATS, message, MINA, mine, RIDGE } from "./people.ts";
import { RIDGE_ROOM, room } from "./rooms.ts";
import { home, inRoom, open, withChat, withRoom, type Scene } from "./scene.ts";

const OTHER_BOB = "bob@evil.example" as BareJid;
/** With a Cyrillic \u0430 each. */
const FALSE_MINA = "mina@tidepool.ex\u0430mple" as BareJid;
const LIL = "lil@evil.example" as BareJid;
const FALSE_BOB_NICK = "B\u043eb";

const OTHERS: readonly MessageItem[] = [message(OTHER_BOB, at(0, "14:20"), "Which hut was it again?")];
const MINAS: readonly MessageItem[] = [message(FALSE_MINA, at(0, "14:25"), "New account, the old one is broken")];
const LOOK_ALIKES = [
  chat(OTHER_BOB, "Bob Okafor", OTHERS, { unread: 1, available: true }),
  chat(FALSE_MINA, addressText(FALSE_MINA), MINAS, { relation: "stranger", unread: 1 }),
  ...CHATS,
];

const by = (nick: string, jid: BareJid) => ({ author: { nick, jid } });
const ROOM_TALK: readonly MessageItem[] = [
  message(RIDGE_ROOM, at(1, "18:20"), "Who is up for the long variant on Saturday?", by("Bob", BOB)),
  message(RIDGE_ROOM, at(1, "18:21"), "Send me the money for the hut, please.", by(FALSE_BOB_NICK, OTHER_BOB)),
  message(RIDGE_ROOM, at(1, "18:22"), "Me! If we are back by six.", by("Mina", MINA)),
  mine(RIDGE_ROOM, at(1, "18:40"), "Count me in.", { state: "sent" }),
];

const person = (nick: string, jid: BareJid, self = false) =>
  ({ nick, jid, affiliation: "member", here: true, self, unable: false }) as const;
const MEMBERS: RoomView = {
  room: RIDGE_ROOM,
  manages: false,
  people: [person("alice", ALICE, true), person("Bob", BOB), person(FALSE_BOB_NICK, OTHER_BOB), person("Mina", MINA)],
};

const KEY = "0f".repeat(44);
const ODD: readonly MessageItem[] = [
  ...RIDGE.slice(3, 5),
  message(BOB, at(0, "14:10"), `aesgcm://upload.example.org/ridge.jpg#${KEY}`),
  message(BOB, at(0, "14:11"), `And this one: aesgcm://upload.example.org/hut.jpg#${KEY} what do you think?`),
  message(BOB, at(0, "14:12"), "", { body: { kind: "reason", reason: "call" }, encrypted: false }),
  message(BOB, at(0, "14:13"), "?OTRv23?\nBob has requested an Off-the-Record private conversation"),
  message(BOB, at(0, "14:14"), "\u200b"),
  mine(BOB, at(0, "14:15"), "    if clouds:\n        return 'hut'"),
  message(
    BOB,
    at(0, "14:16"),
    "We are here: geo:46.5584,8.5610 and the forecast is at https://w\u0435ather.example/ridge_",
  ),
  message(BOB, at(0, "14:17"), "The hut: https://h\u00fctte.example/"),
];

export const NAME_SCENES: Readonly<Record<string, Scene>> = {
  "names-alike": home({ chats: LOOK_ALIKES }, { act: open(OTHER_BOB), messages: { [OTHER_BOB]: OTHERS } }),
  "names-alike-stranger": home({ chats: LOOK_ALIKES }, { act: open(FALSE_MINA), messages: { [FALSE_MINA]: MINAS } }),
  "names-alike-list": home({ chats: LOOK_ALIKES }),
  "names-short": home({ chats: [chat(LIL, LIL, MINAS, { relation: "stranger", unread: 1 }), ...CHATS] }),
  "names-alike-room": home(
    withRoom(room({ alike: ["Bob", FALSE_BOB_NICK] })),
    inRoom({ messages: { [RIDGE_ROOM]: ROOM_TALK } }),
  ),
  "names-alike-members": home(withRoom(room()), {
    members: MEMBERS,
    act: (app) => app.go({ screen: "members", of: RIDGE_ROOM }),
  }),
  "words-odd": home(
    { chats: withChat(chat(BOB, "Bob Okafor", ODD.slice(0, 3))) },
    { act: open(BOB), messages: { [BOB]: ODD } },
  ),
};
