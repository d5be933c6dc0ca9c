/**
 * How often somebody may change how they look: each change of a nickname or a picture is an entry that stays in every browser.
 * So many at once, then so many a day; of what is over it the newest stands, a while later.
 */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { NickEvent, PictureEvent } from "../ingest/stanza-event.ts";
import { type Allowance, spend } from "./allowance.ts";

const OF_ONE: Allowance = { atOnce: 20, everyMs: 30 * 60_000 };
/** People and kinds of which it is remembered, and of whom something waits. */
const REMEMBERED = 1_000;

export type Look = NickEvent | PictureEvent;

/** In memory alone: a stream that begins anew tells how everybody looks, and spends nothing where that is known. */
export class Looks {
  readonly #spent = new Map<BareJid, Time>();
  readonly #waiting = new Map<string, Look>();

  /** Whether it is taken now; else it waits, in the place of what waited before. */
  take(look: Look, now: Time): boolean {
    const key = keyOf(look);
    const spent = spend(this.#spent.get(look.jid), now, OF_ONE);
    this.#waiting.delete(key);
    if (spent !== undefined) remember(this.#spent, look.jid, spent);
    else remember(this.#waiting, key, look);
    return spent !== undefined;
  }

  /** It looks so already: nothing waits. */
  forget(look: Look): void {
    this.#waiting.delete(keyOf(look));
  }

  /** Takes off what has waited long enough. */
  due(now: Time): readonly Look[] {
    return [...this.#waiting.values()].filter((look) => this.take(look, now));
  }
}

function keyOf({ kind, jid }: Look): string {
  return `${kind}\n${jid}`;
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest);
}
