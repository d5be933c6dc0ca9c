/** Voice messages: recorded, listened to, in a conversation. The microphone and the player are the scene's. */
import type { App } from "../../web/model/app.ts";
import type { MessageItem } from "../../web/engine/protocol/conversations.ts";
import { writeFileDetails } from "../../web/media/file-details.ts";
import { LEVELS } from "../../web/media/levels.ts";
import { at, BOB, message, mine, RIDGE } from "./people.ts";
import { home, MESSAGES, open, type Scene } from "./scene.ts";

const KEY = "0".repeat(88);
const RECORD = "Record a voice message";

/** Like somebody who speaks: words, and pauses between them. */
const spoken = (seed: number) =>
  Uint8Array.from({ length: LEVELS }, (_, part) => {
    const word = Math.abs(Math.sin((part + seed) * 0.55)) * Math.abs(Math.sin((part + seed) * 2.3 + seed));
    return Math.round(18 + 237 * word);
  });

function voice(name: string, seconds: number, seed: number) {
  const text = `aesgcm://files.example.org/upload/9f2c/${name}.ogg#${KEY}`;
  const said = { type: "audio/ogg", size: 4_000 * seconds, seconds, levels: spoken(seed), voice: true } as const;
  const details = writeFileDetails(said);
  return { text, more: { body: { kind: "text", text, ...(details !== undefined && { details }) } } as const };
}

const [LONG, SHORT, OWN] = [voice("long", 74, 3), voice("short", 6, 11), voice("own", 12, 5)];

const SPOKEN: readonly MessageItem[] = [
  ...RIDGE.slice(3, 4),
  message(BOB, at(0, "14:20"), LONG.text, LONG.more),
  message(BOB, at(0, "14:21"), SHORT.text, {
    ...SHORT.more,
    seen: { kind: "audio", type: "audio/ogg", size: 24_000, seconds: 6, levels: spoken(11), played: true },
  }),
  mine(BOB, at(0, "14:22"), OWN.text, OWN.more),
  message(BOB, at(0, "14:23"), "aesgcm://files.example.org/upload/9f2c/song.ogg#".concat(KEY), {
    seen: {
      kind: "audio",
      type: "audio/ogg",
      size: 3_200_000,
      name: "Bergkristall, second movement.ogg",
      seconds: 214,
    },
  }),
  mine(BOB, at(0, "14:24"), "Listening on the way up."),
];

/** What `getUserMedia` is to do: give a sound, never answer, or refuse. */
type Does = "speaks" | "asks" | "NotAllowedError" | "NotFoundError";

function withMicrophone(does: Does): void {
  const answers = async (): Promise<MediaStream> => {
    if (does === "asks") return new Promise<MediaStream>(() => undefined);
    if (does !== "speaks") throw new DOMException("of the scene", does);
    return new AudioContext().createMediaStreamDestination().stream;
  };
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: answers } });
  let heard = 0;
  AnalyserNode.prototype.getFloatTimeDomainData = (samples) => {
    heard += 1;
    samples.fill(0.14 * Math.abs(Math.sin(heard * 0.4) * Math.sin(heard * 1.9)));
  };
}

const speaking = (does: Does) => (app: App) => {
  withMicrophone(does);
  open(BOB)(app);
};

/** A finger that is down. */
const holding = (app: App) => {
  speaking("speaks")(app);
  setTimeout(() => {
    const button = document.querySelector<HTMLElement>(".voice-main");
    if (button !== null) button.setPointerCapture = () => undefined;
    const { x, y, width, height } = button?.getBoundingClientRect() ?? new DOMRect();
    const place = { clientX: x + width / 2, clientY: y + height / 2 };
    button?.dispatchEvent(new PointerEvent("pointerdown", { pointerId: 7, isPrimary: true, bubbles: true, ...place }));
  }, 120);
};

/** Nobody has touched the page: it would be silent. */
const playing = (app: App) => {
  HTMLMediaElement.prototype.play = async function play(this: HTMLMediaElement) {
    this.dispatchEvent(new Event("play"));
  };
  open(BOB)(app);
  const looking = setInterval(() => {
    const place = document.querySelector<HTMLInputElement>("[data-playing] .sound-seek");
    if (place === null) return;
    clearInterval(looking);
    place.value = "4";
    place.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, 20);
};

const withMessages = (scene: Partial<Scene>): Partial<Scene> => ({
  messages: { ...MESSAGES, [BOB]: SPOKEN },
  ...scene,
});

export const VOICE_SCENES: Readonly<Record<string, Scene>> = {
  "voice-messages": home({}, withMessages({ act: speaking("speaks") })),
  "voice-playing": home({}, withMessages({ act: playing, press: "Play Voice message" })),
  "voice-held": home({}, withMessages({ act: holding })),
  "voice-recording": home({}, withMessages({ act: speaking("speaks"), press: RECORD })),
  "voice-ready": home({}, withMessages({ act: speaking("speaks"), press: [RECORD, "Stop and listen"] })),
  "voice-asking": home({}, withMessages({ act: speaking("asks"), press: RECORD })),
  "voice-refused": home({}, withMessages({ act: speaking("NotAllowedError"), press: RECORD })),
  "voice-none": home({}, withMessages({ act: speaking("NotFoundError"), press: RECORD })),
};
