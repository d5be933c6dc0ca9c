/** How loud a sound is from part to part: what its bars are drawn from, while it is recorded and when it is played. */

/** As many bars as there is room for on a phone. */
export const LEVELS = 48;
const LOUDEST = 255;
/** What is quieter is silence: a room without anybody in it is not drawn as if somebody shouted. */
const FLOOR = 0.012;
/** Loudness is heard by its logarithm: what is half as loud is drawn two thirds as high. */
const CURVE = 0.6;

/**
 * @param samples of one channel, -1 to 1
 * @returns 0 to 255 for each of `parts` parts of the same length, the loudest of them 255; all 0 for silence
 */
export function levelsOf(samples: Float32Array, parts = LEVELS): Uint8Array<ArrayBuffer> {
  const loud = Float32Array.from({ length: parts }, (_, part) => {
    const begin = Math.floor((part * samples.length) / parts);
    const end = Math.max(begin + 1, Math.floor(((part + 1) * samples.length) / parts));
    return loudness(samples.subarray(begin, end));
  });
  const most = Math.max(...loud);
  if (!(most > FLOOR)) return new Uint8Array(parts);
  return Uint8Array.from(loud, (one) => Math.round(LOUDEST * (one / most) ** CURVE));
}

/** Root of the mean of squares. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** What is heard right now, as high as it is drawn: 0 to 255. Nobody knows yet what will be the loudest. */
export function levelNow(loud: number): number {
  const SPEECH = 0.22;
  return loud <= FLOOR / 2 ? 0 : Math.round(LOUDEST * Math.min(1, loud / SPEECH) ** CURVE);
}

/** `levels` in so many parts: of others it may be more or fewer. */
export function fitted(levels: Uint8Array, parts = LEVELS): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: parts }, (_, part) => {
    const begin = Math.floor((part * levels.length) / parts);
    const end = Math.max(begin + 1, Math.floor(((part + 1) * levels.length) / parts));
    return levels.subarray(begin, end).reduce((most, one) => Math.max(most, one), 0);
  });
}
