/** Every screen in every state worth looking at. A scene is what the engine says and what the person did. */
import type { BareJid, BrowserId, DeviceId, EntryId, Position } from "../../worker/contract.ts";
import type { LeftOut } from "../../web/engine/omemo/left-out.ts";
import type {
  ChatSummary,
  ConnectionView,
  GapView,
  MessageItem,
  SessionView,
  Snapshot,
} from "../../web/engine/protocol.ts";
import type { App, DialogView } from "../../web/model/app.ts";
import {
  ALICE,
  at,
  BOB,
  BOBS_DEVICES,
  CHATS,
  chat,
  DANIEL,
  HARBOUR,
  LINDQVISTS,
  message,
  MINA,
  mine,
  NEW_FINGERPRINT,
  NOOR,
  NOORS,
  NOW,
  OWN_DEVICES,
  RIDGE,
  RUI,
  RUIS,
  STRANGER,
} from "./people.ts";
import { INVITED, MEMBERS, RIDGE_ROOM, RIDGE_WALKS, room } from "./rooms.ts";
import type { Scene } from "./scripted-engine.ts";

export type Shot = Scene & {
  readonly act?: (app: App) => void;
  readonly typed?: readonly (readonly [field: string, words: string])[];
  readonly press?: string;
};

const SIGNED_IN: SessionView = { state: "signed-in", account: ALICE };
const LIVE: ConnectionView = { socket: "open", link: { state: "live", caughtUp: true }, encryption: "ready" };
const MESSAGES = { [BOB]: RIDGE, [MINA]: HARBOUR, [RUI]: RUIS, [NOOR]: NOORS, [STRANGER]: LINDQVISTS };

const open = (jid: BareJid) => (app: App) => app.go({ screen: "chats", chat: jid });

const dialog = (view: DialogView) => (app: App) => {
  app.dialog.value = view;
};
const withRoom = (row: ChatSummary): Partial<Snapshot> => ({ chats: [row, ...CHATS] });
const inRoom = (scene: Partial<Shot> = {}): Partial<Shot> => ({
  act: open(RIDGE_ROOM),
  messages: { ...MESSAGES, [RIDGE_ROOM]: RIDGE_WALKS },
  ...scene,
});

/** Right behind a message. */
function gapAfter(item: MessageItem | undefined, more: Partial<GapView> = {}): GapView {
  const position = ((item?.position ?? 0) + 0.5) as Position;
  return { gap: `g${position}` as EntryId, position, at: NOW, state: "open", why: "catching-up", ...more };
}

function home(more: Partial<Snapshot> = {}, scene: Partial<Shot> = {}): Shot {
  return {
    snapshot: { session: SIGNED_IN, connection: LIVE, chats: CHATS, notices: [], gaps: [], ...more },
    messages: MESSAGES,
    devices: { [ALICE]: OWN_DEVICES, [BOB]: BOBS_DEVICES },
    ...scene,
  };
}

const gate = (session: SessionView, scene: Partial<Shot> = {}): Shot => home({ session, chats: [] }, scene);
const credentials = [
  ["Address", "alice@example.org"],
  ["Password", "correct horse"],
] as const;
const withChat = (changed: ChatSummary): readonly ChatSummary[] =>
  CHATS.map((row) => (row.jid === changed.jid ? changed : row));

/** Somebody's device by its place in his list. */
function leftOut(jid: BareJid, at: number, why: LeftOut["why"]): LeftOut {
  const { device = 0 as DeviceId, fingerprint } = (jid === ALICE ? OWN_DEVICES : BOBS_DEVICES)[at] ?? {};
  return { jid, device, why, ...(fingerprint !== undefined && { fingerprint }) };
}

const BOBS_LEFT_OUT = [leftOut(BOB, 2, "undecided"), leftOut(BOB, 0, "distrusted")];

const FAILED: readonly MessageItem[] = [
  ...RIDGE.slice(3, 7),
  mine(BOB, at(0, "14:20"), "Did the second photo arrive?", { state: "sent" }),
  message(BOB, at(0, "14:24"), "", { body: { kind: "reason", reason: "broken-session" } }),
  mine(BOB, at(0, "14:31"), "I can send it again", { state: "failed", failure: { kind: "peer-refused" } }),
  mine(BOB, at(0, "14:33"), "One moment", { state: "waiting" }),
];

