/** Browsers, devices and their keys. */
import type { BareJid, BrowserId, DeviceId } from "../../worker/contract/names.ts";
import type { LeftOut } from "../../web/engine/protocol/account.ts";
import type { MessageItem } from "../../web/engine/protocol/conversations.ts";
import { ALICE, at, BOB, BOBS_DEVICES, chat, message, NEW_FINGERPRINT, OWN_DEVICES, RIDGE } from "./people.ts";
import { COPY_SCENES } from "./copy-scenes.ts";
import { HANDOVER_SCENES } from "./handover-scenes.ts";
import { LETTING_IN_SCENES } from "./letting-in-scenes.ts";
import { dialog, home, LIVE, MESSAGES, open, withChat, type Scene } from "./scene.ts";

/** Somebody's device by its place in their list. */
function leftOut(jid: BareJid, place: number, why: LeftOut["why"]): LeftOut {
  const { device = 0 as DeviceId, fingerprint } = (jid === ALICE ? OWN_DEVICES : BOBS_DEVICES)[place] ?? {};
  return { jid, device, why, ...(fingerprint !== undefined && { fingerprint }) };
}

const BOBS_LEFT_OUT = [leftOut(BOB, 2, "undecided"), leftOut(BOB, 0, "distrusted")];

const AWAY: readonly MessageItem[] = [
  ...RIDGE.slice(0, 3).map((item) => ({ ...item, at: item.at - 60 * 86_400_000 })),
  ...Array.from({ length: 14 }, (_, index) =>
    message(BOB, at(30 - index, "12:00"), "", { body: { kind: "reason", reason: "while-away" } }),
  ),
  message(BOB, at(0, "14:30"), "There you are again!"),
];

const RETOLD: readonly MessageItem[] = [
  ...RIDGE.slice(3, 7),
  message(BOB, at(0, "14:20"), "Meet at seven then, not at six", { retold: true }),
  message(BOB, at(0, "14:21"), "", { body: { kind: "reason", reason: "unproven" } }),
  message(BOB, at(0, "14:22"), "", { body: { kind: "reason", reason: "not-theirs" } }),
  message(BOB, at(0, "14:23"), "", { body: { kind: "reason", reason: "costly" } }),
];

export const DEVICE_SCENES: Readonly<Record<string, Scene>> = {
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
  "many-devices": home(
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
        { kind: "more-devices", key: "more-devices", devices: 45 },
        { kind: "devices-gone", key: "devices-gone", devices: 1 },
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
  ...LETTING_IN_SCENES,
  ...HANDOVER_SCENES,
  ...COPY_SCENES,
  "key-changed": home(
    {
      chats: withChat(
        chat(BOB, "Bob Okafor", RIDGE, { trust: { kind: "key-changed", devices: [leftOut(BOB, 1, "key-changed")] } }),
      ),
    },
    { act: open(BOB) },
  ),
  retold: home(
    {
      chats: withChat(chat(BOB, "Bob Okafor", RETOLD)),
      notices: [
        { kind: "retold", key: "retold", jid: BOB },
        { kind: "differs", key: "differs", device: 42 as DeviceId, name: "Firefox on Linux" },
      ],
    },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: RETOLD } },
  ),
  "storage-not-kept": home({ notices: [{ kind: "storage-not-kept", key: "storage-not-kept" }] }, { act: open(BOB) }),
  "no-archive": home({ notices: [{ kind: "no-archive", key: "no-archive" }] }, { act: open(BOB) }),
  "contact-new-device": home(
    {
      chats: withChat(
        chat(BOB, "Bob Okafor", RIDGE, { trust: { kind: "new-device", devices: [leftOut(BOB, 1, "new-device")] } }),
      ),
    },
    { act: open(BOB) },
  ),
  "left-out": home(
    { chats: withChat(chat(BOB, "Bob Okafor", RIDGE, { trust: { kind: "excluded", devices: BOBS_LEFT_OUT } })) },
    { act: open(BOB) },
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
  "invited-already": home({}, { act: dialog({ kind: "invited-already" }) }),
  "not-renewed": home(
    {},
    {
      act: (app) => {
        app.dialog.value = { kind: "not-renewed" };
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
  "devices-of-contact": home({}, { act: (app) => app.go({ screen: "devices", of: BOB }) }),
};
