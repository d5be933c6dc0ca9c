/** Reads a QR code in a picture, by `qr`, where the browser has no `BarcodeDetector`. Fetched with the first scan. */
import decodeQR from "qr/decode.js";

/** Undefined: there is no code in it, or none that can be read. */
export function readQr({ width, height, data }: ImageData): string | undefined {
  try {
    return decodeQR({ width, height, data });
  } catch {
    // It throws wherever there is none, which is most of the time.
    return undefined;
  }
}