const EDITED: readonly MessageItem[] = [
  ...RIDGE.slice(3, 7),
  message(BOB, at(0, "14:20"), "Meet at seven then, not at six", { edited: true }),
  mine(BOB, at(0, "14:21"), "Seven is fine", { quote: { outgoing: false, text: "Meet at seven then, not at six" } }),
  message(BOB, at(0, "14:22"), "See you there", { quote: { outgoing: true } }),
];

const AWAY: readonly MessageItem[] = [
  ...RIDGE.slice(0, 3).map((item) => ({ ...item, at: item.at - 60 * 86_400_000 })),
  ...Array.from({ length: 14 }, (_, index) =>
    message(BOB, at(30 - index, "12:00"), "", { body: { kind: "reason", reason: "while-away" } }),
  ),
  message(BOB, at(0, "14:30"), "There you are again!"),
];

const CLEAR: readonly MessageItem[] = [
  message(MINA, at(0, "12:31"), "Writing from the old phone, sorry", { encrypted: false }),
  mine(MINA, at(0, "12:33"), "No problem. See you at six then", { encrypted: false, state: "delivered" }),
];

const LONG: readonly MessageItem[] = Array.from({ length: 90 }, (_, index) =>
  index % 3 === 0
    ? mine(RUI, at(1, "10:00") + index * 400_000, `Stop number ${index + 1}`)
    : message(
        RUI,
        at(1, "10:00") + index * 400_000,
        `Stop number ${index + 1}, with a little more to say about the place`,
      ),
);

const TRIP: readonly MessageItem[] = Array.from({ length: 420 }, (_, index) =>
  (index % 4 === 0 ? mine : message)(
    RUI,
    at(3, "06:00") + index * 500_000,
    `Stop number ${index + 1}. ${"A few more words. ".repeat((index * 7) % 11)}`,
  ),
);

