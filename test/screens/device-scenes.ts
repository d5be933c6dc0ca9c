/** Browsers, devices and their keys. */
import type { BrowserId, DeviceId } from "../../worker/contract.ts";
import { ALICE, BOB, chat, NEW_FINGERPRINT, RIDGE } from "./people.ts";
import { home, LIVE, open, withChat, type Shot } from "./shot.ts";

export const DEVICE_SCENES: Readonly<Record<string, Shot>> = {
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
    { chats: withChat(chat(BOB, "Bob Okafor", RIDGE, { trust: { kind: "key-changed", devices: 1 } })) },
    { act: open(BOB) },
  ),
  "left-out": home(
    { chats: withChat(chat(BOB, "Bob Okafor", RIDGE, { trust: { kind: "excluded", devices: 1 } })) },
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
  "devices-of-contact": home({}, { act: (app) => app.go({ screen: "devices", of: BOB }) }),
};
