/** Files in a conversation, in the tray, and as large as the window. */
import type { Position } from "../../worker/contract/names.ts";
import type { MessageItem } from "../../web/engine/protocol/conversations.ts";
import { type FileDetails, writeFileDetails } from "../../web/media/file-details.ts";
import { writeTinyPicture } from "../../web/media/tiny-picture.ts";
import type { App } from "../../web/model/app.ts";
import { at, BOB, chat, CHATS, message, mine, RIDGE, STRANGER } from "./people.ts";
import { home, MESSAGES, open, type Scene } from "./scene.ts";

const KEY = "0".repeat(88);
const link = (name: string) => `aesgcm://files.example.org/upload/9f2c/${name}#${KEY}`;
const PICTURE = { kind: "image", type: "image/jpeg", size: 2_340_000, width: 1_600, height: 1_200 } as const;

const PICTURES: readonly MessageItem[] = [
  ...RIDGE.slice(3, 5),
  message(BOB, at(0, "14:20"), link("ridge.jpg"), { seen: PICTURE }),
  message(BOB, at(0, "14:20"), link("tall.jpg"), { seen: { ...PICTURE, width: 900, height: 1_600 } }),
  message(BOB, at(0, "14:21"), "The hut, and the way up."),
  mine(BOB, at(0, "14:24"), link("wide.jpg"), { seen: { ...PICTURE, width: 1_600, height: 500 } }),
];

/** Sky above, a dark slope below. */
function tinyMountain(width: number, height: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const slope = y / height > 0.5 + 0.3 * Math.abs(x / width - 0.4);
      data.set(
        slope ? [63, 90, 76, 255] : [111 + (130 * y) / height, 166 + (50 * y) / height, 201, 255],
        (y * width + x) * 4,
      );
    }
  return writeTinyPicture({ width, height, data });
}

/** As Alcoves send them: with what is said of them beside the link. */
const coming = (time: string, name: string, details: FileDetails): MessageItem => {
  const told = writeFileDetails(details);
  const item = message(BOB, at(0, time), link(name));
  return { ...item, body: { kind: "text", text: link(name), ...(told !== undefined && { details: told }) } };
};
const COMING: readonly MessageItem[] = [
  ...RIDGE.slice(3, 4),
  coming("14:20", "half.jpg", {
    name: "From the ridge.jpg",
    type: "image/jpeg",
    size: 4_200_000,
    points: { width: 1_600, height: 1_200 },
    tiny: tinyMountain(80, 60),
  }),
  coming("14:21", "large.jpg", {
    name: "Panorama.jpg",
    type: "image/jpeg",
    size: 31_400_000,
    points: { width: 1_600, height: 500 },
    tiny: tinyMountain(96, 30),
  }),
  coming("14:22", "9f2c.mp4", {
    name: "The descent.mp4",
    type: "video/mp4",
    size: 18_300_000,
    points: { width: 1_920, height: 1_080 },
    seconds: 83,
    tiny: tinyMountain(96, 54),
  }),
  coming("14:22", "9f2c.gpx", { name: "The long way round, with the hut.gpx", size: 84_200 }),
];

/** Several that were sent at once: an odd number with what is not here yet or cannot be had, and four of ours. */
const ALBUMS: readonly MessageItem[] = [
  ...RIDGE.slice(3, 4),
  ...["ridge.jpg", "half.jpg", "large.jpg", "gone.jpg", "wide.jpg"].map((name) =>
    message(BOB, at(0, "14:20"), link(name), { seen: PICTURE }),
  ),
  message(BOB, at(0, "14:21"), "The hut, and the way up."),
  ...["one.jpg", "two.jpg", "three.jpg", "four.jpg"].map((name) =>
    mine(BOB, at(0, "14:24"), link(name), { seen: { ...PICTURE, width: 900, height: 1_600 } }),
  ),
];

