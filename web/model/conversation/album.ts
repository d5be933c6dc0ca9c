/** Pictures that somebody sent one after the other, shown as one thing: two beside each other, the last of an odd number alone. */
import { pictureIn } from "../file-room.ts";
import type { Row, Tile } from "./row.ts";

/** Two have room as they are. */
const FEWEST = 3;

/** The rows with those that stand in an album marked. Nothing is taken together that says more than its picture. */
export function laidOut(rows: readonly Row[]): readonly Row[] {
  const laid = [...rows];
  let from = 0;
  for (let to = 0; to <= rows.length; to += 1) {
    const row = rows[to];
    if (row !== undefined && isPlainPicture(row) && (to === from || (row.kind === "message" && !row.first))) continue;
    const count = to - from;
    for (let at = from; count >= FEWEST && at < to; at += 1) {
      const one = rows[at];
      if (one?.kind === "message") laid[at] = { ...one, tile: tileOf(at - from, count) };
    }
    from = row !== undefined && isPlainPicture(row) ? to : to + 1;
  }
  return laid;
}

function tileOf(at: number, count: number): Tile {
  if (at === count - 1) return at % 2 === 0 ? "wide" : "end";
  return at % 2 === 0 ? "left" : "right";
}

function isPlainPicture(row: Row): boolean {
  if (row.kind !== "message" || pictureIn(row.item) === undefined) return false;
  const { item } = row;
  const { body, quote, whisper, reactions, state, edited, doubt, retold, notWithdrawn, shared } = item;
  const more = [quote, whisper, reactions, edited, doubt, retold, notWithdrawn];
  const caption = shared !== undefined && body.kind === "text" && body.text !== shared.url;
  return state !== "failed" && !caption && more.every((one) => one === undefined);
}
