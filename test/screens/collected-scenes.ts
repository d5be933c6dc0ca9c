/** Pictures, files and links of a conversation, as pages behind its name. */
import type { Collected } from "../../web/engine/protocol/search.ts";
import type { App } from "../../web/model/app.ts";
import { at, BOB, MINA, message, mine } from "./people.ts";
import { home, MESSAGES, type Scene } from "./scene.ts";

const link = (name: string) => `aesgcm://files.example.org/upload/9f2c/${name}#${"0".repeat(88)}`;
const PICTURE = { kind: "image", type: "image/jpeg", size: 2_340_000, width: 1_600, height: 1_200 } as const;
const FILE = { kind: "file", type: "application/octet-stream", size: 84_200 } as const;

const ITEMS = [
  ...Array.from({ length: 14 }, (_, n) => message(BOB, at(70 - n * 4, "14:20"), link(`${n}.jpg`), { seen: PICTURE })),
  message(BOB, at(3, "10:00"), link("film.mp4"), { seen: { kind: "video", type: "video/mp4", size: 9_000_000 } }),
  message(BOB, at(2, "10:01"), link("route.gpx"), { seen: { ...FILE, name: "route-of-the-long-way.gpx" } }),
  mine(BOB, at(1, "10:02"), link("report.pdf"), {
    seen: { ...FILE, name: "a-very-long-name-of-a-very-long-report-about-the-whole-of-the-long-ridge.pdf" },
  }),
  message(BOB, at(1, "10:03"), "The hut is open again: https://huts.example.org/ridge and so is the way up."),
  mine(BOB, at(0, "10:04"), "https://weather.example.org/a/very/long/way/to/the/forecast/of/the/day?after=tomorrow"),
];

const opens = (of: typeof BOB, what: Collected) => (app: App) => app.go({ screen: "collected", of, what });
const scene = (what: Collected): Scene => home({}, { act: opens(BOB, what), messages: { ...MESSAGES, [BOB]: ITEMS } });

export const COLLECTED_SCENES: Readonly<Record<string, Scene>> = {
  "collected-media": scene("media"),
  "collected-files": scene("files"),
  "collected-links": scene("links"),
  "collected-none": home({}, { act: opens(MINA, "media"), messages: { ...MESSAGES, [MINA]: [] } }),
};
