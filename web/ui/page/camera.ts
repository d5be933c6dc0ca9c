/** The camera of this device, as far as it reads QR codes; no picture leaves the page. */
import { fetchLater } from "./later.ts";

type Detector = { readonly detect: (source: CanvasImageSource) => Promise<readonly { readonly rawValue: string }[]> };
type DetectorConstructor = {
  new (options: { readonly formats: readonly string[] }): Detector;
  readonly getSupportedFormats: () => Promise<readonly string[]>;
};

/** Pixels of the longer side that are looked at: more cost time and read no better. */
const LOOKED_AT = 720;
const LOOK_EVERY_MS = 200;

/** Whether there is anything to ask for. */
export function mayHaveCamera(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** The back one of a phone. @throws where there is none, it is in use, or the person has refused it */
export function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
}

/** Looks again and again until there is a code; undefined when it was told to stop. @throws when the reader cannot be had */
export async function findCode(video: HTMLVideoElement, signal: AbortSignal): Promise<string | undefined> {
  const read = await reader();
  while (!signal.aborted) {
    const found = video.videoWidth > 0 ? await read(video) : undefined;
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return undefined;
}

async function reader(): Promise<(video: HTMLVideoElement) => Promise<string | undefined>> {
  const { BarcodeDetector } = globalThis as { readonly BarcodeDetector?: DetectorConstructor };
  if (BarcodeDetector !== undefined && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await fetchLater("qr");
  const { readQr } = await import("../../model/qr.ts");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, LOOKED_AT / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = context?.getImageData(0, 0, canvas.width, canvas.height);
    return picture && readQr(picture);
  };
}
