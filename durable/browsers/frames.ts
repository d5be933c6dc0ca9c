/** What a browser says on its live socket, checked once against the contract's shapes and limits, as the Worker checks calls. */
import * as v from "valibot";
import type { BrowserFrame } from "../../worker/contract/frames.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid, Seq } from "../../worker/contract/names.ts";
import { peerOf } from "../../worker/shared/jid.ts";

const seq = v.pipe(
  v.number(),
  v.safeInteger(),
  v.transform((n) => n as Seq),
);

const chat = v.pipe(
  v.string(),
  v.maxLength(LIMITS.addressLength),
  v.check((text) => !text.includes("/") && peerOf(text) === text, "not a normalised address"),
  v.transform((text) => text as BareJid),
);

/** Fields that this version does not know are left out: a page may be newer than the object. */
const browserFrame = v.pipe(
  v.string(),
  v.maxLength(LIMITS.browserFrameBytes),
  v.parseJson(),
  v.variant("type", [
    v.object({ type: v.literal("ack"), epoch: v.string(), seq }),
    v.object({ type: v.literal("visible"), visible: v.boolean(), notifies: v.optional(v.boolean()) }),
    v.object({ type: v.literal("typing"), chat, state: v.picklist(["active", "composing", "paused"]) }),
  ]),
) satisfies v.GenericSchema<unknown, BrowserFrame>;

/** Undefined for what is no frame of the contract: it counts as not said. */
export function parseFrame(message: string | ArrayBuffer): BrowserFrame | undefined {
  const frame = v.safeParse(browserFrame, message, { abortEarly: true });
  return frame.success ? frame.output : undefined;
}
