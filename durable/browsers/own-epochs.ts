/**
 * From where a browser is served, and under which epoch. One that stands at an entry which is not here has read another log,
 * as after a restored storage. It starts anew, and it alone: what one session names proves nothing about the others (S14).
 * Their own cursors tell, when they come.
 */
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BrowserId, Seq } from "../../worker/contract/names.ts";
import type { Stores } from "../store/stores.ts";

export type NamedPlace = { readonly epoch: string | null; readonly since: number; readonly at: string | null };

type Parts = Pick<Stores, "meta" | "log">;

/** Twice as many as there may be: of browsers that are gone, the oldest go. */
const KEPT = 2 * LIMITS.browsers;

/** The epoch of the log as this browser has to know it. */
export function epochOf({ meta }: Pick<Stores, "meta">, browser: BrowserId): string {
  const own = meta.get("own-epochs")?.find((one) => one.browser === browser && one.epoch === meta.epoch);
  return own === undefined ? meta.epoch : `${meta.epoch}.${own.times}`;
}

/** Where it goes on; 0: at the beginning, under another epoch where it has read another log. */
export function startOf(parts: Parts, browser: BrowserId, { epoch, since, at }: NamedPlace): Seq {
  const { log } = parts;
  if (epoch !== epochOf(parts, browser) || !Number.isSafeInteger(since) || since <= 0) return 0 as Seq;
  const seq = since as Seq;
  if (seq <= log.head && (!at || at === log.idAt(seq))) return seq;
  beginAnew(parts, browser);
  return 0 as Seq;
}

function beginAnew({ meta }: Parts, browser: BrowserId): void {
  const all = meta.get("own-epochs") ?? [];
  const before = all.find((one) => one.browser === browser && one.epoch === meta.epoch);
  const next = { browser, epoch: meta.epoch, times: (before?.times ?? 0) + 1 };
  meta.set("own-epochs", [...all.filter((one) => one.browser !== browser), next].slice(-KEPT));
}
