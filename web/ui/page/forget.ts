/** What a page keeps for whoever is signed in, and forgets with all else when they want that. */

/** As in `emoji-taste.ts`, which is part of another script: what two of them share would be in neither. */
export const TASTE_KEY = "emoji";

/** Which emoji they chose. */
export function forgetTaste(): void {
  try {
    localStorage.removeItem(TASTE_KEY);
  } catch {
    // A browser may keep nothing for a page.
  }
}
