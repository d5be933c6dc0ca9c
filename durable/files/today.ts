/** What one account may pass through the deployment in a day (UTC): everybody's bytes go over the operator's bill. */
import { FILE_LIMITS } from "../../worker/contract/media.ts";
import type { Time } from "../../worker/contract/names.ts";
import { PREVIEW_LIMITS } from "../../worker/contract/preview.ts";
import type { FilesToday } from "../store/meta.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What stands for this day; with each new one it begins anew. */
export function onThisDay(kept: FilesToday | undefined, now: Time): FilesToday {
  const day = Math.floor(now / DAY_MS);
  return kept?.day === day ? kept : { day, slots: 0, downloads: 0, bytes: 0 };
}

/** Bytes that may still pass, both ways. */
export function bytesLeft({ bytes }: FilesToday, most: number): number {
  return Math.max(0, most - bytes);
}

/** With one more slot, of which all bytes count, whether they come or not; undefined: not today. */
export function withSlot(today: FilesToday, size: number, most: number): FilesToday | undefined {
  if (today.slots >= FILE_LIMITS.slotsADay || size > bytesLeft(today, most)) return undefined;
  return { ...today, slots: today.slots + 1, bytes: today.bytes + size };
}

/** With one more download, whose size shows only when it begins; undefined: not today. */
export function withDownload(today: FilesToday, most: number): FilesToday | undefined {
  if (today.downloads >= FILE_LIMITS.downloadsADay || bytesLeft(today, most) === 0) return undefined;
  return { ...today, downloads: today.downloads + 1 };
}

/** With one more look at what is behind a link; undefined: not today. */
export function withPreview(today: FilesToday, most: number): FilesToday | undefined {
  const { previews = 0 } = today;
  if (previews >= PREVIEW_LIMITS.aDay || bytesLeft(today, most) === 0) return undefined;
  return { ...today, previews: previews + 1 };
}
