/** What a film of one's own looks like: only a page can play it, the worker of files cannot. */
import { writeTinyPicture } from "../../media/tiny-picture.ts";
import type { PreparedFile } from "../../engine/protocol/files.ts";

/** A browser that cannot play it may say nothing at all. */
const WAIT_MS = 4_000;
/** Of the longer side: of what a tiny picture is made of, and of what the tray shows. */
const TINY_SIDE = 100;
const TRAY_SIDE = 320;
/** The first frame is often black. */
const LOOK_AT_S = 0.5;

export type SeenFilm = { readonly prepared: PreparedFile; readonly seconds?: number };

/** With how large it is, how long it takes and a frame of it; as it was where this browser cannot play it. */
export async function lookAtFilm(prepared: PreparedFile): Promise<SeenFilm> {
  const film = document.createElement("video");
  Object.assign(film, { muted: true, preload: "auto", playsInline: true });
  const url = URL.createObjectURL(prepared.file);
  try {
    const ready = once(film, "loadeddata");
    film.src = url;
    await ready;
    const { videoWidth: width, videoHeight: height, duration } = film;
    if (width === 0 || height === 0) return { prepared };
    if (duration > LOOK_AT_S) {
      const there = once(film, "seeked");
      film.currentTime = LOOK_AT_S;
      await there;
    }
    const tiny = draw(film, TINY_SIDE);
    const shown = draw(film, TRAY_SIDE);
    const picture = await shown?.canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
    const seen = { ...prepared.seen, width, height };
    const looks = tiny && { tiny: writeTinyPicture(tiny.points) };
    const length = Number.isFinite(duration) ? { seconds: duration } : {};
    return { prepared: { ...prepared, seen, ...looks, ...(picture && { picture }) }, ...length };
  } catch {
    // It is sent as any file whose looks nobody knows.
    return { prepared };
  } finally {
    film.removeAttribute("src");
    film.load();
    URL.revokeObjectURL(url);
  }
}

function once(film: HTMLVideoElement, name: "loadeddata" | "seeked"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no film")), WAIT_MS);
    film.addEventListener(
      name,
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
    film.addEventListener(
      "error",
      () => {
        clearTimeout(timer);
        reject(new Error("no film"));
      },
      { once: true },
    );
  });
}

function draw(film: HTMLVideoElement, side: number) {
  const scale = Math.min(1, side / Math.max(film.videoWidth, film.videoHeight));
  const [width, height] = [film.videoWidth, film.videoHeight].map((one) => Math.max(1, Math.round(one * scale))) as [
    number,
    number,
  ];
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  if (brush === null) return undefined;
  brush.drawImage(film, 0, 0, width, height);
  return { canvas, points: { width, height, data: brush.getImageData(0, 0, width, height).data } };
}
