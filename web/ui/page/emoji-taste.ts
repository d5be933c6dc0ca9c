/** Which emoji were chosen in this browser, and in which skin tone. Forgotten where somebody signs out and erases. */

/** As in `forget.ts`. */
export const KEY = "emoji";

const RECENT_MAX = 24;
/** Whatever was put there by others is not drawn large as a picture. */
const LENGTH_MAX = 40;

/** `recent`: the newest first. `tone`: its place among the tones, 0 is none. */
export type EmojiTaste = { readonly recent: readonly string[]; readonly tone: number };

const NONE: EmojiTaste = { recent: [], tone: 0 };

/** None where nothing is kept, or nothing that can be read. */
export function tasteIn(kept: string | null): EmojiTaste {
  try {
    const { recent, tone }: Partial<Record<keyof EmojiTaste, unknown>> = Object(JSON.parse(kept ?? "{}"));
    const known = Array.isArray(recent) ? recent : [];
    return {
      recent: known.filter((one) => typeof one === "string" && one.length <= LENGTH_MAX).slice(0, RECENT_MAX),
      tone: typeof tone === "number" ? tone : 0,
    };
  } catch {
    return NONE;
  }
}

export function readTaste(): EmojiTaste {
  try {
    return tasteIn(localStorage.getItem(KEY));
  } catch {
    // A browser may keep nothing for a page.
    return NONE;
  }
}

export function writeTaste({ recent, tone }: EmojiTaste): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ recent: recent.slice(0, RECENT_MAX), tone }));
  } catch {
    // It is a comfort, and not worth a word.
  }
}
