/** How much room a picture gets in a conversation, before anything of it, or what looks at it, is here. */
import type { MessageItem } from "../engine/protocol/conversations.ts";
import { partIn } from "../media/message-details.ts";
import type { Size } from "../media/picture-header.ts";

/** No wider and no higher than this, and large enough for a finger. */
const ROOM = { width: 320, height: 360 } as const;
const ROOM_LEAST = 88;
/** Of a picture about which nothing is known yet. */
const ROOM_UNKNOWN: Size = { width: 280, height: 210 };

/** In CSS pixels. */
export function roomFor(points: Size | undefined): Size {
  if (points === undefined) return ROOM_UNKNOWN;
  const scale = Math.min(1, ROOM.width / points.width, ROOM.height / points.height);
  const fit = (side: number) => Math.max(ROOM_LEAST, Math.round(side * scale));
  return { width: fit(points.width), height: fit(points.height) };
}

/** The same as a style of `.file-frame`. */
export function roomStyle(points: Size | undefined): Readonly<Record<string, string>> {
  const { width, height } = roomFor(points);
  return { "--file-width": `${width}px`, "--file-ratio": `${width} / ${height}` };
}

/** Points of a picture that was seen here, or whose sender says how many; undefined for anything else. */
export function pictureIn({ body, seen }: Pick<MessageItem, "body" | "seen">): Size | undefined {
  const said = body.kind === "text" && seen === undefined ? partIn(body.details, "file") : seen;
  const { kind, type, width, height } = (said ?? {}) as Readonly<Record<string, unknown>>;
  const picture = kind === undefined ? typeof type === "string" && type.startsWith("image/") : kind === "image";
  return picture && isSide(width) && isSide(height) ? { width, height } : undefined;
}

function isSide(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= 65_535;
}
