/** What a browser says on its live socket: `parseFrame`, beside a reading of the contract by hand. */
import { parseFrame } from "../../durable/browsers/frames.ts";
import type { BrowserFrame } from "../../worker/contract/frames.ts";
import { jsonText, parsed } from "./json.ts";
import { isNormalJid } from "./plain-jid.ts";
import { compared, type Target } from "./target.ts";

const FRAME_LENGTH = 16_384;
const ADDRESS_LENGTH = 3_071;
const STATES: readonly unknown[] = ["active", "composing", "paused"];

export const frames: Target<BrowserFrame | undefined> = {
  name: "frames",
  share: 0.2,
  make: (random) =>
    jsonText(
      random,
      random.pick([
        { type: "ack", epoch: "e", seq: random.between(0, 100) },
        { type: "visible", visible: true },
        { type: "visible", visible: false, notifies: true },
        { type: "typing", chat: "bob@b.example", state: "composing" },
        { type: "ack", epoch: "", seq: Number.MIN_SAFE_INTEGER, visible: false },
      ]),
    ),
  run: parseFrame,
  judge: (input, frame) => compared(frame, expected(input)),
};

/** What else is in a frame is left out. */
function expected(text: string): unknown {
  const frame = text.length > FRAME_LENGTH ? undefined : parsed(text);
  if (typeof frame !== "object" || frame === null) return undefined;
  const { type, epoch, seq, visible, notifies, chat, state } = frame as Readonly<Record<string, unknown>>;
  if (type === "visible") {
    if (typeof visible !== "boolean" || (notifies !== undefined && typeof notifies !== "boolean")) return undefined;
    return { type, visible, ...("notifies" in frame && { notifies }) };
  }
  if (type === "typing") {
    const known = typeof chat === "string" && chat.length <= ADDRESS_LENGTH && isNormalJid(chat, "any");
    return known && STATES.includes(state) ? { type, chat, state } : undefined;
  }
  if (type !== "ack" || typeof epoch !== "string" || typeof seq !== "number") return undefined;
  return Math.floor(seq) === seq && Math.abs(seq) < 2 ** 53 ? { type, epoch, seq } : undefined;
}
