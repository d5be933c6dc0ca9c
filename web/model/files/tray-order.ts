/** The order of what waits in the tray. */

/** The same with one in another place; a place beyond either end is that end. */
export function moved<T>(all: readonly T[], from: number, to: number): readonly T[] {
  const one = all[from];
  const place = Math.min(all.length - 1, Math.max(0, to));
  if (one === undefined || place === from) return all;
  return all.toSpliced(from, 1).toSpliced(place, 0, one);
}

/** Where a key leads from a place; undefined: it is none of these. `turned`: what is read from right to left. */
export function placeByKey(key: string, at: number, count: number, turned: boolean): number | undefined {
  const step = turned ? -1 : 1;
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: at - step,
    ArrowRight: at + step,
    ArrowUp: at - 1,
    ArrowDown: at + 1,
    Home: 0,
    End: count - 1,
  };
  return places[key];
}
