/** Links with what is behind them: in a conversation, and in the composer before they leave. */
import { writeLinkDetails } from "../../web/media/link-details.ts";
import { fromBase64 } from "../../worker/shared/base64.ts";
import type { App } from "../../web/model/app.ts";
import { at, BOB, message, mine, RIDGE } from "./people.ts";
import { home, MESSAGES, open, type Scene } from "./scene.ts";

/** Of one point. */
const PICTURE = fromBase64(
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=",
);

type Said = { readonly title?: string; readonly description?: string };

function linked(text: string, url: string, said: Said, picture = PICTURE) {
  const details = writeLinkDetails({ url, ...said, ...(picture && { picture }) });
  return { body: { kind: "text", text, ...(details !== undefined && { details }) } } as const;
}

const HUT = "https://huts.example.org/ridge";
const FORECAST = "https://weather.example.org/a/very/long/way/to/the/forecast/of/the/day?after=tomorrow";
const NEWS = "https://news.example.org/ar";

const LINKS = [
  ...RIDGE.slice(3, 5),
  message(
    BOB,
    at(0, "14:20"),
    "",
    linked(`The hut is open again: ${HUT}`, HUT, {
      title: "Ridge hut opens for the season",
      description: "Beds for forty, soup for all, and a new stove in the old room.",
    }),
  ),
  mine(
    BOB,
    at(0, "14:22"),
    "",
    linked(`${FORECAST} then`, FORECAST, {
      title: "A forecast whose title is so very long that no bubble of any conversation has room for all of it",
    }),
  ),
  message(BOB, at(0, "14:23"), "", linked(NEWS, NEWS, { title: "افتتاح الملجأ الجبلي من جديد" })),
];

const types = (text: string) => (app: App) => {
  // As another tab would.
  dispatchEvent(new StorageEvent("storage", { key: "alcove-link-previews", newValue: null }));
  open(BOB)(app);
  app.conversation(BOB).writing.text.value = text;
};

const shown: Partial<Scene> = { act: open(BOB), messages: { ...MESSAGES, [BOB]: LINKS } };
const asked: Partial<Scene> = { ...shown, act: types(`Look: ${HUT} and tell me`) };

export const LINK_SCENES: Readonly<Record<string, Scene>> = {
  "links-shown": home({}, shown),
  "links-offer": home({}, asked),
  "links-looked": home({}, { ...asked, press: "Show previews" }),
  "links-none": home(
    {},
    { ...shown, act: types("Look: https://none.example.org/ and tell me"), press: "Show previews" },
  ),
};
