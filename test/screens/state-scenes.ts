/** What is empty, on its way or out of reach, and questions that are asked seldom. */
import { FORM_ROUTES } from "../../worker/contract/forms.ts";
import type { BrowserId, Time } from "../../worker/contract/names.ts";
import { credentials, SERVERS, TO_FORM } from "./gate-scenes.ts";
import { at, BOB, chat, mine, NOW } from "./people.ts";
import { ownRoom, RIDGE_ROOM, RIDGE_WALKS, room } from "./rooms.ts";
import { dialog, gate, home, inRoom, LIVE, open, type Scene, withChat, withRoom } from "./scene.ts";

const SAID = mine(BOB, at(0, "14:21"), "Seven is fine", { state: "sent" });
const [FIRST] = RIDGE_WALKS;
const CATCHING_UP = { ...LIVE, link: { state: "live", caughtUp: false } } as const;
const OFFLINE = { ...LIVE, socket: "waiting", offline: true } as const;

/** What stands there where a script of it cannot be fetched. */
const unfetched = (scene: Scene): Scene => ({ ...scene, unfetched: true });

export const STATE_SCENES: Readonly<Record<string, Scene>> = {
  stuck: gate(
    { state: "starting" },
    {
      act: (app) => {
        app.stuck.value = true;
      },
    },
  ),
  "list-arriving": home({ chats: [], connection: CATCHING_UP }),
  "list-empty-offline": home({ chats: [], connection: OFFLINE }),
  "list-none-unread": home(
    { chats: [chat(BOB, "Bob Okafor", [])] },
    {
      act: (app) => {
        app.list.view.value = "unread";
      },
    },
  ),
  "list-none-people": home(
    { chats: [room()] },
    {
      act: (app) => {
        app.list.view.value = "people";
      },
    },
  ),
  "switcher-none": home({}, { act: dialog({ kind: "switcher" }), typed: [["Person, room or message", "zeppelin"]] }),
  "devices-loading": home({}, { act: (app) => app.go({ screen: "devices" }), slow: true }),
  "devices-none": home({}, { act: (app) => app.go({ screen: "devices", of: BOB }), devices: {} }),
  "room-members-loading": home(withRoom(room()), {
    act: (app) => app.go({ screen: "members", of: RIDGE_ROOM }),
    slow: true,
  }),
  "chat-offline-nothing": home(
    { chats: withChat(chat(BOB, "Bob Okafor", [])), connection: OFFLINE },
    { act: open(BOB), messages: {} },
  ),
  "find-room-none": home({}, { act: dialog({ kind: "find-room" }) }),
  "forward-nobody": home({ chats: [] }, { act: dialog({ kind: "forward", items: [SAID] }) }),
  "delete-message": home({}, { act: dialog({ kind: "delete-message", item: SAID }) }),
  "forget-message": home({}, { act: dialog({ kind: "forget-message", item: SAID }) }),
  "own-name": home({}, { act: dialog({ kind: "own-name", jid: BOB }) }),
  "rename-room": home(withRoom(ownRoom()), inRoom({ act: dialog({ kind: "rename-room", room: RIDGE_ROOM }) })),
  "room-person-hidden": home(
    withRoom(ownRoom()),
    inRoom({ act: dialog({ kind: "room-person", room: RIDGE_ROOM, nick: "Bob" }) }),
  ),
  ...(FIRST && {
    moderate: home(withRoom(ownRoom()), inRoom({ act: dialog({ kind: "moderate", item: FIRST }) })),
  }),
  "unfetched-screen": unfetched(home({}, { act: (app) => app.go({ screen: "devices" }) })),
  "unfetched-dialog": unfetched(home({}, { act: dialog({ kind: "new-chat" }) })),
  "unfetched-words": unfetched(
    gate(
      { state: "signed-out" },
      { signIn: { kind: "bad-certificate", detail: "xmpp.example.org" }, typed: credentials, press: "Sign in" },
    ),
  ),
  "rename-browser": home(
    {},
    { act: dialog({ kind: "rename-browser", browser: "other" as BrowserId, name: "Firefox on Linux" }) },
  ),
  "emoji-none": home({}, { act: open(BOB), press: "Emoji", typedThen: [["Search emoji", "zeppelinen"]] }),
  "go-to-date-none": home(
    {},
    { act: dialog({ kind: "go-to-date", chat: BOB }), typed: [["Day", "2026-11-24"]], press: "Go there" },
  ),
  "create-account-loading": gate(
    { state: "signed-out" },
    { answers: { [FORM_ROUTES.servers]: SERVERS, [FORM_ROUTES.register]: "never" }, press: TO_FORM },
  ),
  "last-seen-long-ago": home(
    { chats: withChat(chat(BOB, "Bob Okafor", [], { available: false })) },
    { act: (app) => app.go({ screen: "person", of: BOB }), lastSeen: (NOW - 40 * 86_400_000) as Time },
  ),
};
