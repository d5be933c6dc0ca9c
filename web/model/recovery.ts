/**
 * A recovery key as words: nine of five letters, made so that they can be said, each of 16 bits (eight of the key, one that
 * checks them). No list of words is needed, and they are the same in every language.
 */
type Bytes = Uint8Array<ArrayBuffer>;

/** Sixteen, and four: no pair is written or said alike. */
const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aiou";
const WORD = /^[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]$/;
/** As the engine takes it (`CopyAct`). */
const RECOVERY_BYTES = 16;
const RECOVERY_WORDS = RECOVERY_BYTES / 2 + 1;
const SCHEME = "alcove-recovery:";

export function newRecovery(): Bytes {
  return crypto.getRandomValues(new Uint8Array(RECOVERY_BYTES));
}

export async function wordsOf(recovery: Bytes): Promise<readonly string[]> {
  const whole = new Uint8Array([...recovery, ...(await checkOf(recovery))]);
  return Array.from({ length: RECOVERY_WORDS }, (_, n) => wordOf(((whole[n * 2] ?? 0) << 8) | (whole[n * 2 + 1] ?? 0)));
}

/**
 * What somebody typed, pasted, scanned, or has in a file: the words may stand among others. `few`: there are no nine such words;
 * `mistyped`: there are, and one of them is another.
 */
export async function readRecovery(text: string): Promise<Bytes | "few" | "mistyped"> {
  const words = text.toLowerCase().split(/[^a-z]+/);
  let run: string[] = [];
  let found: "few" | "mistyped" = "few";
  for (const word of words) {
    run = WORD.test(word) ? [...run, word].slice(-RECOVERY_WORDS) : [];
    if (run.length < RECOVERY_WORDS) continue;
    const bytes = new Uint8Array(run.flatMap(bytesIn));
    const recovery = bytes.slice(0, RECOVERY_BYTES);
    const check = await checkOf(recovery);
    if (check.every((byte, at) => byte === bytes[RECOVERY_BYTES + at])) return recovery;
    found = "mistyped";
  }
  return found;
}

/** What the picture of it says. */
export function pictureOf(words: readonly string[]): string {
  return SCHEME + words.join("-");
}

/** The file to be kept; `lines`: what it is, in the person's language. */
export function fileOf(words: readonly string[], lines: readonly string[]): string {
  return [...lines, "", words.join(" "), ""].join("\n");
}

function wordOf(bits: number): string {
  const consonant = (shift: number) => CONSONANTS[(bits >> shift) & 15] ?? "";
  const vowel = (shift: number) => VOWELS[(bits >> shift) & 3] ?? "";
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}

function bytesIn(word: string): readonly [number, number] {
  let bits = 0;
  for (const [at, letter] of [...word].entries())
    bits = at % 2 === 0 ? (bits << 4) | CONSONANTS.indexOf(letter) : (bits << 2) | VOWELS.indexOf(letter);
  return [bits >> 8, bits & 255];
}

async function checkOf(recovery: Bytes): Promise<readonly number[]> {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", recovery)).slice(0, 2)];
}