export const SCENES: Readonly<Record<string, Shot>> = {
  starting: gate({ state: "starting" }),
  "sign-in": gate({ state: "signed-out" }),
  "sign-in-wrong": gate(
    { state: "signed-out" },
    { signIn: { kind: "wrong-password" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-unknown": gate(
    { state: "signed-out" },
    { signIn: { kind: "bad-certificate", detail: "certificate has expired" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-busy": gate({ state: "signed-out" }, { typed: credentials, press: "Sign in" }),
  "sign-in-consent": gate(
    { state: "signed-out" },
    { signIn: { kind: "only-plain" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-returning": gate({ state: "signed-out", account: ALICE, because: "expired" }),
  "sign-in-revoked": gate({ state: "signed-out", because: "revoked" }),
  "sign-in-evicted": gate({ state: "signed-out", account: ALICE, because: "evicted" }),
  "sign-in-erased": gate({ state: "signed-out", because: "by-choice" }),
  erasing: gate({ state: "erasing", account: ALICE, because: "by-choice" }),
  "erasing-revoked": gate({ state: "erasing", account: ALICE, because: "revoked" }),
  unsupported: gate(
    { state: "signed-out" },
    {
      snapshot: {
        session: { state: "signed-out" },
        connection: { ...LIVE, encryption: "unsupported" },
        chats: [],
        notices: [],
        gaps: [],
      },
    },
  ),
  list: home(),
  "list-empty": home({ chats: [] }),
  "list-filtered": home({}, { typed: [["Search conversations", "mi"]] }),
  chat: home({}, { act: open(BOB) }),
  "chat-loading": home({}, { act: open(BOB), slow: true }),
  "chat-older": home({}, { act: open(MINA), beforeDevice: 42 }),
  "chat-gap-open": home({ gaps: [gapAfter(RIDGE[2])] }, { act: open(BOB) }),
  "chat-gap-newest": home(
    { gaps: [gapAfter(RIDGE.at(-1))], connection: { ...LIVE, link: { state: "live", caughtUp: false } } },
    { act: open(BOB) },
  ),
  "chat-gap-lost": home(
    { gaps: [gapAfter(RIDGE[2], { state: "lost", why: "expired" })] },
    { act: open(BOB), older: "never" },
  ),
  "chat-unreadable": home(
    { gaps: [gapAfter(RIDGE[6], { state: "lost", why: "unreadable", chat: BOB })] },
    { act: open(BOB) },
  ),
  "chat-older-loading": home({}, { act: open(MINA), older: "never" }),
  "chat-older-asking": home(
    {},
    { act: open(MINA), older: { ok: true, value: { complete: false, found: false } }, beforeDevice: 42 },
  ),
  "chat-older-failed": home({}, { act: open(MINA), older: { ok: false, error: { kind: "offline" } } }),
  "chat-nothing": home({ chats: withChat(chat(MINA, "Mina Sato", [])) }, { act: open(MINA), messages: {} }),
  "chat-unread": home(
    {
      chats: withChat(
        chat(RUI, "Rui Castro", LONG, { unread: 24, readTo: LONG[53]?.position ?? (0 as Position), available: true }),
      ),
    },
    { act: open(RUI), messages: { ...MESSAGES, [RUI]: LONG } },
  ),
  "chat-long": home(
    { chats: withChat(chat(RUI, "Rui Castro", TRIP)) },
    { act: open(RUI), messages: { ...MESSAGES, [RUI]: TRIP } },
  ),
  "chat-rtl": home({}, { act: open(NOOR) }),
  "chat-failed": home(
    { chats: withChat(chat(BOB, "Bob Okafor", FAILED)) },
    {
      act: open(BOB),
      messages: { ...MESSAGES, [BOB]: FAILED },
      typed: [
        [
          "Message",
          "Here is what I wanted to say about the second half of the day:\n\n- the bridge is closed\n- the hut has soup",
        ],
      ],
    },
  ),
  "chat-request": home({}, { act: open(DANIEL) }),
  "chat-stranger": home({}, { act: open(STRANGER) }),
  "chat-unavailable": home(
    { chats: withChat(chat(MINA, "Mina Sato", [], { encryption: "unavailable" })) },
    { act: open(MINA), messages: {} },
  ),
  "chat-expose": home(
    { chats: withChat(chat(MINA, "Mina Sato", [], { encryption: "unavailable" })) },
    { act: open(MINA), messages: {}, press: "Write without encryption…" },
  ),
  "chat-exposed": home(
    { chats: withChat(chat(MINA, "Mina Sato", CLEAR, { encryption: "exposed" })) },
    { act: open(MINA), messages: { [MINA]: CLEAR } },
  ),
  room: home(withRoom(room()), inRoom()),
  "room-unable": home(withRoom(room({ unable: [MINA, DANIEL] })), inRoom()),
  "room-key-changed": home(withRoom(room({ changed: [BOB] })), inRoom()),
  "room-undecided": home(withRoom(room({ undecided: [MINA] })), inRoom()),
  "room-blocked": home(withRoom(room({}, { encryption: "blocked" })), inRoom()),
  "room-nobody": home(withRoom(room({ people: 1 }, { encryption: "unavailable" })), inRoom({ messages: {} })),
  "room-open": home(
    withRoom(room({ people: 31 }, { encryption: "open" })),
    inRoom({ messages: { [RIDGE_ROOM]: RIDGE_WALKS.map((item) => ({ ...item, encrypted: false })) } }),
  ),
  "room-left": home(withRoom(room({ state: "left", failure: { kind: "peer-refused", detail: "kicked" } })), inRoom()),
  "room-invited": home(withRoom(INVITED), inRoom({ messages: {} })),
  "room-members": home(withRoom(room()), {
    members: MEMBERS,
    act: (app) => app.go({ screen: "members", of: RIDGE_ROOM }),
  }),
  "create-room": home({}, { act: dialog({ kind: "create-room" }), typed: [["Name", "Ridge walks"]] }),
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
  "new-chat": home({}, { press: "New chat" }),
  "new-chat-wrong": home(
    {},
    {
      press: "New chat",
      start: { kind: "address-invalid" },
      act: (app) =>
        void setTimeout(
          () => document.querySelector<HTMLElement>("dialog [type=submit]")?.click(),
          200 + Number(app.unread.value),
        ),
    },
  ),
  reconnecting: home(
    { connection: { ...LIVE, link: { state: "waiting", until: NOW + 12_000, failure: { kind: "refused" } } } },
    { act: open(BOB) },
  ),
  "catching-up": home({ connection: { ...LIVE, link: { state: "live", caughtUp: false } } }),
  offline: home({ connection: { ...LIVE, socket: "waiting", until: NOW + 4_000 } }),
  "missing-pep": home({ connection: { ...LIVE, encryption: "missing-pep" } }),
  "new-device": home(
    {
      notices: [
        {
          kind: "new-device",
          key: "n1",
          device: 5 as DeviceId,
          name: "Chrome on Android",
          fingerprint: NEW_FINGERPRINT,
          code: "69297 87641 18766 70497",
        },
      ],
    },
    { act: open(BOB) },
  ),
  awaiting: home(
    {
      notices: [
        {
          kind: "awaiting",
          key: "awaiting",
          by: [{ device: 4 as DeviceId, name: "Firefox on Linux", code: "69297 87641 18766 70497" }],
        },
      ],
    },
    { act: open(BOB) },
  ),
  "key-changed": home(
    {
      chats: withChat(
        chat(BOB, "Bob Okafor", RIDGE, { trust: { kind: "key-changed", devices: [leftOut(BOB, 1, "key-changed")] } }),
      ),
    },
    { act: open(BOB) },
  ),
  "left-out": home(
    { chats: withChat(chat(BOB, "Bob Okafor", RIDGE, { trust: { kind: "excluded", devices: BOBS_LEFT_OUT } })) },
    { act: open(BOB) },
  ),
  "device-changed": home(
    {},
    {
      act: (app) => {
        app.go({ screen: "devices", of: BOB });
        app.dialog.value = { kind: "device", jid: BOB, device: 77_120_455 as DeviceId };
      },
    },
  ),
  "device-own": home(
    {},
    {
      act: (app) => {
        app.go({ screen: "devices" });
        app.dialog.value = { kind: "device", jid: ALICE, device: 20_771_934 as DeviceId };
      },
    },
  ),
  "own-link": home(
    {},
    {
      act: (app) => {
        app.go({ screen: "devices" });
        app.dialog.value = { kind: "own-link" };
      },
    },
  ),
  "verify-link": home(
    {},
    {
      act: (app) => {
        app.go({ screen: "devices", of: BOB });
        app.dialog.value = { kind: "verify-link", jid: BOB };
      },
    },
  ),
  devices: home({}, { act: (app) => app.go({ screen: "devices" }) }),
  revoke: home(
    {},
    {
      act: (app) => {
        app.go({ screen: "devices" });
        app.dialog.value = { kind: "revoke", browser: "b774120006" as BrowserId, name: "Chrome on macOS", gone: false };
      },
    },
  ),
  "revoke-others": home(
    {},
    {
      act: (app) => {
        app.go({ screen: "devices" });
        app.dialog.value = { kind: "revoke-others" };
      },
    },
  ),
  "stay-online": home(
    {},
    {
      act: (app) => {
        app.dialog.value = { kind: "stay-online" };
      },
    },
  ),
  "stays-online": home(
    { connection: { ...LIVE, stayOnline: true } },
    {
      act: (app) => {
        app.dialog.value = { kind: "stay-online" };
      },
    },
  ),
  "message-info": home(
    {},
    {
      act: (app) => {
        open(BOB)(app);
        const [item] = RIDGE;
        const device = BOBS_DEVICES[0]?.device;
        if (item && device) app.dialog.value = { kind: "message-info", item: { ...item, device, archived: true } };
      },
    },
  ),
  "message-info-left-out": home(
    {},
    {
      act: (app) => {
        open(BOB)(app);
        const item = RIDGE.find(({ outgoing }) => outgoing);
        const device = OWN_DEVICES[0]?.device;
        const left = [leftOut(BOB, 2, "undecided"), leftOut(BOB, 3, "no-session"), leftOut(ALICE, 1, "undecided")];
        if (item && device) app.dialog.value = { kind: "message-info", item: { ...item, device, leftOut: left } };
      },
    },
  ),
  returned: home(
    { notices: [{ kind: "returned", key: "returned" }], chats: withChat(chat(BOB, "Bob Okafor", AWAY)) },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: AWAY } },
  ),
  "chat-edited": home(
    { chats: withChat(chat(BOB, "Bob Okafor", EDITED)) },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: EDITED } },
  ),
  behind: home({ connection: { ...LIVE, encryption: "behind" } }, { act: open(BOB) }),
  "behind-list": home({ connection: { ...LIVE, encryption: "behind" } }),
  "behind-confirm": home(
    { connection: { ...LIVE, encryption: "behind" } },
    {
      act: (app) => {
        open(BOB)(app);
        app.dialog.value = { kind: "start-anew" };
      },
    },
  ),
  "devices-of-contact": home({}, { act: (app) => app.go({ screen: "devices", of: BOB }) }),
  "account-menu": home({}, { press: "Account menu" }),
  "sign-out": home(
    {},
    {
      act: (app) => {
        app.dialog.value = { kind: "sign-out" };
      },
    },
  ),
};
