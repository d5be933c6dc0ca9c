/**
 * What the sender of a link says of the page behind it, inside the encrypted part (`message-details.ts`): two lines and a small
 * picture. All of it is somebody's word; where the link leads, the link alone says.
 */
import { fromBase64, toBase64 } from "../../worker/shared/base64.ts";
import { oneLine } from "../../worker/shared/one-line.ts";
import { PREVIEW_LIMITS } from "../../worker/contract/preview.ts";
import { partIn, writeDetails } from "./message-details.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** `url`: the link as it leads from the text. `picture`: JPEG, of at most `PICTURE_SIDE` points a side. */
export type LinkDetails = {
  readonly url: string;
  readonly title?: string;
  readonly description?: string;
  readonly picture?: Bytes;
};

export const PICTURE_SIDE = 160;
/** With its words it fits beside a text. */
export const PICTURE_BYTES = 5_000;

const START_OF_IMAGE = 0xffd8;
const [FIRST_FRAME, LAST_FRAME] = [0xffc0, 0xffcf];
/** Tables, and what is kept for later. */
const NO_FRAMES: ReadonlySet<number> = new Set([0xffc4, 0xffc8, 0xffcc]);

/** Of the link that a message shows; undefined where its sender says nothing of it that can be understood. */
export function readLinkDetails(details: string | undefined, url: string): LinkDetails | undefined {
  const part = partIn(details, "links");
  const said: unknown = Array.isArray(part) ? part[0] : undefined;
  if (typeof said !== "object" || said === null) return undefined;
  const given = said as Readonly<Record<string, unknown>>;
  if (given["url"] !== url) return undefined;
  const title = lineIn(given["title"], PREVIEW_LIMITS.titleLength);
  const description = lineIn(given["description"], PREVIEW_LIMITS.descriptionLength);
  if (title === undefined && description === undefined) return undefined;
  const picture = pictureIn(given["picture"]);
  return {
    url,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(picture && { picture }),
  };
}

/** As it travels; without its picture where that is too much. Undefined where the words alone are. */
export function writeLinkDetails({ picture, ...said }: LinkDetails): string | undefined {
  const whole = picture && writeDetails({ links: [{ ...said, picture: toBase64(picture) }] });
  return whole ?? writeDetails({ links: [said] });
}

function lineIn(value: unknown, most: number): string | undefined {
  const line = typeof value === "string" ? oneLine(value, most) : "";
  return line === "" ? undefined : line;
}

function pictureIn(value: unknown): Bytes | undefined {
  if (typeof value !== "string" || value.length > PICTURE_BYTES * 2) return undefined;
  const bytes = fromBase64(value);
  const side = bytes && jpegSide(bytes);
  return side !== undefined && side > 0 && side <= PICTURE_SIDE ? bytes : undefined;
}

/**
 * The longer side of a JPEG as its frame says it (ITU T.81 §B.2.2), before any decoder sees it: the one type of picture that
 * is drawn here, so `picture-header.ts`, which knows them all, stays in its own script.
 */
function jpegSide(bytes: Bytes): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 4 || view.getUint16(0) !== START_OF_IMAGE) return undefined;
  for (let at = 2; at + 9 <= bytes.length; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker >> 8 !== 0xff || length < 2) return undefined;
    if (marker >= FIRST_FRAME && marker <= LAST_FRAME && !NO_FRAMES.has(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return height === 0 || width === 0 ? undefined : Math.max(height, width);
    }
    at += 2 + length;
  }
  return undefined;
}
