/** The engine's second script, for what cannot go on without it. Apart from how it is loaded: not everybody can (`web/push-reader.ts`). */
import type { LaterPart, LoadLater } from "./later.ts";

/** @throws when it could not be had: tried again as after a disk that failed */
export async function needed(later: LoadLater): Promise<LaterPart> {
  const part = await later();
  if (part === undefined) throw new Error("a part of the engine was not loaded");
  return part;
}
