/** An account in which everything that others can write is one text: what the engine would tell a page of it. */
import type { BareJid, BrowserId, ClientId, DeviceId, EntryId, Position } from "../../worker/contract/names.ts";
import type { DeviceItem, LeftOut, NoticeView } from "../../web/engine/protocol/account.ts";
import type { ChatSummary, MessageItem, RoomSummary } from "../../web/engine/protocol/conversations.ts";
import type { EngineScript } from "../screens/scripted-engine.ts";

export const OWN = "alice@example.org" as BareJid;
/** Conversations, by what is special about them. */
export const CHATS = {
  contact: "contact@example.org" as BareJid,
  alike: "alike@example.org" as BareJid,
  request: "request@example.org" as BareJid,
  stranger: "stranger@example.org" as BareJid,
  asked: "asked@example.org" as BareJid,
  begun: "begun@example.org" as BareJid,
  unable: "unable@example.org" as BareJid,
  changed: "changed@example.org" as BareJid,
  room: "room@rooms.example.org" as BareJid,
  invited: "invited@rooms.example.org" as BareJid,
  blocked: "blocked@rooms.example.org" as BareJid,
  left: "left@rooms.example.org" as BareJid,
} as const;
export type ChatKind = keyof typeof CHATS;

const AT = Date.UTC(2026, 10, 23, 14);
const FINGERPRINT = "5e".repeat(32);
const CODE = "69297 87641 18766 70497";
const left = (jid: BareJid): LeftOut => ({ jid, device: 7 as DeviceId, why: "undecided", fingerprint: FINGERPRINT });

function messagesOf(chat: BareJid, words: string, inRoom: boolean): readonly MessageItem[] {
  const author = inRoom ? { author: { nick: words, jid: CHATS.contact } } : {};
  const row = (key: string, position: number, more: Partial<MessageItem> = {}): MessageItem => ({
    key: `${chat}-${key}`,
    id: key as EntryId,
    chat,
    position: position as Position,
    at: AT + position * 600_000,
    outgoing: false,
    encrypted: true,
    body: { kind: "text", text: words },
    ...author,
    ...more,
  });
  const quote = { key: "gone", outgoing: false, text: words, ...(inRoom && { author: words }) };
  const { author: _nobody, ...mine } = row("mine", 3, {
    outgoing: true,
    state: "read",
    leftOut: [left(CHATS.contact)],
  });
  return [
    row("plain", 1),
    row("quoting", 2, { quote }),
    mine,
    row("action", 3.1, { body: { kind: "text", text: `/me ${words}` } }),
    row("quoted", 3.2, { body: { kind: "text", text: `> ${words.replaceAll("\n", "\n> ")}` } }),
    row("code", 3.3, { body: { kind: "text", text: `\`\`\`${words.split("\n", 1).join("")}\n${words}` } }),
    row("earlier", 3.4, { edited: true, earlier: [{ text: words, at: AT }], body: { kind: "text", text: words } }),
    row("damaged", 4, { body: { kind: "reason", reason: "malformed" } }),
    row("last", 5, { encrypted: false, edited: true }),
  ];
}

function chatOf(kind: ChatKind, words: string, more: Partial<ChatSummary> = {}): ChatSummary {
  const jid = CHATS[kind];
  const last = messagesOf(jid, words, more.room !== undefined).at(-1);
  return {
    jid,
    name: words,
    relation: "contact",
    available: true,
    encryption: "on",
    unread: 1,
    readTo: 3 as Position,
    ...(last !== undefined && { last }),
    ...more,
  };
}

function roomOf(words: string, more: Partial<RoomSummary> = {}): RoomSummary {
  const people = [CHATS.contact, CHATS.alike];
  const newcomers = [left(CHATS.contact)];
  return {
    state: "joined",
    nick: words,
    newcomers,
    subject: words,
    people: 3,
    unable: people,
    undecided: people,
    changed: people,
    alike: [words],
    ...more,
  };
}

function chatsOf(words: string): readonly ChatSummary[] {
  const request = { relation: "request", encryption: "checking" } as const;
  const { last: _none, ...begun } = chatOf("begun", words, { relation: "stranger", unread: 0 });
  return [
    chatOf("contact", words, { trust: { kind: "excluded", devices: [left(CHATS.contact)] } }),
    chatOf("alike", words),
    chatOf("request", words, request),
    chatOf("stranger", words, { relation: "stranger" }),
    chatOf("asked", words, { relation: "asked", trust: { kind: "none-trusted", devices: [left(CHATS.asked)] } }),
    begun,
    chatOf("unable", words, { encryption: "unavailable" }),
    chatOf("changed", words, { trust: { kind: "key-changed", devices: [left(CHATS.changed)] } }),
    chatOf("room", words, { room: roomOf(words) }),
    chatOf("invited", words, { ...request, room: roomOf(words, { state: "invited", invitedBy: CHATS.contact }) }),
    chatOf("blocked", words, { encryption: "blocked", room: roomOf(words) }),
    chatOf("left", words, {
      room: roomOf(words, { state: "left", failure: { kind: "peer-refused", detail: words } }),
    }),
  ];
}

function devicesOf(words: string, own: boolean): readonly DeviceItem[] {
  const device = (number: number, more: Partial<DeviceItem> = {}): DeviceItem => ({
    device: number as DeviceId,
    fingerprint: FINGERPRINT,
    name: words,
    ...(own && { browser: `b${number}` as BrowserId }),
    here: false,
    attached: false,
    listed: true,
    signedOut: false,
    trust: "undecided",
    code: CODE,
    firstSeen: AT,
    lastSeen: AT,
    ...more,
  });
  return [device(7), device(8, { changedTo: "6f".repeat(32) }), device(9, { signedOut: true })];
}

function noticesOf(words: string): readonly NoticeView[] {
  const device = 7 as DeviceId;
  return [
    { kind: "new-device", key: "n1", device, name: words, fingerprint: FINGERPRINT, code: CODE },
    { kind: "awaiting", key: "n2", by: [{ device, name: words, code: CODE }] },
    { kind: "renewed", key: "n3", jid: CHATS.contact, device },
  ];
}

/** What the engine says, in an account where every word of others is `words`. */
export function hostileWorld(words: string): EngineScript {
  const chats = chatsOf(words);
  const failure = { kind: "server-error", detail: words } as const;
  return {
    snapshot: {
      session: { state: "signed-in", account: OWN },
      connection: { socket: "open", link: { state: "live", caughtUp: true }, encryption: "ready" },
      chats,
      notices: noticesOf(words),
      gaps: [],
    },
    messages: Object.fromEntries(chats.map(({ jid, room }) => [jid, messagesOf(jid, words, room !== undefined)])),
    devices: { [OWN]: devicesOf(words, true), [CHATS.contact]: devicesOf(words, false) },
    members: {
      room: CHATS.room,
      manages: true,
      failure,
      people: [
        { jid: OWN, nick: words, affiliation: "owner", here: true, self: true, unable: false },
        { jid: CHATS.contact, nick: words, affiliation: "member", here: true, self: false, unable: true },
        { nick: `${words} `, affiliation: "none", here: true, self: false, unable: false },
      ],
    },
    signIn: failure,
    start: failure,
  };
}

/** Somebody says it in a conversation that is not open: it is said aloud. */
export function newMessage(words: string): ChatSummary {
  const chat = chatOf("alike", words);
  const { last } = chat;
  return last === undefined
    ? chat
    : { ...chat, last: { ...last, key: `new-${words.length}` as ClientId, at: AT + 86_400_000 } };
}