const OTHERS: readonly MessageItem[] = [
  ...RIDGE.slice(3, 4),
  message(BOB, at(0, "14:20"), link("route.gpx"), {
    seen: { kind: "file", type: "application/octet-stream", size: 84_200 },
  }),
  message(BOB, at(0, "14:21"), link("voice.ogg"), { seen: { kind: "audio", type: "audio/ogg", size: 61_000 } }),
  message(BOB, at(0, "14:22"), link("descent.mp4"), { seen: { kind: "video", type: "video/mp4", size: 18_300_000 } }),
  mine(BOB, at(0, "14:23"), link("a-very-long-name-of-a-very-long-report-about-the-whole-of-the-long-ridge.pdf")),
  message(BOB, at(0, "14:24"), "https://files.example.org/hut.jpg", {
    encrypted: false,
    shared: { url: "https://files.example.org/hut.jpg", name: "Hütte.jpg", type: "image/jpeg", size: 812_000 },
  }),
];

const TROUBLES: readonly MessageItem[] = [
  message(BOB, at(0, "14:20"), link("gone.jpg"), { seen: PICTURE }),
  message(BOB, at(0, "14:21"), link("damaged.jpg")),
  message(BOB, at(0, "14:22"), link("large.jpg")),
  message(BOB, at(0, "14:23"), link("half.jpg")),
  mine(BOB, at(0, "14:24"), "", {
    seen: PICTURE,
    state: "failed",
    failure: { kind: "file", detail: "server-quota" },
    position: Number.MAX_SAFE_INTEGER as Position,
  }),
];

const OF_STRANGER: readonly MessageItem[] = [
  message(STRANGER, at(0, "14:20"), link("ridge.jpg")),
  message(STRANGER, at(0, "14:21"), link("voice.ogg")),
];

/** A file as somebody chooses it. */
const chosen = (...names: readonly string[]) =>
  names.map((name) => {
    const type = name.endsWith(".jpg") ? "image/jpeg" : "application/octet-stream";
    return new File([new Uint8Array(1_200_000)], name, { type });
  });

const withFiles = (act: (app: App) => void) => (app: App) => {
  open(BOB)(app);
  act(app);
};

const inTray = withFiles((app) => {
  app.conversation(BOB).chosenFiles.value = chosen("IMG_2041.jpg", "IMG_2042.jpg", "route-of-the-long-way.gpx");
});

const viewing = withFiles((app) => {
  setTimeout(() => {
    app.conversation(BOB).viewing.value = PICTURES[2]?.key;
  }, 40);
});

const withMessages = (items: readonly MessageItem[]): Partial<Scene> => ({
  act: open(BOB),
  messages: { ...MESSAGES, [BOB]: items },
});

export const FILE_SCENES: Readonly<Record<string, Scene>> = {
  "files-pictures": home({}, withMessages(PICTURES)),
  "files-album": home({}, withMessages(ALBUMS)),
  "files-album-chosen": home(
    {},
    {
      ...withMessages(ALBUMS),
      act: withFiles((app) => {
        app.conversation(BOB).chosen.value = new Map(ALBUMS.slice(2, 4).map((item) => [item.key, item]));
      }),
    },
  ),
  "files-coming": home({}, withMessages(COMING)),
  "forward-file": home(
    {},
    {
      act: (app: App) => {
        open(BOB)(app);
        app.dialog.value = { kind: "forward", items: COMING.slice(1, 2) };
      },
      messages: { ...MESSAGES, [BOB]: COMING },
    },
  ),
  "files-others": home({}, withMessages(OTHERS)),
  "files-troubles": home({}, withMessages(TROUBLES)),
  "files-stranger": home(
    {
      chats: [
        chat(STRANGER, STRANGER, OF_STRANGER, { relation: "stranger" }),
        ...CHATS.filter(({ jid }) => jid !== STRANGER),
      ],
    },
    { act: open(STRANGER), messages: { ...MESSAGES, [STRANGER]: OF_STRANGER } },
  ),
  "files-tray": home({}, { ...withMessages(PICTURES), act: inTray }),
  "files-sending": home({}, { ...withMessages(PICTURES.slice(0, 3)), act: inTray, press: "Send" }),
  "files-viewer": home({}, { ...withMessages(PICTURES), act: viewing }),
};
