/** Pictures that somebody sent one after the other, shown as one thing: two beside each other, the last of an odd number alone. */
import { pictureIn } from "../file-room.ts";
import type { Row, Tile } from "./row.ts";

/** Two have room as they are. */
const FEWEST = 3;

/**
 * The rows with those that stand in an album marked. Nothing is taken together that says more than its picture. Where rows are
 * mounted above or below what stood there `before`, those that stood beside each other do so still, for somebody looks at them.
 */
export function laidOut(rows: readonly Row[], before: readonly Row[] = []): readonly Row[] {
  const laid = [...rows];
  const stood = new Map(before.flatMap((row) => (row.kind === "message" ? [[row.key, row.tile] as const] : [])));
  let from = 0;
  for (let to = 0; to <= rows.length; to += 1) {
    const row = rows[to];
    if (row !== undefined && isPlainPicture(row) && (to === from || (row.kind === "message" && !row.first))) continue;
    const keys = rows.slice(from, to).map(({ key }) => key);
    for (const [at, tile] of tilesOf(keys, stood).entries()) {
      const one = rows[from + at];
      if (one?.kind === "message") laid[from + at] = { ...one, tile };
    }
    from = row !== undefined && isPlainPicture(row) ? to : to + 1;
  }
  return laid;
}

/**
 * How pictures that follow each other stand, from the first; those behind what is answered stand by themselves.
 *
 * @param stood rows that were there already, and how
 */
function tilesOf(keys: readonly string[], stood: ReadonlyMap<string, Tile | undefined>): readonly Tile[] {
  const known = keys.findIndex((key) => stood.has(key));
  const isLarge = (key = "") => stood.has(key) && stood.get(key) === undefined;
  // One or two that were large when others came above them stay so: they are looked at.
  const stay = known > 0 && keys.length - known < FEWEST && isLarge(keys[known]) && isLarge(keys.at(-1));
  const count = stay ? known : keys.length;
  const isLeft = (at: number) => stood.get(keys[at] ?? "") === "left";
  const isPair = (at: number) => at + 1 < count && isLeft(at) && !isLeft(at + 1);
  const standing = keys.findIndex((_key, at) => isPair(at));
  const tiles: Tile[] = [];
  while (tiles.length < count && (count >= FEWEST || standing !== -1)) {
    const at = tiles.length;
    // What comes above those that stand is counted from them upwards.
    const isOdd = at === 0 && standing % 2 === 1;
    if (isOdd || at + 1 === count || (!isPair(at) && isPair(at + 1))) tiles.push("wide");
    else tiles.push("left", at + 2 === count ? "end" : "right");
  }
  return tiles;
}

function isPlainPicture(row: Row): boolean {
  if (row.kind !== "message" || pictureIn(row.item) === undefined) return false;
  const { item } = row;
  const { body, quote, whisper, reactions, state, edited, doubt, retold, notWithdrawn, shared } = item;
  const more = [quote, whisper, reactions, edited, doubt, retold, notWithdrawn];
  const caption = shared !== undefined && body.kind === "text" && body.text !== shared.url;
  return state !== "failed" && !caption && more.every((one) => one === undefined);
}
