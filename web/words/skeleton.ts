/**
 * Whether two names look the same, and whether one mixes alphabets, after the idea of UTS #39 (skeleton, §4; mixed scripts,
 * §5). A subset that was chosen: letters of Cyrillic, Greek, Armenian, Cherokee and of Latin itself that are drawn as a Latin
 * letter or digit; case, width, accents and ligatures; what is not drawn at all; `rn` for `m` and `vv` for `w`. Not covered:
 * look-alikes within Arabic, within Han and kana, and of whole words.
 */

/** Drawn as a Latin letter, by the letter: as they stand, so that a capital can look like another one than its small form. */
const DRAWN_AS: Readonly<Record<string, string>> = {
  a: "аɑαᴀᎪΑ",
  b: "вьҍƅʙβΒᏴЬ",
  c: "сᴄϲᏟⅽ",
  d: "ԁɗđᴅᎠժ",
  e: "еєεᴇℯΕᎬҽ",
  f: "ғƒք",
  g: "ɡցɢᏀԍ",
  h: "һнհħʜΗᎻ",
  j: "јյᴊᎫϳ",
  k: "кκᴋΚᏦ",
  l: "1|iIӏіıɩιΙǀłƚʟɪլᎥᏞاו",
  m: "мᴍΜᎷ",
  n: "пηոռɴΝ",
  o: "0оοσօøᴏΟՕഠഠ໐०",
  p: "рρᴘΡᏢ",
  q: "ԛզգ",
  r: "гʀᎡⲅ",
  s: "ѕꜱՏᏚ",
  t: "тτᴛΤᎢŧ",
  u: "υսᴜμ",
  v: "ѵνᴠᏙ",
  w: "ԝωᴡաᏔѡ",
  x: "хχΧ",
  y: "уүγʏΥᎩ",
  z: "ᴢΖᏃ",
  "3": "зȝЗ",
  "6": "б",
  "-": "_.·‐‑‒–—",
};
const LATIN = new Map(Object.entries(DRAWN_AS).flatMap(([latin, drawn]) => [...drawn].map((one) => [one, latin])));

/** Alphabets whose letters are taken for each other's. */
const ALPHABETS = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Georgian"].map(
  (script) => new RegExp(`\\p{Script=${script}}`, "u"),
);

type Looks = { readonly skeleton: string; readonly mixed: boolean };

const known = new Map<string, Looks>();
/** A roster has thousands of names, and they are compared whenever one of them changes. */
const KNOWN_MAX = 20_000;

function looksOf(name: string): Looks {
  let looks = known.get(name);
  if (looks === undefined) {
    if (known.size >= KNOWN_MAX) known.clear();
    looks = { skeleton: drawn(name), mixed: isMixed(name) };
    known.set(name, looks);
  }
  return looks;
}

/** Equal for names that look the same. Not to be shown. */
export function skeletonOf(name: string): string {
  return looksOf(name).skeleton;
}

/** A word with letters of several alphabets that look alike: `pаypal` with a Cyrillic а. */
export function mixesAlphabets(text: string): boolean {
  return looksOf(text).mixed;
}

function drawn(name: string): string {
  const plain = name.normalize("NFKD").replace(/[\p{M}\p{Cc}\p{Default_Ignorable_Code_Point}\s]/gu, "");
  return [...plain]
    .map((letter) => {
      const small = letter.toLowerCase();
      return LATIN.get(letter) ?? LATIN.get(small) ?? small;
    })
    .join("")
    .replace(/rn/g, "m")
    .replace(/vv/g, "w");
}

function isMixed(text: string): boolean {
  if (/^\p{ASCII}*$/u.test(text)) return false;
  return text.split(/[^\p{L}\p{M}]+/u).some((word) => ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1);
}

/** Not Latin, and all of it is drawn as Latin letters are: `аррӏе`. */
export function passesForLatin(label: string): boolean {
  return /[^\p{ASCII}]/u.test(label) && !/[A-Za-z]/.test(label) && /^[a-z0-9-]+$/.test(skeletonOf(label));
}
