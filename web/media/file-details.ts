/**
 * What the sender of an encrypted file says of it, inside the encrypted part (`message-details.ts`): enough to draw its place
 * before a byte of it is here. All of it is somebody's word; what a file is shown as, its own bytes decide.
 */
import { fromBase64, toBase64 } from "../../worker/shared/base64.ts";
import type { Size } from "./picture-header.ts";
import { DETAILS_LENGTH, partIn, writeDetails } from "./message-details.ts";

/** `name`: as its sender calls it, to be cleaned (`file-name.ts`). `type`: of its content. `size`: bytes before encryption. */
export type FileDetails = {
  readonly name?: string;
  readonly type?: string;
  readonly size?: number;
  /** Of a picture or a film: points as it is drawn, and a tiny picture of it (`tiny-picture.ts`). */
  readonly points?: Size;
  readonly tiny?: Uint8Array<ArrayBuffer>;
  /** Of a sound or a film: how long it takes. */
  readonly seconds?: number;
  /** Of a sound: how loud it is from part to part of the same length, 0 to 255. */
  readonly levels?: Uint8Array<ArrayBuffer>;
  /** It was spoken for this conversation. */
  readonly voice?: true;
};

const FILE_DETAILS_LIMITS = {
  nameLength: 255,
  typeLength: 100,
  tinyBytes: 40,
  /** Parts of a sound. */
  levels: 128,
  side: 65_535,
  seconds: 48 * 3_600,
} as const;

/** The parts that can be understood of what somebody says; undefined where nothing can. */
export function readFileDetails(details: string | undefined): FileDetails | undefined {
  const part = partIn(details, "file");
  if (typeof part !== "object" || part === null) return undefined;
  const said = part as Readonly<Record<string, unknown>>;
  const { nameLength, typeLength, tinyBytes, side, seconds: most, levels: parts } = FILE_DETAILS_LIMITS;
  const name = textIn(said["name"], nameLength);
  const type = textIn(said["type"], typeLength);
  const size = numberIn(said["size"], Number.MAX_SAFE_INTEGER);
  const [width, height] = [numberIn(said["width"], side), numberIn(said["height"], side)];
  const points = width && height ? { width: Math.ceil(width), height: Math.ceil(height) } : undefined;
  const tiny = bytesIn(said["tiny"], tinyBytes);
  const seconds = numberIn(said["seconds"], most);
  const levels = bytesIn(said["levels"], parts);
  return {
    ...(name !== undefined && { name }),
    ...(type !== undefined && { type }),
    ...(size !== undefined && { size }),
    ...(points && { points }),
    ...(tiny && { tiny }),
    ...(seconds !== undefined && { seconds }),
    ...(levels && { levels }),
    ...(said["voice"] === true && { voice: true }),
  };
}

/** As it travels. A name that is too long is cut; undefined where it does not fit all the same. */
export function writeFileDetails({ name, points, tiny, levels, seconds, ...rest }: FileDetails): string | undefined {
  const { nameLength } = FILE_DETAILS_LIMITS;
  const file = {
    ...rest,
    ...(name !== undefined && { name: [...name].slice(0, nameLength / 2).join("") }),
    ...points,
    ...(tiny && { tiny: toBase64(tiny) }),
    ...(seconds !== undefined && { seconds: Math.round(seconds * 10) / 10 }),
    ...(levels && { levels: toBase64(levels) }),
  };
  return writeDetails({ file });
}

function textIn(value: unknown, length: number): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= length ? value : undefined;
}

function numberIn(value: unknown, most: number): number | undefined {
  return typeof value === "number" && value >= 0 && value <= most ? value : undefined;
}

function bytesIn(value: unknown, most: number): Uint8Array<ArrayBuffer> | undefined {
  if (typeof value !== "string" || value.length > DETAILS_LENGTH) return undefined;
  const bytes = fromBase64(value);
  return bytes !== undefined && bytes.length > 0 && bytes.length <= most ? bytes : undefined;
}
