/** QR codes of short texts (ISO/IEC 18004), by `qr`. This module is fetched with the first code that is shown or scanned. */
import { encodeQR } from "qr";
import decodeQR from "qr/decode.js";

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

/** What a picture holds where the browser has no `BarcodeDetector`. Undefined: no code, or none that can be read. */
export function readQr({ width, height, data }: ImageData): string | undefined {
  try {
    return decodeQR({ width, height, data });
  } catch {
    // It throws wherever there is none, which is most of the time.
    return undefined;
  }
}
