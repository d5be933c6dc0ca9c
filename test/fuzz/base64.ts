/** Base64 of others: `fromBase64`, `tidyBase64`, `byteLength`, and back by `toBase64`. */
import { byteLength, fromBase64, tidyBase64, toBase64 } from "../../worker/shared/base64.ts";
import { mutated } from "./mutation.ts";
import { decodedBase64 } from "./plain-base64.ts";
import { compared, type Target, wrong } from "./target.ts";

const TOKENS = [
  "=",
  "==",
  "A",
  "\n",
  " ",
  "\u00a0",
  "\ufeff",
  "-",
  "_",
  "\u212a",
  "\u017f",
  "\u0000",
  "🎈",
  "+/",
  "%3D",
];
const BYTES_MAX = 40;
const TIDY_MAX = 64;

type Output = {
  readonly bytes: Uint8Array | undefined;
  readonly again: string | undefined;
  readonly tidy: string | undefined;
  readonly length: number | undefined;
};

export const base64: Target<Output> = {
  name: "base64",
  share: 0.2,
  make: (random) => {
    const bytes = Buffer.from(Array.from({ length: random.between(0, BYTES_MAX) }, () => random.between(0, 255)));
    const text = bytes.toString("base64");
    return random.between(0, 3) === 0 ? text : mutated(random, text, TOKENS);
  },
  run: (input) => {
    const bytes = fromBase64(input);
    const tidy = tidyBase64(input, TIDY_MAX);
    const length = tidy === undefined ? undefined : byteLength(tidy);
    return { bytes, tidy, length, again: bytes && toBase64(bytes) };
  },
  judge: (input, { bytes, again, tidy, length }) => {
    const expected = decodedBase64(input);
    if (again !== expected?.toString("base64"))
      return wrong(`decoded as ${again}, should be ${expected?.toString("base64")}`);
    if (tidy !== undefined) {
      const bare = decodedBase64(tidy);
      if (tidy.length > TIDY_MAX || tidy.length % 4 !== 0 || !bare) return wrong(`made tidy as ${tidy}`);
      if (bare.length !== length) return wrong(`${tidy} is said to be ${length} bytes`);
    }
    return compared(bytes && [...bytes], expected && [...expected]);
  },
};
