/** The people and words that the screens are shown with. */
import type { BareJid, BrowserId, DeviceId, EntryId, Position, Time } from "../../worker/contract/names.ts";
import type { DeviceItem } from "../../web/engine/protocol/account.ts";
import type { ChatSummary, MessageItem } from "../../web/engine/protocol/conversations.ts";

export const ALICE = "alice@example.org" as BareJid;
export const BOB = "bob@example.org" as BareJid;
export const MINA = "mina@tidepool.example" as BareJid;
export const RUI = "rui@example.net" as BareJid;
export const NOOR = "noor@example.org" as BareJid;
export const DANIEL = "daniel@harbour.example" as BareJid;
export const STRANGER = "k.lindqvist@elsewhere.example" as BareJid;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Every picture is taken at the same moment of the same day. */
export const NOW: Time = Date.parse("2026-11-23T14:33:20Z");
export const at = (daysAgo: number, clock: string): Time => Date.parse(`2026-11-23T${clock}:00Z`) - daysAgo * DAY_MS;

let counter = 0;

/** One message; positions follow the order of calls. */
export function message(chat: BareJid, time: Time, text: string, more: Partial<MessageItem> = {}): MessageItem {
  counter++;
  return {
    key: `m${counter}`,
    id: `e${counter}` as EntryId,
    chat,
    position: counter as Position,
    at: time,
    outgoing: false,
    encrypted: true,
    body: { kind: "text", text },
    ...more,
  };
}

export const mine = (chat: BareJid, time: Time, text: string, more: Partial<MessageItem> = {}): MessageItem =>
  message(chat, time, text, { outgoing: true, state: "read", ...more });

/** A row of the list for a conversation with these messages. */
export function chat(
  jid: BareJid,
  name: string,
  items: readonly MessageItem[],
  more: Partial<ChatSummary> = {},
): ChatSummary {
  const last = items.at(-1);
  return {
    jid,
    name,
    relation: "contact",
    available: false,
    encryption: "on",
    unread: 0,
    readTo: (last?.position ?? 0) as Position,
    ...(last === undefined
      ? {}
      : {
          last: {
            key: last.key,
            at: last.at,
            outgoing: last.outgoing,
            body: last.body,
            ...(last.state === undefined ? {} : { state: last.state }),
          },
        }),
    ...more,
  };
}

export const RIDGE: readonly MessageItem[] = [
  message(BOB, at(1, "18:20"), "Are you going up on Monday?"),
  mine(BOB, at(1, "18:41"), "Yes, leaving at five if the weather holds. Forecast says clouds from eleven on."),
  mine(BOB, at(1, "18:41"), "Route: https://trails.example/ridge-loop (the long variant)"),
  message(BOB, at(0, "14:02"), "Did you make it up before the clouds came in?"),
  message(BOB, at(0, "14:02"), "I could see your headlamp from the hut for a while!"),
  mine(BOB, at(0, "14:07"), "Just in time. Ten minutes later there was nothing left to see."),
  mine(BOB, at(0, "14:07"), "I will send the track tonight."),
  message(BOB, at(0, "14:30"), "🏔️"),
  message(BOB, at(0, "14:32"), "Photos from the ridge are up, take a look"),
];

export const HARBOUR: readonly MessageItem[] = [
  mine(MINA, at(0, "12:31"), "Harbour steps or the café?"),
  message(MINA, at(0, "12:38"), "Steps, if it stays dry"),
  mine(MINA, at(0, "12:40"), "See you at six then", { state: "delivered" }),
];

export const RUIS: readonly MessageItem[] = [
  message(RUI, at(2, "21:10"), "The train leaves at 7:12 from platform 4, not 3!"),
];
export const NOORS: readonly MessageItem[] = [
  message(NOOR, at(3, "09:12"), "صباح الخير! هل وصلت الطرد؟ رقمه ‎AB-2207"),
  mine(NOOR, at(3, "09:20"), "نعم، وصل أمس. شكراً جزيلاً 🙏"),
  message(
    NOOR,
    at(3, "09:21"),
    "Great. One thing about the invoice: the line for shipping is wrong, they billed it twice. Could you forward it to the office and ask them to send a corrected one? There is no hurry, the end of the month is early enough.\n\nAlso: superlongwordwithoutanyplacetobreakitsuperlongwordwithoutanyplacetobreakit",
  ),
];
export const LINDQVISTS: readonly MessageItem[] = [
  message(
    STRANGER,
    at(0, "11:48"),
    "Hello Alice, I got your address from Mina. I am looking for somebody who knows the ridge in winter.",
  ),
];

export const CHATS: readonly ChatSummary[] = [
  chat(DANIEL, DANIEL, [], { relation: "request", encryption: "checking" }),
  chat(BOB, "Bob Okafor", RIDGE, { available: true }),
  chat(MINA, "Mina Sato", HARBOUR, { available: true }),
  chat(STRANGER, STRANGER, LINDQVISTS, {
    relation: "stranger",
    unread: 1,
    readTo: 0 as Position,
    encryption: "ready",
  }),
  chat(RUI, "Rui Castro", RUIS, { unread: 3, readTo: 0 as Position }),
  chat(NOOR, "نور", NOORS),
];

const hex = (seed: string): string => {
  let state = [...seed].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7) >>> 0;
  return Array.from({ length: 64 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 28).toString(16);
  }).join("");
};

function device(name: string | undefined, number: number, more: Partial<DeviceItem> = {}): DeviceItem {
  return {
    device: number as DeviceId,
    fingerprint: hex(`${name}${number}`),
    here: false,
    attached: false,
    listed: true,
    signedOut: false,
    ...(name === undefined ? {} : { name, browser: `b${number}` as BrowserId }),
    ...more,
  };
}

export const OWN_DEVICES: readonly DeviceItem[] = [
  device("Firefox on Linux", 1_204_558_113, {
    here: true,
    attached: true,
    firstSeen: NOW - 90 * DAY_MS,
    lastSeen: NOW,
  }),
  device("Chrome on macOS", 774_120_006, { firstSeen: NOW - 60 * DAY_MS, lastSeen: NOW - 38 * MINUTE_MS }),
  device(undefined, 20_771_934, { trust: "blind", code: "18820 40317 66092 57714" }),
  device("Firefox on Android", 41_880_251, {
    kind: "phone",
    trust: "blind",
    listed: false,
    dormant: true,
    firstSeen: NOW - 120 * DAY_MS,
    lastSeen: NOW - 47 * DAY_MS,
  }),
  device("Chrome on Windows", 90_441_220, {
    signedOut: true,
    firstSeen: NOW - 200 * DAY_MS,
    lastSeen: NOW - 41 * DAY_MS,
  }),
];

export const BOBS_DEVICES: readonly DeviceItem[] = [
  device(undefined, 331_902_871, { number: 1, trust: "verified" }),
  device(undefined, 77_120_455, { number: 2, trust: "verified", changedTo: hex("changed") }),
  device(undefined, 51_230_008, { number: 3, trust: "undecided" }),
  device(undefined, 18_004_417, { number: 4, fingerprint: undefined as never }),
];
export const NEW_FINGERPRINT = hex("new browser");
