/** Rooms, and what is done about them. */
import type { DeviceId } from "../../worker/contract/names.ts";
import { MOUNTAIN, PORTRAIT } from "./pictures.ts";
import { BOB, DANIEL, MINA, NEW_FINGERPRINT } from "./people.ts";
import { CROWD, INVITED, MEMBERS, RIDGE_ROOM, RIDGE_WALKS, room } from "./rooms.ts";
import { dialog, home, inRoom, withRoom, type Scene } from "./scene.ts";

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
      act: dialog({ kind: "join-room" }),
      start: { kind: "peer-refused", detail: "members-only" },
      typed: [["Room address", "ridge-walks@conference.example.org"]],
      press: "Join room",
    },
  ),
  "invite-to-room": home(withRoom(room()), inRoom({ act: dialog({ kind: "invite", room: RIDGE_ROOM }) })),
  "leave-room": home(withRoom(room()), inRoom({ act: dialog({ kind: "leave-room", room: RIDGE_ROOM }) })),
};
