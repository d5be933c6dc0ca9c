/** What a page keeps for whoever is signed in, and forgets with them. */

/** Which emoji they chose (`emoji-taste.ts`). */
export const TASTE_KEY = "emoji";

/** Nobody is signed in here any more. */
export function forgetTaste(): void {
  try {
    localStorage.removeItem(TASTE_KEY);
  } catch {
    // A browser may keep nothing for a page.
  }
}
