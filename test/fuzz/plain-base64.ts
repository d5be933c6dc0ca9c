/** Base64 (RFC 4648 §4) by the letter, decoded by Node's Buffer, which is not what browsers and the edge use. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Padded, on one line. Bits that are left over in the last letter may be anything (§3.5). */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return [...text.slice(0, text.length - padding)].every((letter) => LETTERS.includes(letter));
}

/** With white space anywhere, and padding or not; undefined where it is not base64. */
export function decodedBase64(text: string): Buffer | undefined {
  const compact = [...text].filter((letter) => letter.trim() !== "").join("");
  const bare = compact.replace(/=+$/, "");
  if (bare.length % 4 === 1) return undefined;
  const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
  return isBase64(padded) && [bare, padded].includes(compact) ? Buffer.from(bare, "base64") : undefined;
}
