import { useMemo } from "preact/hooks";
import { fitted, LEVELS } from "../../media/levels.ts";

/** In units of the drawing: a bar with its gap, and the highest one. */
const STEP = 4;
const HEIGHT = 32;
const LEAST = 1;

function barsOf(levels: Iterable<number>): string {
  const middle = HEIGHT / 2;
  return [...levels]
    .map((level, at) => {
      const half = LEAST + (level / 255) * (middle - 2 * LEAST);
      return `M${at * STEP + STEP / 2} ${(middle - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
    })
    .join("");
}

type Properties = {
  /** 0 to 255; none: nobody has listened to it yet, and it is drawn flat. */
  readonly levels: Uint8Array | undefined;
  /** How much of it is over, 0 to 1. */
  readonly part: number;
};

/** How loud a sound is from its beginning to its end: time runs to the right, as on every player, whichever way one reads. */
export function SoundWave({ levels, part }: Properties) {
  const bars = useMemo(() => barsOf(fitted(levels ?? new Uint8Array())), [levels?.join()]);
  return (
    <svg class="sound-bars" viewBox={`0 0 ${LEVELS * STEP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={bars} />
      <path class="sound-over" d={bars} style={{ "--over": `${(1 - part) * 100}%` }} />
    </svg>
  );
}

/** What was heard lately, the newest at the end: as many bars as were asked for, the first of them flat until there is more. */
export function LiveWave({ bars, count }: { readonly bars: readonly number[]; readonly count: number }) {
  const lately = bars.slice(-count);
  const all = [...Array<number>(count - lately.length).fill(0), ...lately];
  return (
    <svg
      class="sound-bars voice-bars"
      viewBox={`0 0 ${count * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={barsOf(all)} />
    </svg>
  );
}
