/** What a browser says on its live socket: `parseFrame`, beside a reading of the contract by hand. */
import { parseFrame } from "../../durable/browsers/frames.ts";
import type { BrowserFrame } from "../../worker/contract/frames.ts";
import { jsonText, parsed } from "./json.ts";
import { compared, type Target } from "./target.ts";

const FRAME_LENGTH = 16_384;

export const frames: Target<BrowserFrame | undefined> = {
  name: "frames",
  share: 0.2,
  make: (random) =>
    jsonText(
      random,
      random.pick([
        { type: "ack", epoch: "e", seq: random.between(0, 100) },
        { type: "visible", visible: true },
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
  const { type, epoch, seq, visible } = frame as Readonly<Record<string, unknown>>;
  if (type === "visible") return typeof visible === "boolean" ? { type, visible } : undefined;
  if (type !== "ack" || typeof epoch !== "string" || typeof seq !== "number") return undefined;
  return Math.floor(seq) === seq && Math.abs(seq) < 2 ** 53 ? { type, epoch, seq } : undefined;
}
