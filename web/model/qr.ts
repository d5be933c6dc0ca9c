/** QR code of a short text (ISO/IEC 18004), by `qr`. This module is fetched with the first code that is shown. */
import { encodeQR } from "qr";

/** Rows of modules; true is dark. */
export type QrModules = readonly (readonly boolean[])[];

/** What version 25 holds with error correction M: larger pictures are hard to scan from a screen. */
const LONGEST_BYTES = 997;

/** The smallest picture with error correction M. Undefined: the text is too long to be scanned from a screen. */
export function qrOf(text: string): QrModules | undefined {
  if (new TextEncoder().encode(text).length > LONGEST_BYTES) return undefined;
  // The package draws a border of at least one module; ours is drawn with the picture.
  const framed = encodeQR(text, "raw", { ecc: "medium", border: 1 });
  return framed.slice(1, -1).map((row) => row.slice(1, -1));
}
