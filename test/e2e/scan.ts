/** Reads the QR code that a page shows, as the camera of a phone would. */
import decodeQR from "qr/decode.js";
import type { Page } from "puppeteer-core";

const PIXELS_A_MODULE = 4;
const BYTES_A_PIXEL = 4;

/**
 * @param label the accessible name of the picture
 * @returns the text of the code; undefined while there is none. Throws where a picture holds no code.
 */
export async function scan(page: Page, label: string): Promise<string | undefined> {
  const shown = await page.evaluate((name) => {
    const picture = document.querySelector<SVGSVGElement>(`svg[role=img][aria-label="${name}"]`);
    const path = picture?.querySelector("path")?.getAttribute("d");
    return picture && path ? { modules: picture.viewBox.baseVal.width, path } : undefined;
  }, label);
  if (shown === undefined) return undefined;
  const side = shown.modules * PIXELS_A_MODULE;
  const data = new Uint8ClampedArray(side * side * BYTES_A_PIXEL).fill(255);
  for (const [, x, y] of shown.path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    const [left, top] = [Number(x) * PIXELS_A_MODULE, Number(y) * PIXELS_A_MODULE];
    for (let row = top; row < top + PIXELS_A_MODULE; row++) {
      const at = (row * side + left) * BYTES_A_PIXEL;
      for (let pixel = 0; pixel < PIXELS_A_MODULE; pixel++) data.fill(0, at + pixel * 4, at + pixel * 4 + 3);
    }
  }
  return decodeQR({ width: side, height: side, data });
}
