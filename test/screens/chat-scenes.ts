/** One conversation. */
import type { EntryId, Position } from "../../worker/contract/names.ts";
import type { GapView, MessageItem } from "../../web/engine/protocol/conversations.ts";
import {
  ALICE,
  at,
  BOB,
  BOBS_DEVICES,
  chat,
  CHATS,
  DANIEL,
  HARBOUR,
  message,
  MINA,
  mine,
  NOOR,
  NOW,
  RIDGE,
  RUI,
  STRANGER,
} from "./people.ts";
import { home, LIVE, MESSAGES, open, withChat, type Scene } from "./scene.ts";

/** Right behind a message. */
function gapAfter(item: MessageItem | undefined, more: Partial<GapView> = {}): GapView {
  const position = ((item?.position ?? 0) + 0.5) as Position;
  return { gap: `g${position}` as EntryId, position, at: NOW, state: "open", why: "catching-up", ...more };
}

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

const REACTED: readonly MessageItem[] = [
  ...RIDGE.slice(3, 6),
  message(BOB, at(0, "14:20"), "The hut is open until October. I have asked for two beds.", {
    reactions: [
      { own: true, emojis: ["👍", "🎉"] },
      { own: false, emojis: ["👍"] },
    ],
  }),
  mine(BOB, at(0, "14:22"), "Then I bring the stove", { state: "read", reactions: [{ own: false, emojis: ["❤️"] }] }),
  message(BOB, at(0, "14:24"), "", {
    body: { kind: "reason", reason: "retracted" },
    covered: "and the blue map",
  }),
  mine(BOB, at(0, "14:25"), "", { body: { kind: "reason", reason: "retracted" } }),
];

const STATES: readonly MessageItem[] = [
  message(BOB, at(0, "14:20"), "Just in time. Ten minutes later there was nothing left to see here."),
  mine(BOB, at(0, "14:21"), "Read", { state: "read" }),
  mine(BOB, at(0, "14:22"), "Just in time. Ten minutes later there was nothing left to see.", { state: "delivered" }),
  mine(BOB, at(0, "14:23"), "Sent", { state: "sent", edited: true }),
  mine(BOB, at(0, "14:24"), "Failed", { state: "failed", failure: { kind: "peer-refused" } }),
  mine(BOB, at(0, "14:25"), "Waiting", { state: "waiting" }),
];

const LINE = "The path goes up beside the stream, over two bridges and past the hut with the green door";
const WALL: readonly MessageItem[] = [
  ...RIDGE.slice(3, 6),
  message(
    BOB,
    at(0, "14:20"),
    Array.from({ length: 24 }, (_, n) => `${n + 1}. ${n % 5 === 0 ? LINE : "A short line"}`).join("\n"),
  ),
  mine(BOB, at(0, "14:21"), "Thanks, that is all I need", { state: "delivered" }),
];

const STYLED: readonly MessageItem[] = [
  message(
    BOB,
    at(0, "14:20"),
    "The *last* bus is at _seven_, not ~six~ eight. Times: https://example.org/bus_*times*_",
  ),
  mine(BOB, at(0, "14:21"), "> The *last* bus is at _seven_\n>> and the first?\n\nThen I set `ALARM=6:15`", {
    state: "read",
  }),
  message(
    BOB,
    at(0, "14:22"),
    'This is how I ask for it:\n```sh\ncurl --silent "https://example.org/bus?from=ridge&to=harbour" | jq .departures\n```\nIt works without a key.',
  ),
  message(BOB, at(0, "14:23"), "/me packs the *stove*"),
  mine(BOB, at(0, "14:24"), "/me waits at the chapel", { state: "delivered" }),
  message(BOB, at(0, "14:25"), "2 *3* is not styled here", { unstyled: true }),
  mine(BOB, at(0, "14:26"), "```\nlet stove = 1;\n```", { state: "sent" }),
  message(BOB, at(0, "14:27"), "🏔️"),
];

const CLEAR: readonly MessageItem[] = [
  message(MINA, at(0, "12:31"), "Writing from the old phone, sorry", { encrypted: false }),
  mine(MINA, at(0, "12:33"), "No problem. See you at six then", { encrypted: false, state: "delivered" }),
];

const NOTES: readonly MessageItem[] = [
  mine(ALICE, at(0, "12:31"), "Rope, stove, the blue map", { state: "waiting" }),
  mine(ALICE, at(0, "12:33"), "Call Rui about the hut", { state: "waiting" }),
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

export const CHAT_SCENES: Readonly<Record<string, Scene>> = {
  "chat-verified": home({ chats: withChat(chat(BOB, "Bob Okafor", RIDGE, { verified: true })) }, { act: open(BOB) }),
  chat: home({}, { act: open(BOB) }),
  "chat-reactions": home(
    { chats: withChat(chat(BOB, "Bob Okafor", REACTED)) },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: REACTED } },
  ),
  "chat-styled": home(
    { chats: withChat(chat(BOB, "Bob Okafor", STYLED)) },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: STYLED } },
  ),
  "chat-loading": home({}, { act: open(BOB), slow: true }),
  "chat-older": home({}, { act: open(MINA), beforeDevice: 42 }),
  "chat-elders": home(
    { chats: withChat({ ...chat(MINA, "Mina Sato", []), earlier: true }) },
    { act: open(MINA), messages: {}, beforeDevice: 311, elders: ["Firefox on Linux", "Chrome on Android"] },
  ),
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
  "chat-absence": home(
    { chats: withChat(chat(RUI, "Rui Castro", TRIP, { unread: 300, readTo: TRIP[19]?.position ?? (0 as Position) })) },
    { act: open(RUI), messages: { ...MESSAGES, [RUI]: TRIP } },
  ),
  "chat-states": home(
    { chats: withChat(chat(BOB, "Bob Okafor", STATES)) },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: STATES } },
  ),
  "chat-wall": home(
    { chats: withChat(chat(BOB, "Bob Okafor", WALL)) },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: WALL } },
  ),
  "chat-draft": home(
    { chats: withChat({ ...chat(MINA, "Mina Sato", HARBOUR), draft: { text: "At six, but" } }) },
    { act: open(BOB) },
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
  notes: home(
    { chats: [chat(ALICE, "alice", NOTES, { encryption: "notes" }), ...CHATS] },
    { act: open(ALICE), messages: { ...MESSAGES, [ALICE]: NOTES } },
  ),
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
  "message-info-own": home(
    {},
    {
      act: (app) => {
        open(BOB)(app);
        const item = mine(BOB, at(0, "14:21"), "Seven is fine", {
          state: "read",
          archived: true,
          quote: { outgoing: false, text: "At seven?" },
          times: { delivered: at(0, "14:21"), read: at(0, "14:40") },
        });
        app.dialog.value = { kind: "message-info", item };
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
  "chat-edited": home(
    { chats: withChat(chat(BOB, "Bob Okafor", EDITED)) },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: EDITED } },
  ),
};
