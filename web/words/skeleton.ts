/**
 * Whether two names look the same, and whether one mixes alphabets, after the idea of UTS #39 (skeleton, §4; mixed scripts,
 * §5). A subset that was chosen: letters of Cyrillic, Greek, Armenian, Cherokee and of Latin itself that are drawn as a Latin
 * letter or digit; letters of Arabic, and of kana and Han, that are drawn as one another; case, width, accents and ligatures;
 * what is not drawn at all; `rn` for `m` and `vv` for `w`. Not covered: look-alikes of whole words.
 */

/** Drawn as another letter, by that letter: as they stand, so that a capital can look like another one than its small form. */
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
  ي: "یىېے",
  ك: "کڪ",
  ه: "ہەھۀ",
  一: "ー㇐",
  二: "ニ",
  八: "ハ",
  力: "カ",
  夕: "タ",
  口: "ロ囗",
  工: "エ",
  卜: "ト",
  へ: "ヘ",
};
const LATIN = new Map(Object.entries(DRAWN_AS).flatMap(([latin, drawn]) => [...drawn].map((one) => [one, latin])));

/** Alphabets whose letters are taken for each other's. */
const ALPHABETS = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Georgian"].map(
  (script) => new RegExp(`\\p{Script=${script}}`, "u"),
);

/** Which one label of a host may be written in, of those that are read today; others have their ASCII form beside them. */
const SCRIPTS = (
  "Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Devanagari Bengali Gurmukhi Gujarati Tamil Telugu Kannada " +
  "Malayalam Sinhala Thai Lao Khmer Myanmar Tibetan Ethiopic"
).split(" ");
let oneScript: readonly RegExp[] | undefined;

/**
 * A label of a host with letters of several scripts that are not written together; Chinese, Japanese and Korean are, and with
 * Latin (UTS #39 §5.2, "highly restrictive").
 */
export function mixesScripts(label: string): boolean {
  if (ASCII.test(label)) return false;
  oneScript ??= [
    /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Latn}]*$/u,
    ...SCRIPTS.map((script) => new RegExp(`^\\p{scx=${script}}*$`, "u")),
  ];
  const letters = label.replace(/\P{L}/gu, "");
  return !oneScript.some((script) => script.test(letters));
}

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

const ASCII = /^\p{ASCII}*$/u;
/** As which each of them is drawn, by its code; nothing for those that draw nothing. */
const ASCII_DRAWN_AS = Array.from({ length: 128 }, (_, code) => lettersOf(String.fromCharCode(code)));

function drawn(name: string): string {
  const letters = ASCII.test(name) ? asciiLetters(name) : lettersOf(name);
  return letters.replace(/rn/g, "m").replace(/vv/g, "w");
}

/** The same as `lettersOf`. Most names and addresses are in ASCII, and thousands are looked at before a list is shown. */
function asciiLetters(name: string): string {
  let letters = "";
  for (let at = 0; at < name.length; at += 1) letters += ASCII_DRAWN_AS[name.charCodeAt(at)];
  return letters;
}

function lettersOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/[\p{M}\p{Cc}\p{Default_Ignorable_Code_Point}\s]/gu, "");
  return [...plain]
    .map((letter) => {
      const small = letter.toLowerCase();
      return LATIN.get(letter) ?? LATIN.get(small) ?? small;
    })
    .join("");
}

function isMixed(text: string): boolean {
  if (ASCII.test(text)) return false;
  return text.split(/[^\p{L}\p{M}]+/u).some((word) => ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1);
}

/** Not Latin, and all of it is drawn as Latin letters are: `аррӏе`. */
export function passesForLatin(label: string): boolean {
  return /[^\p{ASCII}]/u.test(label) && !/[A-Za-z]/.test(label) && /^[a-z0-9-]+$/.test(skeletonOf(label));
}
